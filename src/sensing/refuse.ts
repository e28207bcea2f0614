import { TopsparkError } from '../base/errors.js';

/**
 * Refuses a message.
 *
 * @param code - cause under which it is counted; begins with the name of its sensor
 * @param sentence - what was found and what was expected
 * @throws {@link TopsparkError} of kind `data`
 */
export function refuse(code: string, sentence: string): never {
  throw new TopsparkError(code, 'data', sentence);
}

/** A valid message that shows nothing, such as a flat image, or a scan without echoes. */
export class Silence extends TopsparkError {
  /**
   * @param code - cause under which it is counted
   * @param message - a sentence: what was found and what was expected
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
