import { TopsparkError } from '../base/errors.js';

/** A message that is in order and has nothing to say: a flat image, a laser that sees nothing. */
export class Silence extends TopsparkError {
  /**
   * @param code - cause under which it is counted
   * @param message - a sentence: found, expected
   * @param fault - the sensor ought to say more, so that it is told also where other sensors make a sample without it
   */
  constructor(
    code: string,
    message: string,
    readonly fault = false,
  ) {
    super(code, 'data', message);
  }
}
