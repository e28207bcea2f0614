import { TopsparkError } from '../base/errors.js';

/** An intensity this far outside 0..1 counts as rounding, and as the end of the range. */
const rounding = 1e-6;

/**
 * Intensities of 0..1 as the bytes that a network reads: byte_i = ⌊255 x_i + ½⌋.
 *
 * @param values - intensities, 0..1; one outside by at most 1e-6, as in sums of float32 numbers, counts as the end
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
  // The array rounds down; a value off by rounding is nearer to its end than half a byte.
  for (let i = 0; i < values.length; i++) into[i] = values[i] * 255 + 0.5;
}

/**
 * Takes the intensities of a sample: bytes as they are, numbers of 0..1 rounded to bytes.
 *
 * @param into - as many bytes: the input of a network
 * @throws {@link TopsparkError} as {@link quantise}
 */
export function takeIntensities(values: Uint8Array | Float32Array, into: Uint8Array): void {
  if (values instanceof Float32Array) {
    quantise(values, into);
    return;
  }
  checkLength(values, into);
  into.set(values);
}

function checkLength(values: ArrayLike<number>, into: Uint8Array): void {
  if (values.length === into.length) return;
  const message = `the sample has ${values.length} intensities, expected ${into.length}`;
  throw new TopsparkError('wrong_length', 'data', message);
}
