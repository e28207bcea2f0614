/** Contrast below which there is nothing to see, as a share of full scale. */
export const flatBelow = 0.02;

/** Values below this share of the largest are dropped. */
const dropBelow = 0.03;

/**
 * Writes deviations as two planes of bytes, relative to the largest magnitude: positive ones into the on plane,
 * negative ones into the off plane after it.
 *
 * @param largest - magnitude of the largest deviation
 * @param flat - there is nothing to see: zeros are written
 * @returns number of values that were not dropped; each took a division
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
