import { TopsparkError } from '../base/errors.js';

/**
 * Refuses a message.
 *
 * @param code - cause under which it is counted, beginning with the name of its sensor
 * @param sentence - what was found, what was expected
 * @throws {@link TopsparkError} of kind `data`
 */
export function refuse(code: string, sentence: string): never {
  throw new TopsparkError(code, 'data', sentence);
}
