import { TopsparkError } from '../base/errors.js';
import { quoted } from '../base/quoted.js';

/**
 * Refuses a message whose `frame_id` is long: it is told with the decision.
 *
 * @param maxText - most characters
 * @throws {@link TopsparkError} `frame_too_long`
 */
export function checkFrameId(frameId: string, maxText: number): void {
  if (frameId.length <= maxText) return;
  const found = `frame_id is ${quoted(frameId)}, expected at most input.max_text = ${maxText} characters`;
  throw new TopsparkError('frame_too_long', 'data', found);
}
