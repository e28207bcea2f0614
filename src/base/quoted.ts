/** Characters that are shown of a text. */
const shown = 60;

/**
 * A text from outside as a sentence shows it: in quotes, without control characters, and cut where it is long, so that
 * whoever sent it neither fills a log nor steers a terminal.
 */
export function quoted(text: string): string {
  const whole = text.length <= shown;
  const visible = JSON.stringify(whole ? text : `${text.slice(0, shown)}…`).replaceAll(/[\u007f-\u009f]/g, '?');
  return whole ? visible : `${visible} (${text.length} characters)`;
}
