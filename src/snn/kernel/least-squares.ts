// A linear readout by recursive least squares. It has no step size. After any number of labels its weights
//
//   minimise  sum over labels of |onehot(y) - W x|^2 + ridge |W|^2            x: n numbers, |x| = 1; W: C x n
//
//   label y:  u = P x ,  d = 1 + x.u ,  W_c += (onehot(y)_c - W_c.x) / d u ,  P -= u u' / d ,  P = I / ridge at first
//   undone:              d = x.u - 1 , and the same
//   moved from y to z:   W_y -= u ,  W_z += u
//
// P is the inverse of sum x x' + ridge I. W is linear in the labels, so two classes are merged by adding their rows. In
// spiking networks the method is known as FORCE learning (Sussillo and Abbott 2009; Nicola and Clopath 2017).
//
// All numbers are float64, and each operation is rounded. P is stored as a lower triangle of blocks of 4 x 4, row by
// row; each row ends with its block on the diagonal. n is rounded up to a multiple of 4, and the added x are 0.
// P -= g g' with g = u / sqrt |d|, so that it stays symmetric.
//
// Order of additions: W.x and x.u in four partial sums over the inputs i mod 4, (0 + 1) + (2 + 3). u_i with i in block
// b: over j in blocks up to b in two partial sums j mod 2, even + odd. Then each later block, in order, adds
// ((0 + 1) + (2 + 3)) of P_ri x_r over its four rows r.
import { commit, reserve } from './buffers';

/** Limit of 1 - x.u at and below which a sample can no longer be undone. */
const LEAST_LEFT: f64 = 1e-6;

/** n rounded up. */
let length: i32 = 0;
/** x, and W.x of the classes; f64. */
export let readoutInput: usize = 0;
export let readoutScores: usize = 0;
/** W as [c][i], and P; f64. */
export let readoutWeights: usize = 0;
export let readoutPrecision: usize = 0;
/** u, and g; f64. */
let drive: usize = 0;
let scaled: usize = 0;

/** Reserves the memory; false if there is not enough. */
export function createReadout(inputs: i32, capacity: i32): bool {
  length = (inputs + 3) & ~3;
  const row = (<usize>length) << 3;
  readoutInput = reserve(row);
  readoutScores = reserve((<usize>capacity) << 3);
  readoutWeights = reserve(<usize>capacity * row);
  // Block b has four rows of 4 (b + 1) numbers.
  const blocks = (<usize>length) >> 2;
  readoutPrecision = reserve((blocks * (blocks + 1)) << 6);
  drive = reserve(row);
  scaled = reserve(row);
  return commit();
}

/** P = I / ridge. */
export function resetPrecision(ridge: f64): void {
  const blocks = (<usize>length) >> 2;
  memory.fill(readoutPrecision, 0, (blocks * (blocks + 1)) << 6);
  let at = readoutPrecision;
  for (let block: usize = 0; block < blocks; block++) {
    const row = (block + 1) << 5;
    for (let r: usize = 0; r < 4; r++, at += row) store<f64>(at + (block << 5) + (r << 3), 1 / ridge);
  }
}

/** Computes W.x of classes 0 to classes - 1, for the x in `readoutInput`. */
export function readReadout(classes: i32): void {
  const row = (<usize>length) << 3;
  for (let c: usize = 0; c < <usize>classes; c++) {
    store<f64>(readoutScores + (c << 3), dot(readoutWeights + c * row, readoutInput));
  }
}

/**
 * Teaches that the x in `readoutInput` is of class `y < classes`, or undoes it. Returns false and changes no weights if P
 * has lost its meaning by rounding errors: `x.u < 0`, or x cannot be undone.
 */
export function teachReadout(y: i32, classes: i32, back: bool): bool {
  drivePrecision();
  const known = dot(drive, readoutInput);
  const d = back ? known - 1 : known + 1;
  // The conditions are written so that NaN fails them.
  if (!(known >= 0) || (back && !(d < -LEAST_LEFT))) return false;
  readReadout(classes);
  const row = (<usize>length) << 3;
  for (let c: i32 = 0; c < classes; c++) {
    const goal: f64 = c == y ? 1 : 0;
    addDrive(readoutWeights + <usize>c * row, (goal - load<f64>(readoutScores + ((<usize>c) << 3))) / d);
  }
  const by = f64x2.splat(1 / sqrt(abs(d)));
  for (let at: usize = 0; at < row; at += 16) {
    v128.store(scaled + at, f64x2.mul(by, v128.load(drive + at)));
  }
  addScaled(back ? 1 : -1);
  return true;
}

/** Moves the x in `readoutInput`, learned as class `from`, to class `to`. */
export function moveReadout(from: i32, to: i32): void {
  drivePrecision();
  const row = (<usize>length) << 3;
  addDrive(readoutWeights + <usize>from * row, -1);
  addDrive(readoutWeights + <usize>to * row, 1);
}

function dot(a: usize, b: usize): f64 {
  const end = a + ((<usize>length) << 3);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (; a < end; a += 32, b += 32) {
    low = f64x2.add(low, f64x2.mul(v128.load(a), v128.load(b)));
    high = f64x2.add(high, f64x2.mul(v128.load(a, 16), v128.load(b, 16)));
  }
  return (
    f64x2.extract_lane(low, 0) +
    f64x2.extract_lane(low, 1) +
    (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1))
  );
}

// w += by u.
function addDrive(w: usize, by: f64): void {
  const factor = f64x2.splat(by);
  const row = (<usize>length) << 3;
  for (let at: usize = 0; at < row; at += 16) {
    v128.store(w + at, f64x2.add(v128.load(w + at), f64x2.mul(factor, v128.load(drive + at))));
  }
}

// u = P x.
function drivePrecision(): void {
  const end = (<usize>length) << 3;
  let at = readoutPrecision;
  for (let begin: usize = 0; begin < end; begin += 32) {
    const row = begin + 32;
    const x0 = v128.load64_splat(readoutInput + begin);
    const x1 = v128.load64_splat(readoutInput + begin, 8);
    const x2 = v128.load64_splat(readoutInput + begin, 16);
    const x3 = v128.load64_splat(readoutInput + begin, 24);
    let u0 = f64x2.splat(0);
    let u1 = f64x2.splat(0);
    let u2 = f64x2.splat(0);
    let u3 = f64x2.splat(0);
    const second = at + row;
    const third = second + row;
    const fourth = third + row;
    for (let j: usize = 0; j < row; j += 16) {
      const x = v128.load(readoutInput + j);
      const p0 = v128.load(at + j);
      const p1 = v128.load(second + j);
      const p2 = v128.load(third + j);
      const p3 = v128.load(fourth + j);
      u0 = f64x2.add(u0, f64x2.mul(p0, x));
      u1 = f64x2.add(u1, f64x2.mul(p1, x));
      u2 = f64x2.add(u2, f64x2.mul(p2, x));
      u3 = f64x2.add(u3, f64x2.mul(p3, x));
      if (j >= begin) continue;
      const low = f64x2.add(f64x2.mul(p0, x0), f64x2.mul(p1, x1));
      const high = f64x2.add(f64x2.mul(p2, x2), f64x2.mul(p3, x3));
      v128.store(drive + j, f64x2.add(v128.load(drive + j), f64x2.add(low, high)));
    }
    store<f64>(drive + begin, f64x2.extract_lane(u0, 0) + f64x2.extract_lane(u0, 1));
    store<f64>(drive + begin, f64x2.extract_lane(u1, 0) + f64x2.extract_lane(u1, 1), 8);
    store<f64>(drive + begin, f64x2.extract_lane(u2, 0) + f64x2.extract_lane(u2, 1), 16);
    store<f64>(drive + begin, f64x2.extract_lane(u3, 0) + f64x2.extract_lane(u3, 1), 24);
    at = fourth + row;
  }
}

// P += by g g' with by -1 or 1, a factor that rounds nothing.
function addScaled(by: f64): void {
  const end = (<usize>length) << 3;
  let at = readoutPrecision;
  for (let begin: usize = 0; begin < end; begin += 32) {
    const row = begin + 32;
    for (let i = begin; i < row; i += 8) {
      const g = f64x2.splat(by * load<f64>(scaled + i));
      for (let j: usize = 0; j < row; j += 16, at += 16) {
        v128.store(at, f64x2.add(v128.load(at), f64x2.mul(g, v128.load(scaled + j))));
      }
    }
  }
}
