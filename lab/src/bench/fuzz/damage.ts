import type { Random } from 'topspark/base/random.js';
import { once, pick, sizes } from './values.js';

/** Message bodies begin behind the encapsulation [byte]. */
const header = 4;

/** Kinds of damage to the bytes of a message. */
const harms: readonly ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [
  // Cut off; the rest stays in memory after it.
  (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  (bytes, random) => bytes.slice(0, random.below(bytes.length)),
  (bytes, random) => {
    for (let hits = 1 + random.below(4); hits > 0; hits--) bytes[random.below(bytes.length)] ^= 1 << random.below(8);
    return bytes;
  },
  (bytes, random) => {
    const longer = new Uint8Array(bytes.length + 1 + random.below(64)).fill(random.below(256));
    longer.set(bytes);
    return longer;
  },
  // A length, or the bytes where one may be.
  (bytes, random) => {
    const words = (bytes.length - header) >> 2;
    const at = header + 4 * random.below(words);
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, pick(random, [...sizes, bytes.length]), once(random, 2));
    return bytes;
  },
  // The other byte order, another encapsulation, or none that exists.
  (bytes, random) => {
    bytes[once(random, 4) ? 0 : 1] = once(random, 2) ? random.below(12) : random.below(256);
    return bytes;
  },
];

/** The bytes of a message, damaged one time in six, possibly in place. */
export function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  return once(random, 6) ? pick(random, harms)(bytes, random) : bytes;
}
