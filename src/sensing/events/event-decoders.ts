import { quoted } from '../../base/quoted.js';
import { TopsparkError } from '../../base/errors.js';
import type { EventDecoder } from './event-batch.js';
import { Evt3Decoder } from './evt3-decoder.js';
import { LibcaerCmpDecoder, libcaerDecoder, monoDecoder } from './libcaer-decoders.js';

const decoders: ReadonlyMap<string, () => EventDecoder> = new Map<string, () => EventDecoder>([
  ['evt3', () => new Evt3Decoder()],
  ['libcaer_cmp', () => new LibcaerCmpDecoder()],
  ['libcaer', libcaerDecoder],
  ['mono', monoDecoder],
]);

/** Encodings of event_camera_msgs/EventPacket that can be decoded. */
export const eventEncodings: readonly string[] = [...decoders.keys()];

/**
 * Makes a decoder in its initial state.
 *
 * @param encoding - one of {@link eventEncodings}
 * @throws {@link TopsparkError} `events_encoding` naming the known encodings
 */
export function eventDecoder(encoding: string): EventDecoder {
  const make = decoders.get(encoding);
  if (make !== undefined) return make();
  const found = `encoding is ${quoted(encoding)}`;
  throw new TopsparkError('events_encoding', 'data', `${found}, expected one of ${eventEncodings.join(', ')}`);
}
