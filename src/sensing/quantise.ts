import { TopsparkError } from '../base/errors.js';

/**
 * Intensities of 0..1 as the bytes that a network reads: byte_i = ⌊255 x_i + ½⌋.
 *
 * @param values - intensities, 0..1
 * @param into - as many bytes; untouched where a value is refused
 * @throws {@link TopsparkError} `wrong_length`; `intensity_out_of_range` naming the first value outside 0..1 (NaN and
 * infinities are) and its index
 */
export function quantise(values: ArrayLike<number>, into: Uint8Array): void {
  checkLength(values, into);
  for (let i = 0; i < values.length; i++) {
    // Written so that NaN fails it.
    if (!(values[i] >= 0 && values[i] <= 1)) {
      const message = `intensity ${i} is ${values[i]}, expected a number in 0..1`;
      throw new TopsparkError('intensity_out_of_range', 'data', message);
    }
  }
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
