// One step of all neurons, voltages and thresholds in units of g:
//
//   v_j <- d v_j + (W_aj + W_bj + ..)      over the inputs a, b, .. that spiked, ascending; resting neurons: v_j <- d v_j
//
// Rows are read whole, in streams of 5, two registers of each at a time; rows of zeros fill the last stream up to 3 or 5.
// The second register may lie after the last neuron, in the next row: those lanes never fire (fire.ts). Streams of 4, 6 and
// 8, and four registers at a time, came within 4 % of this; one register at a time took a fifth longer, and sums of 48
// neurons kept in registers over all rows of a step nearly twice as long (N = 400, T = 350).
import { decay } from '../point';
import { neuronStride } from '../state';
import { current, zeroRow } from '../work';
import { rowsEnd } from './spikes';
import { firing, spikeRow, voltage } from './timed-work';

const STREAM: usize = 20;

/** Adds the rows of this step to all neurons; returns whether one may have reached its threshold. */
export function integrate(): bool {
  let rows = spikeRow;
  const end = rows + rowsEnd;
  for (let k: usize = 0; k < STREAM; k += 4) store<u32>(end + k, <u32>zeroRow);
  let from = zeroRow;
  for (; rows + STREAM < end; rows += STREAM) {
    addFive(rows, from);
    from = current;
  }
  return v128.any_true(rows + 12 < end ? endWithFive(rows, from) : endWithThree(rows, from));
}

// Sums so far, from zeros or `current`, and five rows more.
function addFive(rows: usize, from: usize): void {
  let a = <usize>load<u32>(rows);
  let b = <usize>load<u32>(rows, 4);
  let c = <usize>load<u32>(rows, 8);
  let d = <usize>load<u32>(rows, 12);
  let e = <usize>load<u32>(rows, 16);
  let to = current;
  const end = to + ((<usize>neuronStride) << 2);
  do {
    let s = f32x4.add(v128.load(from), v128.load(a));
    s = f32x4.add(s, v128.load(b));
    s = f32x4.add(s, v128.load(c));
    s = f32x4.add(s, v128.load(d));
    v128.store(to, f32x4.add(s, v128.load(e)));
    s = f32x4.add(v128.load(from, 16), v128.load(a, 16));
    s = f32x4.add(s, v128.load(b, 16));
    s = f32x4.add(s, v128.load(c, 16));
    s = f32x4.add(s, v128.load(d, 16));
    v128.store(to, f32x4.add(s, v128.load(e, 16)), 16);
    from += 32;
    a += 32;
    b += 32;
    c += 32;
    d += 32;
    e += 32;
    to += 32;
  } while (to < end);
}

// The last rows, then leak and threshold: nonzero where a neuron reached its own.
function endWithFive(rows: usize, from: usize): v128 {
  let a = <usize>load<u32>(rows);
  let b = <usize>load<u32>(rows, 4);
  let c = <usize>load<u32>(rows, 8);
  let d = <usize>load<u32>(rows, 12);
  let e = <usize>load<u32>(rows, 16);
  let v = voltage;
  let least = firing;
  const end = v + ((<usize>neuronStride) << 2);
  const kept = f32x4.splat(decay);
  let reached = i32x4.splat(0);
  do {
    let s = f32x4.add(v128.load(from), v128.load(a));
    s = f32x4.add(s, v128.load(b));
    s = f32x4.add(s, v128.load(c));
    s = f32x4.add(s, v128.load(d));
    s = f32x4.add(f32x4.mul(v128.load(v), kept), f32x4.add(s, v128.load(e)));
    v128.store(v, s);
    reached = v128.or(reached, f32x4.ge(s, v128.load(least)));
    s = f32x4.add(v128.load(from, 16), v128.load(a, 16));
    s = f32x4.add(s, v128.load(b, 16));
    s = f32x4.add(s, v128.load(c, 16));
    s = f32x4.add(s, v128.load(d, 16));
    s = f32x4.add(f32x4.mul(v128.load(v, 16), kept), f32x4.add(s, v128.load(e, 16)));
    v128.store(v, s, 16);
    reached = v128.or(reached, f32x4.ge(s, v128.load(least, 16)));
    from += 32;
    a += 32;
    b += 32;
    c += 32;
    d += 32;
    e += 32;
    v += 32;
    least += 32;
  } while (v < end);
  return reached;
}

function endWithThree(rows: usize, from: usize): v128 {
  let a = <usize>load<u32>(rows);
  let b = <usize>load<u32>(rows, 4);
  let c = <usize>load<u32>(rows, 8);
  let v = voltage;
  let least = firing;
  const end = v + ((<usize>neuronStride) << 2);
  const kept = f32x4.splat(decay);
  let reached = i32x4.splat(0);
  do {
    let s = f32x4.add(v128.load(from), v128.load(a));
    s = f32x4.add(s, v128.load(b));
    s = f32x4.add(f32x4.mul(v128.load(v), kept), f32x4.add(s, v128.load(c)));
    v128.store(v, s);
    reached = v128.or(reached, f32x4.ge(s, v128.load(least)));
    s = f32x4.add(v128.load(from, 16), v128.load(a, 16));
    s = f32x4.add(s, v128.load(b, 16));
    s = f32x4.add(f32x4.mul(v128.load(v, 16), kept), f32x4.add(s, v128.load(c, 16)));
    v128.store(v, s, 16);
    reached = v128.or(reached, f32x4.ge(s, v128.load(least, 16)));
    from += 32;
    a += 32;
    b += 32;
    c += 32;
    v += 32;
    least += 32;
  } while (v < end);
  return reached;
}
