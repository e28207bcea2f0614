import { TopsparkError } from '../base/errors.js';

/** How far an intensity may lie beyond 0..1 by the rounding of whoever computed it, and is taken for the end. */
const rounding = 1e-6;

/**
 * Intensities of 0..1 as the bytes that a network reads: byte_i = ⌊255 x_i + ½⌋.
 *
 * @param values - intensities, 0..1; one that is off by no more than 1e-6, as sums of float32 numbers are, is the end
 * @param into - as many bytes; untouched where a value is refused
 * @throws {@link TopsparkError} `wrong_length`; `intensity_out_of_range` naming the first value outside (NaN and
 * infinities are) and its index
 */
export function quantise(values: ArrayLike<number>, into: Uint8Array): void {
  checkLength(values, into);
  for (let i = 0; i < values.length; i++) {
    // Written so that NaN fails it.
    if (!(values[i] >= -rounding && values[i] <= 1 + rounding)) {
      const message = `intensity ${i} is ${values[i]}, expected a number in 0..1`;
      throw new TopsparkError('intensity_out_of_range', 'data', message);
    }
  }
  // Rounded down by the array; what is off by rounding is nearer to its end than half a byte.
  for (let i = 0; i < values.length; i++) into[i] = values[i] * 255 + 0.5;
}

/**
 * Takes intensities that are bytes already.
 *
 * @param into - as many bytes
 * @throws {@link TopsparkError} `wrong_length`
 */
export function takeBytes(values: Uint8Array, into: Uint8Array): void {
  checkLength(values, into);
  into.set(values);
}

function checkLength(values: ArrayLike<number>, into: Uint8Array): void {
  if (values.length === into.length) return;
  const message = `the sample has ${values.length} intensities, expected ${into.length}`;
  throw new TopsparkError('wrong_length', 'data', message);
}

/** Contrast under which there is nothing to see, as a share of full scale. */
export const flatBelow = 0.02;

/** Values below this share of the largest are dropped. */
const dropBelow = 0.03;

/**
 * Writes deviations as two planes of bytes, relative to the largest magnitude: positive ones into the on plane, negative
 * ones into the off plane behind it.
 *
 * @param largest - magnitude of the largest deviation
 * @param flat - nothing is to be seen: zeros are written
 * @returns how many are not dropped: a division each
 */
export function writePlanes(deviations: Float64Array, largest: number, flat: boolean, into: Uint8Array): number {
  const size = deviations.length;
  const least = flat ? Infinity : dropBelow * largest;
  let kept = 0;
  for (let i = 0; i < size; i++) {
    const deviation = deviations[i];
    const level = Math.abs(deviation) < least ? 0 : Math.floor((255 * Math.abs(deviation)) / largest + 0.5);
    if (level > 0) kept++;
    into[i] = deviation > 0 ? level : 0;
    into[size + i] = deviation > 0 ? 0 : level;
  }
  return kept;
}
