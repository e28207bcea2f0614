import type { Random } from 'topspark/base/random.js';
import { once, pick, sizes } from './values.js';

/** Start of a message's body, behind the encapsulation [byte]. */
const header = 4;

/** Kinds of damage to the bytes of a message. */
const harms: readonly ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [
  // Cut off, in the first case with the rest still in memory behind it.
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
  // Changes a length, or bytes where one may be.
  (bytes, random) => {
    const words = (bytes.length - header) >> 2;
    const at = header + 4 * random.below(words);
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, pick(random, [...sizes, bytes.length]), once(random, 2));
    return bytes;
  },
  // Another byte order, another encapsulation, or an unknown one.
  (bytes, random) => {
    bytes[once(random, 4) ? 0 : 1] = once(random, 2) ? random.below(12) : random.below(256);
    return bytes;
  },
];

/** Damages the bytes of a message one time in six, possibly in place. */
export function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  return once(random, 6) ? pick(random, harms)(bytes, random) : bytes;
}
