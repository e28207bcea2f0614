import { printable } from './quoted.js';

/**
 * What a fault concerns: `usage` (a value handed in by a caller or a user), `data` (files, messages, labels),
 * `checkpoint` (a stored state), `environment` (something that the machine lacks).
 */
export type ErrorKind = 'usage' | 'data' | 'checkpoint' | 'environment';

/**
 * Every error that topspark raises on purpose. Its message is a sentence that says what was found, what was expected
 * and where: `battery_state.percentage is 87, expected 0..1`.
 */
export class TopsparkError extends Error {
  override readonly name = 'TopsparkError';

  /**
   * @param code - short stable name of the fault, snake_case; the cause under which it is counted
   * @param kind - what the fault concerns
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

/** What was thrown says of itself, in its own words. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The failure in one sentence that may reach a terminal. Where it is none that we foresaw, the sentence says how to see
 * where it happened: with the variable TOPSPARK_TRACE set, it ends with the stack trace.
 */
export function explain(error: unknown, env: Readonly<Record<string, string | undefined>> = process.env): string {
  const sentence = printable(reasonOf(error).replaceAll(/\s*\n\s*/g, '; '));
  if (error instanceof TopsparkError || isOfTheSystem(error)) return sentence;
  if (env['TOPSPARK_TRACE'] === undefined) return `unexpected error: ${sentence} (TOPSPARK_TRACE=1 shows where)`;
  return `unexpected error: ${sentence}\n${error instanceof Error ? (error.stack ?? '') : ''}`;
}

// `ENOSPC: no space left on device, write`: there is nothing of ours in it.
function isOfTheSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** How every program of topspark ends. docs/troubleshooting.md explains them to users. */
export const exitCodes = {
  /** It did what was asked; the node also after SIGINT or SIGTERM, when all is saved. */
  done: 0,
  /** It failed: the machine lacks something, or a fault of ours. */
  failed: 1,
  /** It was called in a way that cannot be: an option, a parameter, a combination, an output that cannot be written. */
  usage: 2,
  /** What it was given to read is not as it must be: data sets, bags, checkpoints, profiles. */
  data: 3,
  /** SIGINT ended it: 128 + 2. */
  interrupted: 130,
  /** Nobody reads its output any more: 128 + SIGPIPE. */
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

/** Exit code of a program that an error ended. */
export function exitCodeOf(error: unknown): number {
  return error instanceof TopsparkError ? byKind[error.kind] : exitCodes.failed;
}

/** Exit code of a program that a signal ended at once. */
export function exitCodeOfSignal(signal: 'SIGINT' | 'SIGTERM'): number {
  return signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
}
