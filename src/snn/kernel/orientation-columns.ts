// Orientation columns of a grey picture: the encoding `edges`. All numbers are integers, so the order of additions does
// not matter.
//
// The picture has H × W bytes, both even: an odd side is extended by repeating its last row or column. A pixel outside
// takes the value of the nearest pixel. Cells of 2 × 2 pixels, h = H/2, w = W/2, four orientations k.
//
//   1  g_x, g_y Sobel differences, M = max(|g_x| + |g_y|); M < FLAT: all x are 0
//   2  pixels with |g_x| + |g_y| ≤ M >> 5 are skipped; a = |g_x|, b = |g_y|
//      k = 0 where a ≥ b, else 2, has m = 2 |a − b| ;  k = 1 where g_x and g_y have the same sign, else 3, has m = 3 min(a, b)
//   3  P_k(r, c) = Σ m over 4 × 4 pixels around the cell, a tent of 1 3 3 1 in both directions
//   4  P_k below the second largest of the four become 0; then e = Σ_k P_k
//   5  L = (1, 2, 1) × (1, 2, 1) sum of e, border cells repeated; A = max L >> 3; x_k = min(255, ⌊GAIN P_k / (L + A)⌋)
//   6  the output is one plane after the other (k = 0 to 3), each in the order of `edgeScan`
//
// An inverted picture gives the same x. The largest number is GAIN P ≤ 5824 · 64 · 2295 < 2^31. |g| ≤ 1020 and
// m ≤ 2295, so sums over four rows, at most 8 m, stay within 16 bits.
//
// It runs in a separate instance without a network; `createEdges` reserves its memory.
//
// Sources: orientation columns of the visual cortex (Hubel & Wiesel 1962) and contrast gain (Heeger 1992). The
// constants were measured for this project (docs/sensors.md).
import { commit, reserve } from './buffers';
import { quotient } from './contrast-gain';
import { sumInts } from './lanes';
import { addBorder, differentiate, FLAT, inside } from './sobel';

/** The picture, row by row. JavaScript writes it. */
export let edgePicture: usize = 0;
/** Position of the cell of each rank, row · w + column, u16. JavaScript writes it. */
export let edgeScan: usize = 0;
/** x: four planes of h · w bytes. */
export let edgeIntensities: usize = 0;
/** M of the last picture. */
export let edgeSteepest: i32 = 0;
/** Additions and divisions that a scalar program would need for the last picture. */
export let edgeAdditions: i32 = 0;
export let edgeDivisions: i32 = 0;

let width: i32 = 0;
let height: i32 = 0;
/** W, H, w, h. */
let columns: i32 = 0;
let rows: i32 = 0;
let cellColumns: i32 = 0;
let cellRows: i32 = 0;

/** The picture with a border of one pixel, u8, and the length of its rows [byte]. */
let bordered: usize = 0;
let borderedStride: usize = 0;
/** g_x and g_y, i16; length of a row of 16-bit numbers [byte]. */
let gradientX: usize = 0;
let gradientY: usize = 0;
let lineStride: usize = 0;
/** m by orientation, i16, with a row of zeros above and below. */
let strength: usize = 0;
let strengthPlane: usize = 0;
/** Weighted sum of four rows of m, i16, with zeros at both ends. */
let column4: usize = 0;
/** P by orientation, e, weighted sum of three rows of e, and L, i32; length of a row of cells [byte]. */
let pooled: usize = 0;
let pooledPlane: usize = 0;
let energy: usize = 0;
let energyLine: usize = 0;
let around: usize = 0;
let cellStride: usize = 0;
/**
 * x in groups of four neighbouring cells: 4 bytes of plane 0, then 4 of each of planes 1, 2, 3. Byte offset in it of
 * each rank's cell, u32.
 */
let grouped: usize = 0;
let groupedPlace: usize = 0;

/** Reserves memory for pictures of this size; false if there is not enough. */
export function createEdges(pictureWidth: i32, pictureHeight: i32): bool {
  width = pictureWidth;
  height = pictureHeight;
  columns = (width + 1) & ~1;
  rows = (height + 1) & ~1;
  cellColumns = columns >> 1;
  cellRows = rows >> 1;
  const cells = <usize>(cellColumns * cellRows);
  borderedStride = ((<usize>columns + 15) & ~15) + 16;
  lineStride = ((<usize>columns + 7) & ~7) << 1;
  cellStride = ((<usize>cellColumns + 3) & ~3) << 2;
  strengthPlane = <usize>(rows + 2) * lineStride;
  pooledPlane = <usize>cellRows * cellStride;
  edgePicture = reserve(<usize>(width * height) + 16);
  edgeScan = reserve(cells << 1);
  edgeIntensities = reserve(cells << 2);
  bordered = reserve(<usize>(rows + 2) * borderedStride + 16);
  gradientX = reserve(<usize>rows * lineStride);
  gradientY = reserve(<usize>rows * lineStride);
  strength = reserve(4 * strengthPlane);
  column4 = reserve(lineStride + 32);
  pooled = reserve(4 * pooledPlane);
  energy = reserve(pooledPlane);
  energyLine = reserve(cellStride + 48);
  around = reserve(pooledPlane);
  grouped = reserve(pooledPlane);
  groupedPlace = reserve(cells << 2);
  return commit();
}

/** Prepares the offsets of ranks from `edgeScan`. */
export function prepareEdges(): void {
  const cells = cellColumns * cellRows;
  for (let rank: usize = 0; rank < <usize>cells; rank++) {
    const cell = <i32>load<u16>(edgeScan + (rank << 1));
    const row = <usize>(cell / cellColumns);
    const column = <usize>(cell % cellColumns);
    store<u32>(groupedPlace + (rank << 2), <u32>(row * cellStride + (column >> 2) * 16 + (column & 3)));
  }
}

/** Encodes `edgePicture`. Returns false if it is flat; then `edgeIntensities` is all zero. */
export function encodeEdges(): bool {
  const cells = cellColumns * cellRows;
  edgeDivisions = 0;
  edgeAdditions = 10 * rows * columns;
  addBorder(edgePicture, width, height, columns - width, rows - height, bordered, borderedStride);
  edgeSteepest = differentiate(bordered, borderedStride, columns, rows, gradientX, gradientY, lineStride, false);
  if (edgeSteepest < FLAT) {
    memory.fill(edgeIntensities, 0, 4 * cells);
    return false;
  }
  edgeAdditions += rows * columns + 19 * cells;
  orient();
  pool();
  compete();
  const largest = sumAround();
  gain(largest >> 3);
  arrange();
  return true;
}

function orient(): void {
  const least = i16x8.splat(<i16>(edgeSteepest >> 5));
  const none = i16x8.splat(0);
  const plane = strengthPlane;
  // Negative counts of kept pixels, and of those with m > 0 in k = 0 or 2 (axial) and in k = 1 or 3 (diagonal). A lane
  // counts at most 2^11 pixels.
  let seen = none;
  let axial = none;
  let diagonal = none;
  for (let y = 0; y < rows; y++) {
    let at = <usize>y * lineStride;
    for (let x = 0; x < columns; x += 8) {
      const gx = v128.load(gradientX + at);
      const gy = v128.load(gradientY + at);
      const a = i16x8.abs(gx);
      const b = i16x8.abs(gy);
      const kept = v128.and(inside(x, columns), i16x8.gt_s(i16x8.add(a, b), least));
      const m0 = v128.and(kept, i16x8.shl(i16x8.abs(i16x8.sub(a, b)), 1));
      const smaller = i16x8.min_s(a, b);
      const m1 = v128.and(kept, i16x8.add(smaller, i16x8.shl(smaller, 1)));
      const upright = i16x8.ge_s(a, b);
      const alike = i16x8.ge_s(v128.xor(gx, gy), none);
      const to = strength + lineStride + at;
      v128.store(to, v128.and(m0, upright));
      v128.store(to + plane, v128.and(m1, alike));
      v128.store(to + 2 * plane, v128.andnot(m0, upright));
      v128.store(to + 3 * plane, v128.andnot(m1, alike));
      seen = i16x8.add(seen, kept);
      axial = i16x8.add(axial, i16x8.gt_s(m0, none));
      diagonal = i16x8.add(diagonal, i16x8.gt_s(m1, none));
      at += 16;
    }
  }
  edgeAdditions -= 4 * sumShorts(seen) + 6 * (sumShorts(axial) + sumShorts(diagonal));
}

function sumShorts(a: v128): i32 {
  return sumInts(i32x4.extadd_pairwise_i16x8_s(a));
}

function pool(): void {
  const left = i16x8(1, 3, 1, 3, 1, 3, 1, 3);
  const right = i16x8(3, 1, 3, 1, 3, 1, 3, 1);
  const ends = i32x4.splat(cellColumns);
  const line = column4 + 16;
  for (let k: usize = 0; k < 4; k++) {
    for (let r = 0; r < cellRows; r++) {
      // The row of zeros above is row −1.
      const top = strength + k * strengthPlane + <usize>(2 * r) * lineStride;
      for (let at: usize = 0; at < lineStride; at += 16) {
        const from = top + at;
        const inner = i16x8.add(v128.load(from + lineStride), v128.load(from + 2 * lineStride));
        const outer = i16x8.add(v128.load(from), v128.load(from + 3 * lineStride));
        v128.store(line + at, i16x8.add(outer, i16x8.add(inner, i16x8.shl(inner, 1))));
      }
      const to = pooled + k * pooledPlane + <usize>r * cellStride;
      let place = i32x4(0, 1, 2, 3);
      for (let at: usize = 0; at < cellStride; at += 16) {
        const sum = i32x4.add(
          i32x4.dot_i16x8_s(v128.load(line + at - 2), left),
          i32x4.dot_i16x8_s(v128.load(line + at + 2), right),
        );
        v128.store(to + at, v128.and(sum, i32x4.lt_s(place, ends)));
        place = i32x4.add(place, i32x4.splat(4));
      }
    }
  }
}

function compete(): void {
  const none = i32x4.splat(0);
  for (let at: usize = 0; at < pooledPlane; at += 16) {
    const here = pooled + at;
    const p0 = v128.load(here);
    const p1 = v128.load(here + pooledPlane);
    const p2 = v128.load(here + 2 * pooledPlane);
    const p3 = v128.load(here + 3 * pooledPlane);
    const low = i32x4.max_s(i32x4.min_s(p0, p1), i32x4.min_s(p2, p3));
    const second = i32x4.max_s(low, i32x4.min_s(i32x4.max_s(p0, p1), i32x4.max_s(p2, p3)));
    const q0 = v128.and(p0, i32x4.ge_s(p0, second));
    const q1 = v128.and(p1, i32x4.ge_s(p1, second));
    const q2 = v128.and(p2, i32x4.ge_s(p2, second));
    const q3 = v128.and(p3, i32x4.ge_s(p3, second));
    v128.store(here, q0);
    v128.store(here + pooledPlane, q1);
    v128.store(here + 2 * pooledPlane, q2);
    v128.store(here + 3 * pooledPlane, q3);
    v128.store(energy + at, i32x4.add(i32x4.add(q0, q1), i32x4.add(q2, q3)));
    const many = i32x4.add(
      i32x4.add(i32x4.gt_s(q0, none), i32x4.gt_s(q1, none)),
      i32x4.add(i32x4.gt_s(q2, none), i32x4.gt_s(q3, none)),
    );
    edgeDivisions -= sumInts(many);
  }
}

/** Writes L, and returns the largest. */
function sumAround(): i32 {
  const line = energyLine + 16;
  const end = (<usize>cellColumns) << 2;
  let most = i32x4.splat(0);
  for (let r = 0; r < cellRows; r++) {
    const here = energy + <usize>r * cellStride;
    const above = r > 0 ? here - cellStride : here;
    const below = r < cellRows - 1 ? here + cellStride : here;
    for (let at: usize = 0; at < cellStride; at += 16) {
      const outer = i32x4.add(v128.load(above + at), v128.load(below + at));
      v128.store(line + at, i32x4.add(outer, i32x4.shl(v128.load(here + at), 1)));
    }
    store<i32>(line - 4, load<i32>(line));
    store<i32>(line + end, load<i32>(line + end - 4));
    const to = around + <usize>r * cellStride;
    for (let at: usize = 0; at < cellStride; at += 16) {
      const outer = i32x4.add(v128.load(line + at - 4), v128.load(line + at + 4));
      const sum = i32x4.add(outer, i32x4.shl(v128.load(line + at), 1));
      v128.store(to + at, sum);
      // Cells after the last one cannot have the largest sum: e = 0 there, except in the cell that repeats the
      // last one.
      most = i32x4.max_s(most, sum);
    }
  }
  most = i32x4.max_s(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1));
  return max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1));
}

function gain(atLeast: i32): void {
  const floor = i32x4.splat(atLeast);
  for (let at: usize = 0; at < pooledPlane; at += 16) {
    const divisor = i32x4.add(v128.load(around + at), floor);
    const inverse = f32x4.div(f32x4.splat(1), f32x4.convert_i32x4_s(divisor));
    const from = pooled + at;
    const low = i16x8.narrow_i32x4_s(
      quotient(v128.load(from), divisor, inverse),
      quotient(v128.load(from + pooledPlane), divisor, inverse),
    );
    const high = i16x8.narrow_i32x4_s(
      quotient(v128.load(from + 2 * pooledPlane), divisor, inverse),
      quotient(v128.load(from + 3 * pooledPlane), divisor, inverse),
    );
    // Narrowing keeps at most 255.
    v128.store(grouped + at, i8x16.narrow_i16x8_u(low, high));
  }
}

function arrange(): void {
  const cells = <usize>(cellColumns * cellRows);
  for (let rank: usize = 0; rank < cells; rank++) {
    const from = grouped + <usize>load<u32>(groupedPlace + (rank << 2));
    const to = edgeIntensities + rank;
    store<u8>(to, load<u8>(from));
    store<u8>(to + cells, load<u8>(from, 4));
    store<u8>(to + 2 * cells, load<u8>(from, 8));
    store<u8>(to + 3 * cells, load<u8>(from, 12));
  }
}
