// Step 3, the coarse pass: all neurons read the first events.
//
//   I_j = sum over first events of raw_ij          score_j = trust reach g (E / E1) scale_j I_j - theta_j
//
// A large drive from an eighth of the events is partly chance. So a decision scales the drive down (trust 0.7), which
// gives thresholds more weight. Learning keeps trust 1, where scaling changes nothing.
//
// Order of additions: one sum per neuron from 0, one addition per event in scan order. An input with two first events
// is added twice.
import { FIRST_TRUST } from './constants';
import { firstEvents, firstRows } from './pixel-events';
import { maxLanes, minLanes } from './lanes';
import { drive, events, reach } from './point';
import { count, SYNAPTIC_EVENTS } from './result';
import { scale, theta, touched } from './state';
import { current, firstRow, score, STREAMS, zeroRow } from './work';

/** Largest and smallest score of the last coarse pass. */
export let largestScore: f32 = 0;
export let smallestScore: f32 = 0;

/** Computes sums and scores of all neurons from the first events. */
export function lookFirst(learn: bool): void {
  addFirstEvents();
  scoreFirst(learn ? <f32>1 : FIRST_TRUST);
  count(SYNAPTIC_EVENTS, firstEvents * touched);
}

function addFirstEvents(): void {
  const end = firstRow + ((<usize>firstRows) << 2);
  let at = firstRow;
  let from = zeroRow;
  do {
    addRows(at, from);
    from = current;
    at += STREAMS << 2;
  } while (at < end);
}

// Adds one stream of five rows to the sums in `from`, one row after the other.
function addRows(rows: usize, from: usize): void {
  let a = <usize>load<u32>(rows);
  let b = <usize>load<u32>(rows, 4);
  let c = <usize>load<u32>(rows, 8);
  let d = <usize>load<u32>(rows, 12);
  let e = <usize>load<u32>(rows, 16);
  let to = current;
  const end = to + ((<usize>((touched + 3) & ~3)) << 2);
  do {
    let sum = f32x4.add(v128.load(from), v128.load(a));
    sum = f32x4.add(sum, v128.load(b));
    sum = f32x4.add(sum, v128.load(c));
    sum = f32x4.add(sum, v128.load(d));
    v128.store(to, f32x4.add(sum, v128.load(e)));
    from += 16;
    a += 16;
    b += 16;
    c += 16;
    d += 16;
    e += 16;
    to += 16;
  } while (to < end);
}

// Lanes after the last neuron, up to a whole group of 16, get a lower score than any neuron can have.
function scoreFirst(trust: f32): void {
  const estimate = f32x4.splat(trust * reach * drive * (<f32>events / <f32>firstEvents));
  const last = ((<usize>(touched - 1)) & ~3) << 2;
  let most = f32x4.splat(-f32.MAX_VALUE);
  let least = f32x4.splat(f32.MAX_VALUE);
  for (let at: usize = 0; at < last; at += 16) {
    const s = scoresAt(at, estimate);
    v128.store(score + at, s);
    most = f32x4.pmax(most, s);
    least = f32x4.pmin(least, s);
  }
  const exists = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(touched - <i32>(last >> 2)));
  const s = scoresAt(last, estimate);
  const none = f32x4.splat(-f32.MAX_VALUE);
  v128.store(score + last, v128.bitselect(s, none, exists));
  v128.store(score + last, none, 16);
  v128.store(score + last, none, 32);
  v128.store(score + last, none, 48);
  largestScore = maxLanes(f32x4.pmax(most, v128.bitselect(s, none, exists)));
  smallestScore = minLanes(f32x4.pmin(least, v128.bitselect(s, f32x4.splat(f32.MAX_VALUE), exists)));
}

function scoresAt(at: usize, estimate: v128): v128 {
  const estimated = f32x4.mul(f32x4.mul(estimate, v128.load(scale + at)), v128.load(current + at));
  return f32x4.sub(estimated, v128.load(theta + at));
}
