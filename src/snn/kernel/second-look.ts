// Step 5, the full pass: the kept neurons read the later events, each from its own column.
//
//   a_j = g scale_j (I_j + sum over later events of raw_ij)          score_j = reach a_j - theta_j
//
// Order of additions: four partial sums over the inputs i mod 4, ascending; then (s0 + s1) + (s2 + s3); then
// I_j + that.
import { keptCount } from './eliminate';
import { firstEvents, restQuads } from './pixel-events';
import { sumLanes } from './lanes';
import { drive, events, reach } from './point';
import { count, SYNAPTIC_EVENTS } from './result';
import { byNeuron, inputStride, scale, theta } from './state';
import { current, kept, keptDrive, keptScore, restCount, restOffset } from './work';

/** Computes drives and scores of the kept neurons from all events. */
export function secondLook(): void {
  const end = (<usize>keptCount) << 2;
  // Neurons are read in groups of four. Indices after the last one are 0, and their results are not used.
  v128.store(kept + end, i32x4.splat(0));
  for (let at: usize = 0; at < end; at += 16) readColumns(at);
  count(SYNAPTIC_EVENTS, (events - firstEvents) * keptCount);
}

function readColumns(at: usize): void {
  const j0 = <usize>load<u32>(kept + at);
  const j1 = <usize>load<u32>(kept + at, 4);
  const j2 = <usize>load<u32>(kept + at, 8);
  const j3 = <usize>load<u32>(kept + at, 12);
  const columnBytes = (<usize>inputStride) << 2;
  const c0 = byNeuron + j0 * columnBytes;
  const c1 = byNeuron + j1 * columnBytes;
  const c2 = byNeuron + j2 * columnBytes;
  const c3 = byNeuron + j3 * columnBytes;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const end = restCount + ((<usize>restQuads) << 4);
  let times = restCount;
  let place = restOffset;
  while (times < end) {
    const offset = <usize>load<u32>(place);
    const n = v128.load(times);
    s0 = f32x4.add(s0, f32x4.mul(n, v128.load(c0 + offset)));
    s1 = f32x4.add(s1, f32x4.mul(n, v128.load(c1 + offset)));
    s2 = f32x4.add(s2, f32x4.mul(n, v128.load(c2 + offset)));
    s3 = f32x4.add(s3, f32x4.mul(n, v128.load(c3 + offset)));
    times += 16;
    place += 4;
  }
  finish(at, 0, j0, sumLanes(s0));
  finish(at, 4, j1, sumLanes(s1));
  finish(at, 8, j2, sumLanes(s2));
  finish(at, 12, j3, sumLanes(s3));
}

function finish(at: usize, lane: usize, j: usize, rest: f32): void {
  const a = drive * load<f32>(scale + (j << 2)) * (load<f32>(current + (j << 2)) + rest);
  store<f32>(keptDrive + at + lane, a);
  store<f32>(keptScore + at + lane, reach * a - load<f32>(theta + (j << 2)));
}
