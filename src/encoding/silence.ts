import { TopsparkError } from '../base/errors.js';

/** A message that is in order and has nothing to say: a flat image, a laser that sees nothing. */
export class Silence extends TopsparkError {
  /**
   * @param code - cause under which it is counted
   * @param message - a sentence: found, expected
   */
  constructor(code: string, message: string) {
    super(code, 'data', message);
  }
}
