import { TopsparkError } from '../base/errors.js';

/**
 * Refuses a message.
 *
 * @param code - cause under which it is counted; begins with the name of its sensor
 * @param sentence - what was found, what was expected
 * @throws {@link TopsparkError} of kind `data`
 */
export function refuse(code: string, sentence: string): never {
  throw new TopsparkError(code, 'data', sentence);
}

/** A valid message that shows nothing: a flat image, a laser that sees nothing. */
export class Silence extends TopsparkError {
  /**
   * @param code - cause under which it is counted
   * @param message - a sentence: found, expected
   * @param fault - the sensor should show more; reported even where other sensors complete the sample
   */
  constructor(
    code: string,
    message: string,
    readonly fault = false,
  ) {
    super(code, 'data', message);
  }
}
