// Sobel differences of a grey picture with a border, for the encodings `edges` and `scene`:
//
//   g_x(y, x) = Σ_i w_i (I(y + i, x + 1) − I(y + i, x − 1)) ;  g_y(y, x) = Σ_i w_i (I(y + 1, x + i) − I(y − 1, x + i))
//
// with w = 1, 2, 1 for i = −1, 0, 1. A pixel outside the picture takes the value of the nearest pixel. |g| ≤ 1020, and
// |g_x| + |g_y| ≤ 1530. Sums are of integers, so their order does not matter.

/** A picture is flat below this largest |g_x| + |g_y|: a step of five grey levels. */
export const FLAT: i32 = 20;

/**
 * Copies a picture of `width` × `height` bytes into one with a border of one pixel, and with `more` further columns and
 * rows (0 to 3) that repeat the last one. `stride` is the length of a row of the latter, at least 16 more than the
 * extended width; after the last pixel of both pictures 16 bytes may be touched.
 */
export function addBorder(
  picture: usize,
  width: i32,
  height: i32,
  moreColumns: i32,
  moreRows: i32,
  bordered: usize,
  stride: usize,
): void {
  for (let y = 0; y < height; y++) {
    const from = picture + <usize>(y * width);
    const to = bordered + <usize>(y + 1) * stride;
    for (let x: usize = 0; x < <usize>width; x += 16) v128.store(to + x + 1, v128.load(from + x));
    const last = load<u8>(from + <usize>(width - 1));
    store<u8>(to, load<u8>(from));
    for (let x = 0; x <= moreColumns; x++) store<u8>(to + <usize>(width + 1 + x), last);
  }
  copyRow(bordered, 0, 1, stride);
  for (let row = height + 1; row < height + moreRows + 2; row++) copyRow(bordered, row, height, stride);
}

function copyRow(bordered: usize, row: i32, nearest: i32, stride: usize): void {
  const to = bordered + <usize>row * stride;
  const from = bordered + <usize>nearest * stride;
  for (let x: usize = 0; x < stride; x += 16) v128.store(to + x, v128.load(from + x));
}

/** Mask of the lanes of 8 pixels from `x` on that are within `columns`. */
export function inside(x: i32, columns: i32): v128 {
  return i16x8.lt_s(i16x8.add(i16x8(0, 1, 2, 3, 4, 5, 6, 7), i16x8.splat(<i16>x)), i16x8.splat(<i16>columns));
}

/**
 * Writes g_x and g_y as i16, rows of `lineStride` bytes, and returns max(|g_x| + |g_y|). With `steeper`, a pixel keeps
 * the difference that is there unless the new one is steeper, and the largest is that of what stays.
 */
export function differentiate(
  bordered: usize,
  stride: usize,
  columns: i32,
  rows: i32,
  gradientX: usize,
  gradientY: usize,
  lineStride: usize,
  steeper: bool,
): i32 {
  let most = i16x8.splat(0);
  for (let y = 0; y < rows; y++) {
    let above = bordered + <usize>y * stride;
    const line = <usize>y * lineStride;
    for (let x = 0; x < columns; x += 8) {
      const here = above + stride;
      const below = here + stride;
      const aboveLeft = v128.load8x8_u(above);
      const aboveRight = v128.load8x8_u(above, 2);
      const belowLeft = v128.load8x8_u(below);
      const belowRight = v128.load8x8_u(below, 2);
      const across = i16x8.sub(v128.load8x8_u(here, 2), v128.load8x8_u(here));
      const down = i16x8.sub(v128.load8x8_u(below, 1), v128.load8x8_u(above, 1));
      const falling = i16x8.sub(belowRight, aboveLeft);
      const rising = i16x8.sub(aboveRight, belowLeft);
      let gx = i16x8.add(i16x8.add(falling, rising), i16x8.shl(across, 1));
      let gy = i16x8.add(i16x8.sub(falling, rising), i16x8.shl(down, 1));
      let steepness = i16x8.add(i16x8.abs(gx), i16x8.abs(gy));
      const at = line + ((<usize>x) << 1);
      if (steeper) {
        const beforeX = v128.load(gradientX + at);
        const beforeY = v128.load(gradientY + at);
        const before = i16x8.add(i16x8.abs(beforeX), i16x8.abs(beforeY));
        const more = i16x8.gt_s(steepness, before);
        gx = v128.bitselect(gx, beforeX, more);
        gy = v128.bitselect(gy, beforeY, more);
        steepness = i16x8.max_s(steepness, before);
      }
      v128.store(gradientX + at, gx);
      v128.store(gradientY + at, gy);
      most = i16x8.max_s(most, v128.and(inside(x, columns), steepness));
      above += 8;
    }
  }
  most = i16x8.max_s(most, v128.shuffle<i16>(most, most, 4, 5, 6, 7, 0, 1, 2, 3));
  most = i16x8.max_s(most, v128.shuffle<i16>(most, most, 2, 3, 0, 1, 2, 3, 0, 1));
  return max(<i32>i16x8.extract_lane_s(most, 0), <i32>i16x8.extract_lane_s(most, 1));
}
