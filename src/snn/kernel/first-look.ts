// Steps 3 and 4: all neurons read the first events, the K best stay.
//
//   I_j = sum over first events of raw_ij          score_j = reach g (E / E1) scale_j I_j - theta_j
import { firstEvents, firstRows } from './events';
import { drive, events, reach } from './point';
import { count, SYNAPTIC_EVENTS } from './result';
import { scale, theta, touched } from './state';
import { current, firstRow, score, STREAMS } from './work';

/** Adds the first events to `current`. */
export function addFirstEvents(): void {
  const bytes = (<usize>((touched + 3) & ~3)) << 2;
  memory.fill(current, 0, bytes);
  const end = firstRow + ((<usize>firstRows) << 2);
  let at = firstRow;
  do {
    addRows(at, bytes);
    at += STREAMS << 2;
  } while (at < end);
  count(SYNAPTIC_EVENTS, firstEvents * touched);
}

// One stream: five rows, one addition after the other.
function addRows(rows: usize, bytes: usize): void {
  let a = <usize>load<u32>(rows);
  let b = <usize>load<u32>(rows, 4);
  let c = <usize>load<u32>(rows, 8);
  let d = <usize>load<u32>(rows, 12);
  let e = <usize>load<u32>(rows, 16);
  let at = current;
  const end = at + bytes;
  do {
    let sum = f32x4.add(v128.load(at), v128.load(a));
    sum = f32x4.add(sum, v128.load(b));
    sum = f32x4.add(sum, v128.load(c));
    sum = f32x4.add(sum, v128.load(d));
    v128.store(at, f32x4.add(sum, v128.load(e)));
    at += 16;
    a += 16;
    b += 16;
    c += 16;
    d += 16;
    e += 16;
  } while (at < end);
}

/** Scores of the touched neurons from the first events alone; lanes behind them are out of the running. */
export function scoreFirst(): void {
  const estimate = f32x4.splat(reach * drive * (<f32>events / <f32>firstEvents));
  const bytes = (<usize>((touched + 3) & ~3)) << 2;
  let at: usize = 0;
  do {
    const estimated = f32x4.mul(f32x4.mul(estimate, v128.load(scale + at)), v128.load(current + at));
    v128.store(score + at, f32x4.sub(estimated, v128.load(theta + at)));
    at += 16;
  } while (at < bytes);
  for (at = (<usize>touched) << 2; at < bytes; at += 4) store<f32>(score + at, -f32.MAX_VALUE);
}
