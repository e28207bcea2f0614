// Directions of gradients of a picture, grey or in colour: the encoding `scene`. All numbers are integers, so the order
// of additions does not matter.
//
// The picture has one plane (grey) or three (red, green, blue) of H × W bytes. A side that is no multiple of 4 is
// extended by repeating its last row or column. A pixel outside takes the value of the nearest pixel. Cells of 4 × 4
// pixels, h = H/4, w = W/4; sixteen directions k of 360°/16, k = 0 brighter to the right, k = 4 brighter downwards.
//
//   1  g_x, g_y Sobel differences of each plane; a pixel has those of the plane with the largest |g_x| + |g_y| (of equal
//      ones the first). M = max(|g_x| + |g_y|); M < FLAT: all x are 0
//   2  pixels with |g_x| + |g_y| ≤ M >> 5 are skipped. In the first octant, a = max(|g_x|, |g_y|), b = min(|g_x|, |g_y|),
//      the gradient is split between its two neighbouring directions, (1, 0), (2, 1) and (1, 1):
//      2 b ≤ a: m = 4 (a − 2b) in direction 0, m' = 9 b in 1 ;  else m = 9 (a − b) in 1, m' = 6 (2b − a) in 2
//      (4 : 9 : 6 stands for 1 : √5 : √2). The octants of g_x and g_y mirror these directions to k
//   3  P_k(r, c) = (Σ m over 8 × 8 pixels around the cell, a tent of 1 3 5 7 7 5 3 1 in both directions) >> 4
//   4  P_k below the fourth largest of the sixteen become 0; then e = Σ_k P_k
//   5  L = (1, 2, 1) × (1, 2, 1) sum of e, border cells repeated; A = max L >> 3; x_k = min(255, ⌊GAIN P_k / (L + A)⌋)
//   6  the output is one plane after the other (k = 0 to 15), each in the order of `sceneScan`
//
// A pixel adds at most m + m' ≤ 4590, so Σ m ≤ 1024 · 4590 < 2^23 and GAIN P ≤ 5824 · 293760 < 2^31.
//
// It runs in a separate instance without a network; `createScene` reserves its memory.
//
// Sources: histograms of directed gradients, of the steepest colour (Dalal & Triggs 2005), and contrast gain (Heeger
// 1992). The constants are those of `edges`; what was chosen is in docs/eyes.md.
import { commit, reserve, zero } from './buffers';
import { quotient } from './contrast-gain';
import { sumInts } from './lanes';
import { addBorder, differentiate, FLAT, inside } from './sobel';

/** Bytes of the sixteen sums of a cell, i32. */
const CELL: usize = 64;

/** The picture, row by row, one plane after the other. JavaScript writes it. */
export let scenePicture: usize = 0;
/** Position of the cell of each rank, row · w + column, u16. JavaScript writes it. */
export let sceneScan: usize = 0;
/** x: sixteen planes of h · w bytes. */
export let sceneIntensities: usize = 0;
/** M of the last picture. */
export let sceneSteepest: i32 = 0;
/** Additions and divisions that a scalar program would need for the last picture. */
export let sceneAdditions: i32 = 0;
export let sceneDivisions: i32 = 0;

let width: i32 = 0;
let height: i32 = 0;
/** W, H, w, h. */
let columns: i32 = 0;
let rows: i32 = 0;
let cellColumns: i32 = 0;
let cellRows: i32 = 0;

/** A plane with a border of one pixel, u8, and the length of its rows [byte]. */
let bordered: usize = 0;
let borderedStride: usize = 0;
/** g_x and g_y, i16; length of a row of 16-bit numbers [byte]. */
let gradientX: usize = 0;
let gradientY: usize = 0;
let lineStride: usize = 0;
/** m and m', i16, and four times their k, u16, of eight pixels at a time: 16 bytes of each. */
let split: usize = 0;
/** Sums over columns of one row of pixels, by cell, with a cell of border at both ends. */
let line: usize = 0;
let lineBytes: usize = 0;
/** P by cell, with a border of one cell. */
let pooled: usize = 0;
/** e and its sums over three rows, i32, with a border of one cell. */
let energy: usize = 0;
let energyRows: usize = 0;
/** L, i32. */
let around: usize = 0;
/** x by cell, sixteen bytes each. */
let grouped: usize = 0;

/** Reserves memory for pictures of this size; false if there is not enough. */
export function createScene(pictureWidth: i32, pictureHeight: i32): bool {
  width = pictureWidth;
  height = pictureHeight;
  columns = (width + 3) & ~3;
  rows = (height + 3) & ~3;
  cellColumns = columns >> 2;
  cellRows = rows >> 2;
  const cells = <usize>(cellColumns * cellRows);
  const bordering = <usize>((cellColumns + 2) * (cellRows + 2));
  borderedStride = ((<usize>columns + 15) & ~15) + 16;
  lineStride = ((<usize>columns + 7) & ~7) << 1;
  lineBytes = <usize>(cellColumns + 2) * CELL;
  scenePicture = reserve(3 * <usize>(width * height) + 16);
  sceneScan = reserve(cells << 1);
  sceneIntensities = reserve(cells << 4);
  bordered = reserve(<usize>(rows + 2) * borderedStride + 16);
  gradientX = reserve(<usize>rows * lineStride);
  gradientY = reserve(<usize>rows * lineStride);
  split = reserve(64);
  line = reserve(lineBytes);
  pooled = reserve(bordering * CELL);
  energy = reserve(bordering << 2);
  energyRows = reserve(bordering << 2);
  around = reserve(cells << 2);
  grouped = reserve(cells << 4);
  return commit();
}

/**
 * Encodes `scenePicture`, of 1 or 3 planes. Returns false if it is flat; then `sceneIntensities` is all zero.
 */
export function encodeScene(planes: i32): bool {
  const cells = cellColumns * cellRows;
  sceneDivisions = 0;
  sceneAdditions = 0;
  for (let plane = 0; plane < planes; plane++) {
    const from = scenePicture + <usize>(plane * width * height);
    addBorder(from, width, height, columns - width, rows - height, bordered, borderedStride);
    sceneSteepest = differentiate(bordered, borderedStride, columns, rows, gradientX, gradientY, lineStride, plane > 0);
    sceneAdditions += 10 * rows * columns;
  }
  if (sceneSteepest < FLAT) {
    memory.fill(sceneIntensities, 0, 16 * cells);
    return false;
  }
  sceneAdditions += rows * columns + 101 * cells;
  pool();
  compete();
  gain(sumAround() >> 3);
  arrange();
  return true;
}

function pool(): void {
  zero(pooled, <usize>(cellRows + 2) * lineBytes);
  for (let y = 0; y < rows; y++) {
    poolRow(y);
    // The weights of this row in its own cell and in the nearest other one.
    const middle = (y & 3) == 1 || (y & 3) == 2;
    const own = i32x4.splat(middle ? 7 : 5);
    const other = i32x4.splat(middle ? 1 : 3);
    const row = (y >> 2) + 1;
    const to = pooled + <usize>row * lineBytes;
    const beside = pooled + <usize>((y & 3) < 2 ? row - 1 : row + 1) * lineBytes;
    for (let at: usize = 0; at < lineBytes; at += 16) {
      const sum = v128.load(line + at);
      v128.store(to + at, i32x4.add(v128.load(to + at), i32x4.mul(sum, own)));
      v128.store(beside + at, i32x4.add(v128.load(beside + at), i32x4.mul(sum, other)));
    }
  }
}

/** Writes the sums over columns of row `y` to `line`. */
function poolRow(y: i32): void {
  zero(line, lineBytes);
  const least = i16x8.splat(<i16>(sceneSteepest >> 5));
  // Negative counts of kept pixels, and of m > 0 and m' > 0.
  const none = i16x8.splat(0);
  let seen = none;
  let parts = none;
  for (let x = 0; x < columns; x += 8) {
    const at = <usize>y * lineStride + ((<usize>x) << 1);
    const gx = v128.load(gradientX + at);
    const gy = v128.load(gradientY + at);
    const kept = v128.and(inside(x, columns), i16x8.gt_s(i16x8.add(i16x8.abs(gx), i16x8.abs(gy)), least));
    if (!v128.any_true(kept)) continue;
    splitBetweenDirections(gx, gy, kept);
    seen = i16x8.add(seen, kept);
    parts = i16x8.add(parts, i16x8.gt_s(v128.load(split), none));
    parts = i16x8.add(parts, i16x8.gt_s(v128.load(split, 16), none));
    const end = min(8, columns - x);
    // Four columns are those of a cell.
    for (let first = 0; first < end; first += 4) {
      const own = line + <usize>(((x + first) >> 2) + 1) * CELL;
      const from = split + ((<usize>first) << 1);
      addPixel(from, own, 5, own - CELL, 3);
      addPixel(from + 2, own, 7, own - CELL, 1);
      addPixel(from + 4, own, 7, own + CELL, 1);
      addPixel(from + 6, own, 5, own + CELL, 3);
    }
  }
  sceneAdditions -= 10 * sumInts(i32x4.extadd_pairwise_i16x8_s(i16x8.add(seen, parts)));
}

/** Writes m, m' and four times their k of eight pixels to `split`; m = 0 where a pixel is not kept. */
function splitBetweenDirections(gx: v128, gy: v128, kept: v128): void {
  const a0 = i16x8.abs(gx);
  const b0 = i16x8.abs(gy);
  const a = i16x8.max_s(a0, b0);
  const b = i16x8.min_s(a0, b0);
  const rest = i16x8.sub(a, i16x8.shl(b, 1));
  const low = i16x8.ge_s(rest, i16x8.splat(0));
  const difference = i16x8.sub(a, b);
  const nine = v128.bitselect(b, difference, low);
  const ninefold = i16x8.add(nine, i16x8.shl(nine, 3));
  const sixfold = i16x8.mul(rest, i16x8.splat(-6));
  v128.store(split, v128.and(kept, v128.bitselect(i16x8.shl(rest, 2), ninefold, low)));
  v128.store(split, v128.and(kept, v128.bitselect(ninefold, sixfold, low)), 16);
  // Four times the directions in the octant: 0 and 4, or 4 and 8. Masks are −1, so x ^ mask − mask is −x.
  const steep = i16x8.gt_s(b0, a0);
  const left = i16x8.lt_s(gx, i16x8.splat(0));
  const up = i16x8.lt_s(gy, i16x8.splat(0));
  const first = v128.andnot(i16x8.splat(4), low);
  v128.store(split, mirrored(first, steep, left, up), 32);
  v128.store(split, mirrored(i16x8.add(first, i16x8.splat(4)), steep, left, up), 48);
}

function mirrored(direction: v128, steep: v128, left: v128, up: v128): v128 {
  const within = mirror(mirror(direction, steep, 16), left, 32);
  return v128.and(mirror(within, up, 0), i16x8.splat(63));
}

/** `about` − `direction` where the mask is set. */
function mirror(direction: v128, mask: v128, about: i16): v128 {
  return v128.bitselect(i16x8.sub(i16x8.splat(about), direction), direction, mask);
}

function addPixel(from: usize, own: usize, weight: i32, beside: usize, lesser: i32): void {
  const m = <i32>load<i16>(from);
  const m1 = <i32>load<i16>(from, 16);
  if ((m | m1) == 0) return;
  const k = <usize>load<u16>(from, 32);
  const k1 = <usize>load<u16>(from, 48);
  store<i32>(own + k, load<i32>(own + k) + weight * m);
  store<i32>(own + k1, load<i32>(own + k1) + weight * m1);
  store<i32>(beside + k, load<i32>(beside + k) + lesser * m);
  store<i32>(beside + k1, load<i32>(beside + k1) + lesser * m1);
}

function compete(): void {
  for (let r = 1; r <= cellRows; r++) {
    let here = pooled + <usize>r * lineBytes + CELL;
    let sum = energy + ((<usize>(r * (cellColumns + 2) + 1)) << 2);
    for (let c = 0; c < cellColumns; c++) {
      const p0 = i32x4.shr_s(v128.load(here), 4);
      const p1 = i32x4.shr_s(v128.load(here, 16), 4);
      const p2 = i32x4.shr_s(v128.load(here, 32), 4);
      const p3 = i32x4.shr_s(v128.load(here, 48), 4);
      const fourth = fourthOf(p0, p1, p2, p3);
      const q0 = v128.and(p0, i32x4.ge_s(p0, fourth));
      const q1 = v128.and(p1, i32x4.ge_s(p1, fourth));
      const q2 = v128.and(p2, i32x4.ge_s(p2, fourth));
      const q3 = v128.and(p3, i32x4.ge_s(p3, fourth));
      v128.store(here, q0);
      v128.store(here, q1, 16);
      v128.store(here, q2, 32);
      v128.store(here, q3, 48);
      store<i32>(sum, sumInts(i32x4.add(i32x4.add(q0, q1), i32x4.add(q2, q3))));
      const none = i32x4.splat(0);
      const many = i32x4.add(
        i32x4.add(i32x4.gt_s(q0, none), i32x4.gt_s(q1, none)),
        i32x4.add(i32x4.gt_s(q2, none), i32x4.gt_s(q3, none)),
      );
      sceneDivisions -= sumInts(many);
      here += CELL;
      sum += 4;
    }
  }
}

/**
 * The fourth largest of sixteen numbers, in every lane. Lanes are sorted; of two descending rows a, b of four the
 * largest four are max(a_i, b_(3−i)).
 */
function fourthOf(p0: v128, p1: v128, p2: v128, p3: v128): v128 {
  const a = i32x4.max_s(p0, p1);
  const b = i32x4.min_s(p0, p1);
  const c = i32x4.max_s(p2, p3);
  const d = i32x4.min_s(p2, p3);
  const most = i32x4.max_s(a, c);
  const least = i32x4.min_s(b, d);
  const left = i32x4.min_s(a, c);
  const right = i32x4.max_s(b, d);
  const more = i32x4.max_s(left, right);
  const less = i32x4.min_s(left, right);
  // Of lanes 0 and 2, and of lanes 1 and 3.
  const s0 = i32x4.max_s(most, acrossHalves(least));
  const s1 = i32x4.max_s(more, acrossHalves(less));
  const s2 = i32x4.max_s(less, acrossHalves(more));
  const s3 = i32x4.max_s(least, acrossHalves(most));
  // These four rise and fall: two steps sort them.
  const t0 = i32x4.max_s(s0, s2);
  const t1 = i32x4.max_s(s1, s3);
  const t2 = i32x4.min_s(s0, s2);
  const t3 = i32x4.min_s(s1, s3);
  const u0 = i32x4.max_s(t0, t1);
  const u1 = i32x4.min_s(t0, t1);
  const u2 = i32x4.max_s(t2, t3);
  const u3 = i32x4.min_s(t2, t3);
  return i32x4.min_s(
    i32x4.min_s(i32x4.max_s(u0, acrossPairs(u3)), i32x4.max_s(u1, acrossPairs(u2))),
    i32x4.min_s(i32x4.max_s(u2, acrossPairs(u1)), i32x4.max_s(u3, acrossPairs(u0))),
  );
}

function acrossHalves(a: v128): v128 {
  return v128.shuffle<i32>(a, a, 2, 3, 0, 1);
}

function acrossPairs(a: v128): v128 {
  return v128.shuffle<i32>(a, a, 1, 0, 3, 2);
}

/** Writes L, and returns the largest. */
function sumAround(): i32 {
  const stride = (<usize>(cellColumns + 2)) << 2;
  memory.copy(energy, energy + stride, stride);
  memory.copy(energy + <usize>(cellRows + 1) * stride, energy + <usize>cellRows * stride, stride);
  let most = 0;
  for (let r = 1; r <= cellRows; r++) {
    const here = energy + <usize>r * stride;
    for (let at: usize = 4; at < stride - 4; at += 4) {
      const outer = load<i32>(here - stride + at) + load<i32>(here + stride + at);
      store<i32>(energyRows + at, outer + 2 * load<i32>(here + at));
    }
    store<i32>(energyRows, load<i32>(energyRows, 4));
    store<i32>(energyRows + stride - 4, load<i32>(energyRows + stride - 8));
    let to = around + ((<usize>((r - 1) * cellColumns)) << 2);
    for (let at: usize = 4; at < stride - 4; at += 4) {
      const outer = load<i32>(energyRows + at - 4) + load<i32>(energyRows + at + 4);
      const sum = outer + 2 * load<i32>(energyRows + at);
      store<i32>(to, sum);
      most = max(most, sum);
      to += 4;
    }
  }
  return most;
}

function gain(atLeast: i32): void {
  let l = around;
  let to = grouped;
  for (let r = 1; r <= cellRows; r++) {
    let from = pooled + <usize>r * lineBytes + CELL;
    for (let c = 0; c < cellColumns; c++) {
      const divisor = i32x4.splat(load<i32>(l) + atLeast);
      const inverse = f32x4.div(f32x4.splat(1), f32x4.convert_i32x4_s(divisor));
      const low = i16x8.narrow_i32x4_s(
        quotient(v128.load(from), divisor, inverse),
        quotient(v128.load(from, 16), divisor, inverse),
      );
      const high = i16x8.narrow_i32x4_s(
        quotient(v128.load(from, 32), divisor, inverse),
        quotient(v128.load(from, 48), divisor, inverse),
      );
      // Narrowing keeps at most 255.
      v128.store(to, i8x16.narrow_i16x8_u(low, high));
      l += 4;
      from += CELL;
      to += 16;
    }
  }
}

function arrange(): void {
  const cells = <usize>(cellColumns * cellRows);
  for (let rank: usize = 0; rank < cells; rank++) {
    const from = grouped + ((<usize>load<u16>(sceneScan + (rank << 1))) << 4);
    let to = sceneIntensities + rank;
    for (let k: usize = 0; k < 16; k++) {
      store<u8>(to, load<u8>(from + k));
      to += cells;
    }
  }
}
