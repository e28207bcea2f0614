// One step of all neurons. Voltages and thresholds are in units of g:
//
//   v_j <- d v_j + (W_aj + W_bj + ..)      over the inputs a, b, .. that spiked, ascending; resting neurons: v_j <- d v_j
//
// Whole rows are read, in streams of 5 rows, two registers of each row at a time. Rows of zeros fill the last stream up
// to 3 or 5 rows. The second register may lie after the last neuron, in the next row; those lanes never fire (fire.ts).
// Measured alternatives (N = 400, T = 350): streams of 4, 6 and 8 rows, or four registers at a time, came within 4 % of
// this. One register at a time took a fifth longer. Sums of 48 neurons kept in registers over all rows of a step took
// nearly twice as long.
import { decay } from '../point';
import { neuronStride } from '../state';
import { current, zeroRow } from '../work';
import { rowsEnd } from './spikes';
import { firing, spikeRow, voltage } from './timed-work';

const STREAM: usize = 20;

/** Adds the rows of this step to all neurons. Returns whether a neuron may have reached its threshold. */
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

// Adds five rows to the sums in `from` (zeros or `current`), and writes them to `current`.
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

// Adds the last rows, then the leak. Lanes of the result are nonzero if a neuron reached its threshold.
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
