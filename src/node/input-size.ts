import { TopsparkError } from '../base/errors.js';

/**
 * Refuses a message for its size alone: reading one costs time and memory.
 *
 * @throws {@link TopsparkError} `message_too_large`
 */
export function checkSize({ length }: Uint8Array, maxBytes: number): void {
  if (length <= maxBytes) return;
  const found = `message has ${length} bytes, expected at most input.max_bytes = ${maxBytes}`;
  throw new TopsparkError('message_too_large', 'data', found);
}
