import { Random } from '../../src/base/random.js';

const unsigned = (z: number): number => z >>> 0;

/** Streams that are no sample. */
export const weightStream = -1;
export const phaseStream = -2;

/**
 * Counter-based random numbers, one at a time.
 *
 * @returns draws 32 bits for a counter
 */
export function plainStream(seed: number, stream: number): (counter: number) => number {
  const key = new Random(new Random(seed).next() + BigInt(stream)).next();
  const [a, b] = [Number(key & 0xffffffffn), Number(key >> 32n)];
  return (counter) => {
    let z = unsigned(Math.imul(counter, 0x9e3779b9) + a);
    z = unsigned(Math.imul(z ^ (z >>> 16), 0x7feb352d));
    z = unsigned(Math.imul(z ^ (z >>> 15) ^ b, 0x846ca68b));
    return unsigned(z ^ (z >>> 16));
  };
}
