/** Most characters of a text that are shown. */
const shown = 60;

/**
 * Characters that control a terminal or hide part of a line: C0 and C1 control characters, DEL, line and paragraph
 * separators, marks and overrides of the writing direction, invisible spaces. Joiners stay: some scripts need them.
 */
const unprintable =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g; // eslint-disable-line no-control-regex -- they are what is looked for

/**
 * Makes a text from outside safe for a terminal or a line of a log: characters that control the terminal, begin a new
 * line or turn the writing direction become escapes, such as `\u001b` or `\n`. Applied to JSON text, it keeps the
 * value.
 */
export function printable(text: string): string {
  return text.replaceAll(unprintable, escaped);
}

/**
 * Quotes a text from outside for use in a sentence, without control characters, and cut where it is long, so that its
 * sender can neither fill a log nor control a terminal.
 */
export function quoted(text: string): string {
  const whole = text.length <= shown;
  const visible = printable(JSON.stringify(whole ? text : `${text.slice(0, shown)}…`));
  return whole ? visible : `${visible} (${text.length} characters)`;
}

/** The value with all texts made {@link printable}; only texts, lists and plain objects change. */
export function printableTexts<T>(value: T): T {
  return printableValue(value) as T;
}

/** One line of JSON that is safe for a terminal: control characters inside texts become escapes. */
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

/** Most edits between a name and its misspelling. */
const mostEdits = 3;

/**
 * Finds the name most likely meant, by the optimal string alignment distance: letters left out, added or replaced, or
 * two neighbours swapped.
 *
 * @returns `undefined` where none is similar
 */
export function closest(text: string, names: Iterable<string>): string | undefined {
  let best: { readonly name: string; readonly edits: number } | undefined;
  for (const name of names) {
    const longer = Math.max(text.length, name.length);
    // The distance is at least the difference in length.
    if (Math.abs(text.length - name.length) > mostEdits) continue;
    const edits = distance(text.toLowerCase(), name.toLowerCase());
    if (edits > mostEdits || edits > 0.4 * longer) continue;
    if (best === undefined || edits < best.edits) best = { name, edits };
  }
  return best?.name;
}

/** End of a sentence with the name most likely meant: `; did you mean mnist?`. Empty where none is similar. */
export function didYouMean(text: string, names: Iterable<string>): string {
  const name = closest(text, names);
  return name === undefined ? '' : `; did you mean ${name}?`;
}

function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const next = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      next[column] = Math.min(last[column] + 1, next[column - 1] + 1, last[column - 1] + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) next[column] = Math.min(next[column], beforeLast[column - 2] + 1);
    }
    [beforeLast, last] = [last, next];
  }
  return last[b.length];
}

/** Longest name shown in a sentence [character]. */
export const longestShown = 100;

/** Most names in one sentence. */
const mostListed = 8;

/** A name from outside for use in a sentence: {@link printable}, and cut where it is long. */
export const shownName = (name: string): string => printable(name.slice(0, longestShown));

/** Names separated by commas; a long list is cut. */
export function listed(names: readonly string[]): string {
  const first = names.slice(0, mostListed).map(shownName);
  return `${first.join(', ')}${names.length > first.length ? ` and ${names.length - first.length} more` : ''}`;
}
