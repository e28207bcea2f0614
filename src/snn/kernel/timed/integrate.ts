// One step of all neurons, voltages and thresholds in units of g:
//
//   v_j <- d v_j + (W_aj + W_bj + ..)      over the inputs a, b, .. that spiked, ascending; resting neurons: v_j <- d v_j
//
// Rows are read whole, in streams of 5, as in ../first-look; rows of zeros fill the last one up.
import { decay } from '../point';
import { neuronStride } from '../state';
import { current, zeroRow } from '../work';
import { rowsEnd } from './spikes';
import { firing, spikeRow, voltage } from './work';

const STREAM: usize = 20;

/** Lets all neurons take the rows of this step; whether one may have reached its threshold. */
export function integrate(): bool {
  let end = spikeRow + rowsEnd;
  let rows = spikeRow;
  for (let k: usize = 0; k < STREAM; k += 4) store<u32>(end + k, <u32>zeroRow);
  if (rowsEnd <= STREAM) return v128.any_true(addOnly(rows));
  addFirst(rows);
  rows += STREAM;
  for (; rows + STREAM < end; rows += STREAM) addMore(rows);
  return v128.any_true(addLast(rows));
}

// The only stream of a step.
function addOnly(rows: usize): v128 {
  let a = <usize>load<u32>(rows);
  let b = <usize>load<u32>(rows, 4);
  let c = <usize>load<u32>(rows, 8);
  let d = <usize>load<u32>(rows, 12);
  let e = <usize>load<u32>(rows, 16);
  const end = (<usize>neuronStride) << 2;
  const kept = f32x4.splat(decay);
  let reached = i32x4.splat(0);
  let at: usize = 0;
  do {
    let sum = v128.load(a);
    sum = f32x4.add(sum, v128.load(b));
    sum = f32x4.add(sum, v128.load(c));
    sum = f32x4.add(sum, v128.load(d));
    sum = f32x4.add(sum, v128.load(e));
    const v = f32x4.add(f32x4.mul(v128.load(voltage + at), kept), sum);
    v128.store(voltage + at, v);
    reached = v128.or(reached, f32x4.ge(v, v128.load(firing + at)));
    a += 16;
    b += 16;
    c += 16;
    d += 16;
    e += 16;
    at += 16;
  } while (at < end);
  return reached;
}

// The first of several.
function addFirst(rows: usize): void {
  let a = <usize>load<u32>(rows);
  let b = <usize>load<u32>(rows, 4);
  let c = <usize>load<u32>(rows, 8);
  let d = <usize>load<u32>(rows, 12);
  let e = <usize>load<u32>(rows, 16);
  const end = (<usize>neuronStride) << 2;
  let at: usize = 0;
  do {
    let sum = v128.load(a);
    sum = f32x4.add(sum, v128.load(b));
    sum = f32x4.add(sum, v128.load(c));
    sum = f32x4.add(sum, v128.load(d));
    sum = f32x4.add(sum, v128.load(e));
    v128.store(current + at, sum);
    a += 16;
    b += 16;
    c += 16;
    d += 16;
    e += 16;
    at += 16;
  } while (at < end);
}

// One between.
function addMore(rows: usize): void {
  let a = <usize>load<u32>(rows);
  let b = <usize>load<u32>(rows, 4);
  let c = <usize>load<u32>(rows, 8);
  let d = <usize>load<u32>(rows, 12);
  let e = <usize>load<u32>(rows, 16);
  const end = (<usize>neuronStride) << 2;
  let at: usize = 0;
  do {
    let sum = f32x4.add(v128.load(current + at), v128.load(a));
    sum = f32x4.add(sum, v128.load(b));
    sum = f32x4.add(sum, v128.load(c));
    sum = f32x4.add(sum, v128.load(d));
    sum = f32x4.add(sum, v128.load(e));
    v128.store(current + at, sum);
    a += 16;
    b += 16;
    c += 16;
    d += 16;
    e += 16;
    at += 16;
  } while (at < end);
}

// The last: leak and threshold too.
function addLast(rows: usize): v128 {
  let a = <usize>load<u32>(rows);
  let b = <usize>load<u32>(rows, 4);
  let c = <usize>load<u32>(rows, 8);
  let d = <usize>load<u32>(rows, 12);
  let e = <usize>load<u32>(rows, 16);
  const end = (<usize>neuronStride) << 2;
  const kept = f32x4.splat(decay);
  let reached = i32x4.splat(0);
  let at: usize = 0;
  do {
    let sum = f32x4.add(v128.load(current + at), v128.load(a));
    sum = f32x4.add(sum, v128.load(b));
    sum = f32x4.add(sum, v128.load(c));
    sum = f32x4.add(sum, v128.load(d));
    sum = f32x4.add(sum, v128.load(e));
    const v = f32x4.add(f32x4.mul(v128.load(voltage + at), kept), sum);
    v128.store(voltage + at, v);
    reached = v128.or(reached, f32x4.ge(v, v128.load(firing + at)));
    a += 16;
    b += 16;
    c += 16;
    d += 16;
    e += 16;
    at += 16;
  } while (at < end);
  return reached;
}
