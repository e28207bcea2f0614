// Steps 10 and 13: evidence of neurons for classes, messages between neighbours, and renewal.
//
//   label y, fired j:    R_j *= forget^n_j ,  R_jy += n_j           (forget^n by repeated multiplication)
//   then nearest q:      R_jy += (1 / q) / (1 + h_j)                h_j = sum_c R_jc, stored beside R
//   silence, fired j:    R_j *= (1 - eps (1 - forget))^n_j ,  R_jc += eps n_j ,  c the net answer
//   every sample, nearest q = 1..5:  M_j += spreadRate ((sum of the other four P/q') / (sum of their 1/q') - M_j)
import { forget, renewEvidence, spreadRate, SPREADING } from './constants';
import { imprint } from './imprint';
import { makeTrace } from './learn';
import { zero } from './buffers';
import { nearestCount } from './nearest';
import { read } from './read';
import { clearResult, count, LABEL_UPDATES } from './result';
import { classes, classStride, clock, evidence, evidenceSum, message, owned, owner, renewedAt } from './state';
import { addShare } from './votes';
import { fired, firedSpikes, mean, nearest, nearestCredit, share } from './work';

/**
 * Credits class y to the neurons listed in `fired` and `nearest`; indices below 0 are skipped. Counts label updates.
 */
export function credit(y: i32, firedLength: i32, nearestLength: i32): void {
  clearResult();
  for (let at: usize = 0; at < (<usize>firedLength) << 2; at += 4) {
    const j = load<i32>(fired + at);
    if (j < 0) continue;
    const n = load<i32>(firedSpikes + at);
    fade(j, n, forget);
    addEvidence(j, y, <f32>n);
    count(LABEL_UPDATES, classes);
  }
  for (let q: i32 = 0; q < nearestLength; q++) {
    const j = load<i32>(nearest + ((<usize>q) << 2));
    store<f32>(nearestCredit + ((<usize>q) << 2), 0);
    if (j < 0) continue;
    const amount = <f32>1 / <f32>(q + 1) / (<f32>1 + load<f32>(evidenceSum + ((<usize>j) << 2)));
    store<f32>(nearestCredit + ((<usize>q) << 2), amount);
    addEvidence(j, y, amount);
  }
}

/** Silence confirms class y: neurons listed in `fired` get a part (eps) of a label's credit. Counts label updates. */
export function confirm(y: i32, firedLength: i32, part: f32): void {
  clearResult();
  const keep = <f32>1 - part * (<f32>1 - forget);
  for (let at: usize = 0; at < (<usize>firedLength) << 2; at += 4) {
    const j = load<i32>(fired + at);
    const n = load<i32>(firedSpikes + at);
    fade(j, n, keep);
    addEvidence(j, y, part * <f32>n);
    count(LABEL_UPDATES, classes);
  }
}

/** Undoes `confirm`, except for evidence that has faded since; indices below 0 are skipped. */
export function takeBackConfirmed(y: i32, firedLength: i32, part: f32): void {
  for (let at: usize = 0; at < (<usize>firedLength) << 2; at += 4) {
    takeEvidence(load<i32>(fired + at), y, part * <f32>load<i32>(firedSpikes + at));
  }
}

/**
 * Undoes `credit` for class y in the neurons listed in `fired` and `nearest`; indices below 0 are skipped.
 * `nearestCredit` contains the credit of each of the nearest. No evidence falls below 0.
 */
export function takeBack(y: i32, firedLength: i32, nearestLength: i32): void {
  for (let at: usize = 0; at < (<usize>firedLength) << 2; at += 4) {
    takeEvidence(load<i32>(fired + at), y, <f32>load<i32>(firedSpikes + at));
  }
  for (let at: usize = 0; at < (<usize>nearestLength) << 2; at += 4) {
    takeEvidence(load<i32>(nearest + at), y, load<f32>(nearestCredit + at));
  }
}

/** Subtracts evidence for class y from neuron j, at most all of it. It does nothing if j is below 0. */
export function takeEvidence(j: i32, y: i32, amount: f32): void {
  if (j < 0) return;
  const row = evidence + ((<usize>(j * classStride)) << 2);
  const at = row + ((<usize>y) << 2);
  store<f32>(at, max<f32>(0, load<f32>(at) - amount));
  // The sum is computed again, so that rounding errors do not accumulate.
  let sum: f32 = 0;
  let most: i32 = -1;
  for (let c: i32 = 0; c < classes; c++) {
    const known = load<f32>(row + ((<usize>c) << 2));
    sum += known;
    if (known > 0 && (most < 0 || known > load<f32>(row + ((<usize>most) << 2)))) most = c;
  }
  store<f32>(evidenceSum + ((<usize>j) << 2), sum);
  if (load<i32>(owner + ((<usize>j) << 2)) == y + 1) own(j, most);
}

/** Gives neuron j evidence for class y. */
export function giveEvidence(j: i32, y: i32, amount: f32): void {
  addEvidence(j, y, amount);
}

// R_j *= keep^n, by repeated multiplication.
function fade(j: i32, n: i32, keep: f32): void {
  let part: f32 = 1;
  for (let k: i32 = 0; k < n; k++) part *= keep;
  const row = evidence + ((<usize>(j * classStride)) << 2);
  const by = f32x4.splat(part);
  const end = row + ((<usize>classes) << 2);
  for (let at = row; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), by));
  const sum = evidenceSum + ((<usize>j) << 2);
  store<f32>(sum, load<f32>(sum) * part);
}

// The owner changes only on strictly larger evidence. Fading scales all classes alike, so no search is needed.
function addEvidence(j: i32, y: i32, amount: f32): void {
  const row = evidence + ((<usize>(j * classStride)) << 2);
  const sum = evidenceSum + ((<usize>j) << 2);
  const known = load<f32>(row + ((<usize>y) << 2)) + amount;
  store<f32>(row + ((<usize>y) << 2), known);
  store<f32>(sum, load<f32>(sum) + amount);
  const before = load<i32>(owner + ((<usize>j) << 2)) - 1;
  if (before >= 0 && known <= load<f32>(row + ((<usize>before) << 2))) return;
  own(j, y);
}

function own(j: i32, y: i32): void {
  const before = load<i32>(owner + ((<usize>j) << 2)) - 1;
  if (before >= 0) gain(before, -1);
  store<i32>(owner + ((<usize>j) << 2), y + 1);
  if (y >= 0) gain(y, 1);
}

function gain(y: i32, amount: i32): void {
  const at = owned + ((<usize>y) << 2);
  store<i32>(at, load<i32>(at) + amount);
}

/** Imprints the sample in `input` on neuron j. Its class is y; below 0: unknown. */
export function renew(j: i32, y: i32): void {
  clearResult();
  read();
  makeTrace();
  imprint(j);
  own(j, -1);
  zero(evidence + ((<usize>(j * classStride)) << 2), (<usize>classStride) << 2);
  zero(message + ((<usize>(j * classStride)) << 2), (<usize>classStride) << 2);
  store<f32>(evidenceSum + ((<usize>j) << 2), 0);
  store<f64>(renewedAt + ((<usize>j) << 3), load<f64>(clock));
  if (y >= 0) addEvidence(j, y, renewEvidence);
}

/** The nearest neurons spread their shares P among each other. All shares are computed before any message changes. */
export function spread(): void {
  const near = min(nearestCount, SPREADING);
  const bytes = (<usize>((classes + 3) & ~3)) << 2;
  if (near < 2 || classes == 0) return;
  let weights: f32 = 0;
  zero(mean, bytes);
  for (let q: i32 = 0; q < near; q++) {
    const part = share + <usize>q * bytes;
    zero(part, bytes);
    addShare(part, load<i32>(nearest + ((<usize>q) << 2)), <f32>1 / <f32>(q + 1));
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(mean + at, f32x4.add(v128.load(mean + at), v128.load(part + at)));
    }
    weights += <f32>1 / <f32>(q + 1);
  }
  for (let q: i32 = 0; q < near; q++) follow(q, bytes, <f32>1 / (weights - <f32>1 / <f32>(q + 1)));
  count(LABEL_UPDATES, 4 * classes * near);
}

// M_j += spreadRate ((mean - own share) others - M_j)
function follow(q: i32, bytes: usize, others: f32): void {
  const row = message + ((<usize>(load<i32>(nearest + ((<usize>q) << 2)) * classStride)) << 2);
  const part = share + <usize>q * bytes;
  const rate = f32x4.splat(spreadRate);
  const weight = f32x4.splat(others);
  for (let at: usize = 0; at < bytes; at += 16) {
    const heard = f32x4.mul(f32x4.sub(v128.load(mean + at), v128.load(part + at)), weight);
    const m = v128.load(row + at);
    v128.store(row + at, f32x4.add(m, f32x4.mul(rate, f32x4.sub(heard, m))));
  }
}
