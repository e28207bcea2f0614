import { printable } from './quoted.js';

/**
 * Subject of a fault: `usage` (a value from a caller or a user), `data` (files, messages, labels), `checkpoint` (a
 * stored state), `environment` (the machine lacks something).
 */
export type ErrorKind = 'usage' | 'data' | 'checkpoint' | 'environment';

/**
 * An error that topspark raises on purpose. Its message is a sentence that says what was found, what was expected, and
 * where: `battery_state.percentage is 87, expected 0..1`.
 */
export class TopsparkError extends Error {
  override readonly name = 'TopsparkError';

  /**
   * @param code - short stable name of the fault, snake_case; faults are counted under it
   * @param kind - subject of the fault
   * @param message - a sentence: found, expected, where
   */
  constructor(
    readonly code: string,
    readonly kind: ErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Checks that a number is an integer inside bounds.
 *
 * @throws {@link TopsparkError} `out_of_range` naming value and bounds
 */
export function checkInteger(where: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new TopsparkError('out_of_range', 'usage', `${where} is ${value}, expected an integer in ${low}..${high}`);
  }
}

/**
 * Checks that a number is finite and inside bounds.
 *
 * @throws {@link TopsparkError} `out_of_range` naming value and bounds
 */
export function checkNumber(where: string, value: number, low: number, high: number): void {
  if (!(value >= low && value <= high)) {
    throw new TopsparkError('out_of_range', 'usage', `${where} is ${value}, expected a number in ${low}..${high}`);
  }
}

/** The message of anything thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Describes a failure in one sentence that is safe for a terminal. For an unforeseen failure the sentence says how to
 * see where it happened; with the variable TOPSPARK_TRACE set, the stack trace follows instead.
 */
export function explain(error: unknown, env: Readonly<Record<string, string | undefined>> = process.env): string {
  const sentence = printable(reasonOf(error).replaceAll(/\s*\n\s*/g, '; '));
  if (error instanceof TopsparkError || isOfTheSystem(error)) return sentence;
  if (env['TOPSPARK_TRACE'] === undefined) return `unexpected error: ${sentence} (TOPSPARK_TRACE=1 shows where)`;
  return `unexpected error: ${sentence}\n${error instanceof Error ? (error.stack ?? '') : ''}`;
}

// Such as `ENOSPC: no space left on device, write`: not a bug of topspark.
function isOfTheSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** Exit codes of every program of topspark. docs/troubleshooting.md explains them to users. */
export const exitCodes = {
  /** Success; for the node also SIGINT or SIGTERM once everything is saved. */
  done: 0,
  /** It failed: the machine lacks something, or topspark has a fault. */
  failed: 1,
  /** Wrong usage: an option, a parameter, a combination, an output that cannot be written. */
  usage: 2,
  /** Its input is invalid: data sets, bags, checkpoints, profiles. */
  data: 3,
  /** SIGINT ended it: 128 + 2. */
  interrupted: 130,
  /** The reader of its output was closed: 128 + SIGPIPE. */
  closedPipe: 141,
  /** SIGTERM ended it: 128 + 15. */
  terminated: 143,
} as const;

const byKind: Readonly<Record<ErrorKind, number>> = {
  usage: exitCodes.usage,
  data: exitCodes.data,
  checkpoint: exitCodes.data,
  environment: exitCodes.failed,
};

/** Exit code of a program ended by an error. */
export function exitCodeOf(error: unknown): number {
  return error instanceof TopsparkError ? byKind[error.kind] : exitCodes.failed;
}

/** Exit code of a program ended at once by a signal. */
export function exitCodeOfSignal(signal: 'SIGINT' | 'SIGTERM'): number {
  return signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
}
