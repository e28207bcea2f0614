import { TopsparkError } from '../base/errors.js';

/** An intensity up to this far outside 0..1 counts as a rounding error. */
const rounding = 1e-6;

/**
 * Converts intensities of 0..1 to the bytes that a network reads: byte_i = ⌊255 x_i + ½⌋.
 *
 * @param values - intensities, 0..1; a value at most 1e-6 outside, as in sums of float32 numbers, counts as 0 or 1
 * @param into - as many bytes; unchanged where a value is refused
 * @throws {@link TopsparkError} `wrong_length`; `intensity_out_of_range` naming the index and value of the first
 *   intensity outside the range, NaN or infinite
 */
export function quantise(values: ArrayLike<number>, into: Uint8Array): void {
  checkLength(values, into);
  for (let i = 0; i < values.length; i++) {
    // NaN fails this condition.
    if (!(values[i] >= -rounding && values[i] <= 1 + rounding)) {
      const message = `intensity ${i} is ${values[i]}, expected a number in 0..1`;
      throw new TopsparkError('intensity_out_of_range', 'data', message);
    }
  }
  // The array rounds down. A rounding error is smaller than half a byte, so no value leaves 0..255.
  for (let i = 0; i < values.length; i++) into[i] = values[i] * 255 + 0.5;
}

/**
 * Copies the intensities of a sample: bytes as they are, numbers in 0..1 rounded to bytes.
 *
 * @param into - the input of a network, as many bytes
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
