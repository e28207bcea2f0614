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
