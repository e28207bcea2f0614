// One step of all neurons, voltages and thresholds in units of g:
//
//   v_j <- d v_j + (W_aj + W_bj + ..)      over the inputs a, b, .. that spiked, ascending; resting neurons: v_j <- d v_j
//
// Rows are added in registers, 32 neurons at a time.
import { decay } from '../point';
import { neuronStride } from '../state';
import { rowsEnd } from './spikes';
import { firing, spikeRow, voltage } from './work';

/** Lets all neurons take the rows of this step; whether one may have reached its threshold. */
export function integrate(): bool {
  const end = (<usize>neuronStride) << 2;
  const wide = end & ~127;
  let reached = i32x4.splat(0);
  let at: usize = 0;
  for (; at < wide; at += 128) reached = v128.or(reached, addWide(at));
  for (; at < (end & ~63); at += 64) reached = v128.or(reached, addHalf(at));
  for (; at < end; at += 16) reached = v128.or(reached, addOne(at));
  return v128.any_true(reached);
}

// Leak and threshold of four neurons that take `sum`.
function take(at: usize, sum: v128): v128 {
  const v = f32x4.add(f32x4.mul(v128.load(voltage + at), f32x4.splat(decay)), sum);
  v128.store(voltage + at, v);
  return f32x4.ge(v, v128.load(firing + at));
}

function addWide(at: usize): v128 {
  const end = spikeRow + rowsEnd;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  for (let spike = spikeRow; spike < end; spike += 4) {
    const row = <usize>load<u32>(spike) + at;
    s0 = f32x4.add(s0, v128.load(row));
    s1 = f32x4.add(s1, v128.load(row, 16));
    s2 = f32x4.add(s2, v128.load(row, 32));
    s3 = f32x4.add(s3, v128.load(row, 48));
    s4 = f32x4.add(s4, v128.load(row, 64));
    s5 = f32x4.add(s5, v128.load(row, 80));
    s6 = f32x4.add(s6, v128.load(row, 96));
    s7 = f32x4.add(s7, v128.load(row, 112));
  }
  let reached = v128.or(take(at, s0), take(at + 16, s1));
  reached = v128.or(reached, v128.or(take(at + 32, s2), take(at + 48, s3)));
  reached = v128.or(reached, v128.or(take(at + 64, s4), take(at + 80, s5)));
  return v128.or(reached, v128.or(take(at + 96, s6), take(at + 112, s7)));
}

function addHalf(at: usize): v128 {
  const end = spikeRow + rowsEnd;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let spike = spikeRow; spike < end; spike += 4) {
    const row = <usize>load<u32>(spike) + at;
    s0 = f32x4.add(s0, v128.load(row));
    s1 = f32x4.add(s1, v128.load(row, 16));
    s2 = f32x4.add(s2, v128.load(row, 32));
    s3 = f32x4.add(s3, v128.load(row, 48));
  }
  const reached = v128.or(take(at, s0), take(at + 16, s1));
  return v128.or(reached, v128.or(take(at + 32, s2), take(at + 48, s3)));
}

function addOne(at: usize): v128 {
  const end = spikeRow + rowsEnd;
  let sum = f32x4.splat(0);
  for (let spike = spikeRow; spike < end; spike += 4) sum = f32x4.add(sum, v128.load(<usize>load<u32>(spike) + at));
  return take(at, sum);
}
