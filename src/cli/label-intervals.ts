import { TopsparkError, reasonOf } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import { readRegular } from '../base/regular-file.js';
import { checkName, cleanName } from '../classifier/class-roster.js';

/** A stretch of a recording that shows one class. */
export interface Interval {
  /** From the first message of a topic in use [s]; both ends are included. */
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** Larger files are not lists of intervals [byte]. */
const mostBytes = 10_000_000;

/**
 * Reads intervals from lines `from,to,label`; the label may be in double quotes. Empty lines, lines that begin with #
 * and a header line are skipped.
 *
 * @throws {@link TopsparkError} `file_unreadable`, or `bad_intervals` naming the line
 */
export function readIntervals(path: string): Interval[] {
  const lines = textOf(path).split(/\r?\n/);
  return lines.flatMap((line, at) => {
    const text = line.trim();
    if (text === '' || text.startsWith('#') || (at === 0 && /^from\s*,\s*to\s*,/i.test(text))) return [];
    const parts = /^([^,]+),([^,]+),(.*)$/.exec(text);
    if (parts !== null) {
      const [from, to] = [Number(parts[1]), Number(parts[2])];
      const label = parts[3]
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .replaceAll('""', '"');
      const blank = parts[1].trim() === '' || parts[2].trim() === '';
      if (!blank && Number.isFinite(from) && Number.isFinite(to)) return [{ from, to, label }];
    }
    const found = `line ${at + 1} of ${path} is ${quoted(text)}`;
    throw new TopsparkError('bad_intervals', 'data', `${found}, expected from,to,label, such as 12.0,20.5,kitchen`);
  });
}

function textOf(path: string): string {
  try {
    return readRegular(path, mostBytes).toString('utf8');
  } catch (cause) {
    const message = `intervals ${path} cannot be read: ${reasonOf(cause)}`;
    throw new TopsparkError('file_unreadable', 'usage', message, { cause });
  }
}

/**
 * Checks intervals: each begins before it ends and has a name, and no two overlap.
 *
 * @returns the same with clean names, sorted by their begin
 * @throws {@link TopsparkError} `bad_intervals`
 */
export function checkIntervals(intervals: readonly Interval[]): readonly Interval[] {
  const fail = (found: string, expected: string): never => {
    throw new TopsparkError('bad_intervals', 'usage', `${found}, expected ${expected}`);
  };
  const clean = intervals.map(({ from, to, label }) => ({ from, to, label: cleanName(label) }));
  if (clean.length === 0) fail('there is no interval', 'a line from,to,label');
  for (const { from, to, label } of clean) {
    if (!(from >= 0 && to >= from)) fail(`the interval of ${quoted(label)} is ${from} to ${to} s`, '0 ≤ from ≤ to');
    try {
      checkName(label, `the interval of ${from} to ${to} s`);
    } catch (error) {
      throw new TopsparkError('bad_intervals', 'usage', reasonOf(error));
    }
  }
  const sorted = clean.toSorted((a, b) => a.from - b.from);
  for (const [at, next] of sorted.slice(1).entries()) {
    const before = sorted[at];
    if (next.from > before.to) continue;
    const found = `${quoted(before.label)} from ${before.from} to ${before.to} s and ${quoted(next.label)} from ${next.from} s overlap`;
    fail(found, 'intervals that do not overlap');
  }
  return sorted;
}

/** The interval that contains a time; `undefined`: none. */
export const intervalAt = (intervals: readonly Interval[], seconds: number): Interval | undefined =>
  intervals.find(({ from, to }) => seconds >= from && seconds <= to);

/** Describes a stretch of a recording in one line. */
export function stretchLine({ from, to }: Pick<Interval, 'from' | 'to'>, samples: number, what: string): string {
  return `${from.toFixed(1).padStart(8)} … ${to.toFixed(1).padStart(8)} s  ${String(samples).padStart(6)} samples  ${what}\n`;
}
