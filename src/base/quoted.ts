/** Characters that are shown of a text. */
const shown = 60;

/**
 * Characters that steer a terminal or hide what a line holds: C0 and C1 control characters, DEL, separators of lines and
 * paragraphs, marks and overrides of the writing direction, invisible spaces. Joiners stay: words of some scripts need them.
 */
const unprintable =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g; // eslint-disable-line no-control-regex -- they are what is looked for

/**
 * A text from outside as it may reach a terminal or a line of a log: whatever steers the terminal, begins a new line or
 * turns the writing direction stands as an escape, such as `\u001b` or `\n`. Applied to the text of a JSON value it
 * changes nothing of the value.
 */
export function printable(text: string): string {
  return text.replaceAll(unprintable, escaped);
}

/**
 * A text from outside as a sentence shows it: in quotes, without control characters, and cut where it is long, so that
 * whoever sent it neither fills a log nor steers a terminal.
 */
export function quoted(text: string): string {
  const whole = text.length <= shown;
  const visible = printable(JSON.stringify(whole ? text : `${text.slice(0, shown)}…`));
  return whole ? visible : `${visible} (${text.length} characters)`;
}

/** A value whose texts are all {@link printable}; what is neither text, list nor plain object stays what it is. */
export function printableTexts<T>(value: T): T {
  return printableValue(value) as T;
}

/** One line of JSON that may reach a terminal: whatever would steer it stands as an escape inside the texts. */
export function jsonLine(value: unknown): string {
  return `${printable(JSON.stringify(value))}\n`;
}

function printableValue(value: unknown): unknown {
  if (typeof value === 'string') return printable(value);
  if (Array.isArray(value)) return value.map(printableValue);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [printable(name), printableValue(inner)]));
}

function escaped(character: string): string {
  const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  return short ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
