import { printable } from 'topspark/base/quoted.js';

/** Lowest level of lines for the person at the terminal: pino's `warn`. */
const warn = 40;

interface LogLine {
  readonly level?: unknown;
  readonly msg?: unknown;
}

/**
 * Finds the warning in a line that a ROS process printed: pino's JSON from the level `warn` on, or a line of rcl's own
 * logger.
 *
 * @returns the warning in words, safe for a terminal; `undefined` where the line contains none
 */
export function warningIn(line: string): string | undefined {
  const logged = parse(line);
  if (logged !== undefined && !(typeof logged.level === 'number' && logged.level >= warn)) return undefined;
  if (logged === undefined && !line.startsWith('{') && !/\[(WARN|ERROR|FATAL)\]/.test(line)) return undefined;
  // A line that looks like JSON but is not is better shown than lost.
  return logged === undefined || typeof logged.msg === 'string' ? inWords(line) : undefined;
}

/** A line that a ROS process printed, safe for a terminal: the message of pino's JSON, or any other line whole. */
export function inWords(line: string): string {
  const { msg } = parse(line) ?? {};
  return printable(typeof msg === 'string' ? msg : line);
}

function parse(line: string): LogLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return undefined;
  }
}
