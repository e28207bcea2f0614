import { printable } from 'topspark/base/quoted.js';

/** Level from which a line concerns the person before the terminal: pino's `warn`. */
const warn = 40;

interface LogLine {
  readonly level?: unknown;
  readonly msg?: unknown;
}

/**
 * The warning in a line that a ROS process printed: pino's JSON from the level `warn` on, or a line of rcl's own logger.
 *
 * @returns the warning in words, which may reach a terminal; `undefined` where the line holds none
 */
export function warningIn(line: string): string | undefined {
  const logged = parse(line);
  if (logged !== undefined && !(typeof logged.level === 'number' && logged.level >= warn)) return undefined;
  if (logged === undefined && !line.startsWith('{') && !/\[(WARN|ERROR|FATAL)\]/.test(line)) return undefined;
  // What looks like JSON and is none is better shown than lost.
  return logged === undefined || typeof logged.msg === 'string' ? inWords(line) : undefined;
}

/** A line that a ROS process printed, as it may reach a terminal: of pino's JSON what it says, anything else whole. */
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
