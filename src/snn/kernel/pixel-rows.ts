// Sums the rows of an image, byte by byte. This is most of the cost of scaling it:
//
//   s_i = s_i + Σ_y x(y, i)      i = 0 … length − 1, in integers
//
// It runs in a separate instance without a network; `createPixelRows` reserves its memory.
import { commit, reserve } from './buffers';

/** Rows of bytes. JavaScript writes them. */
export let pixelRows: usize = 0;
/** Sums of the rows, 32-bit integers. */
export let pixelSums: usize = 0;

/** Reserves `bytes` bytes of rows and `length` sums, and 16 more of each, since whole registers are read. */
export function createPixelRows(bytes: i32, length: i32): bool {
  pixelRows = reserve(bytes + 16);
  pixelSums = reserve(4 * (length + 16));
  return commit();
}

/** Sets the sums to 0. */
export function clearPixelSums(length: i32): void {
  memory.fill(pixelSums, 0, 4 * length);
}

/** Adds `rows` rows to the sums. Each begins `step` bytes after the one before. */
export function addPixelRows(step: i32, rows: i32, length: i32): void {
  for (let i = 0; i < length; i += 16) {
    const into = pixelSums + 4 * i;
    let a = v128.load(into);
    let b = v128.load(into, 16);
    let c = v128.load(into, 32);
    let d = v128.load(into, 48);
    let at = pixelRows + i;
    for (let y = 0; y < rows; y++) {
      const bytes = v128.load(at);
      const low = i16x8.extend_low_i8x16_u(bytes);
      const high = i16x8.extend_high_i8x16_u(bytes);
      a = i32x4.add(a, i32x4.extend_low_i16x8_u(low));
      b = i32x4.add(b, i32x4.extend_high_i16x8_u(low));
      c = i32x4.add(c, i32x4.extend_low_i16x8_u(high));
      d = i32x4.add(d, i32x4.extend_high_i16x8_u(high));
      at += step;
    }
    v128.store(into, a);
    v128.store(into, b, 16);
    v128.store(into, c, 32);
    v128.store(into, d, 48);
  }
}
