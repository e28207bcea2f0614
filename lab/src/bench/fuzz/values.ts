import type { Random } from 'topspark/base/random.js';
import type { Stamp } from 'topspark/base/time.js';

/** Picks one of some values. */
export const pick = <T>(random: Random, things: readonly T[]): T => things[random.below(things.length)];

/** True one time in `of`. */
export const once = (random: Random, of: number): boolean => random.below(of) === 0;

const odd = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1e-45,
  3.4e38,
  -3.4e38,
  Number.MAX_VALUE,
  -1,
  2 ** 31,
  2 ** 32 - 1,
  Number.MIN_VALUE,
];

/** A number as sensors send it, now and then an unexpected one. */
export const strangeNumber = (random: Random, low: number, high: number): number =>
  once(random, 12) ? pick(random, odd) : low + (high - low) * random.uniform();

/** Sizes that are rarely right. */
export const sizes = [0, 1, 2, 3, 7, 65_535, 2 ** 31 - 1, 2 ** 32 - 1];

/** A size in a header: mostly the right one. */
export const size = (random: Random, truth: number): number =>
  once(random, 10) ? pick(random, [...sizes, truth + 1, Math.max(0, truth - 1), 2 * truth]) : truth;

/** Bytes of a body: the right number, or too few, too many, or none. */
export function bytes(random: Random, length: number): Uint8Array {
  const found = once(random, 8) ? pick(random, [0, length >> 1, Math.max(0, length - 1), length + 1]) : length;
  const data = new Uint8Array(found);
  // One random number serves eight bytes. Now and then all bytes are the same.
  if (once(random, 6)) return data.fill(random.below(256));
  const words = new BigUint64Array((found + 7) >> 3);
  for (let k = 0; k < words.length; k++) words[k] = random.next();
  data.set(new Uint8Array(words.buffer, 0, found));
  return data;
}

/** Numbers of a body, as float32. */
export function floats(random: Random, length: number, low: number, high: number): Float32Array {
  const found = once(random, 10) ? pick(random, [0, 1, Math.max(0, length - 1), length + 1, 3 * length]) : length;
  const wild = once(random, 3);
  return Float32Array.from({ length: found }, () =>
    wild ? strangeNumber(random, low, high) : low + (high - low) * random.uniform(),
  );
}

/** A stamp: a little later than the last one, or anything that its two fields can hold. */
export function stamp(random: Random, last: Stamp): Stamp {
  if (once(random, 20)) {
    const sec = pick(random, [-(2 ** 31), 2 ** 31 - 1, 0, -1, 1]);
    return { sec, nanosec: pick(random, [0, 1, 999_999_999, 2 ** 32 - 1]) };
  }
  const nanosec = last.nanosec + random.below(50_000_000);
  // A signed 32-bit number: the last second is followed by the first.
  return { sec: (last.sec + Math.floor(nanosec / 1e9)) | 0, nanosec: nanosec % 1e9 };
}
