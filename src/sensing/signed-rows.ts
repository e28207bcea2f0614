/**
 * Writes signed numbers as two rows of intensities, on and off, relative to the largest magnitude:
 *
 *   on = ⌊255 · max(0, v) / max |v| + ½⌋,   off = ⌊255 · max(0, −v) / max |v| + ½⌋
 *
 * @param vector - finite numbers, at least one of them not 0
 * @param largest - their largest magnitude
 * @param into - two bytes for each number: the on row, then the off row
 */
export function writeSignedRows(vector: ArrayLike<number>, largest: number, into: Uint8Array): void {
  for (let i = 0; i < vector.length; i++) {
    const level = Math.floor(255 * (Math.abs(vector[i]) / largest) + 0.5);
    into[i] = vector[i] > 0 ? level : 0;
    into[vector.length + i] = vector[i] > 0 ? 0 : level;
  }
}
