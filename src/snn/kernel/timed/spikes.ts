// Lists the inputs that spike in a step, by encoding.
//
//   poisson, regular: see there         first spike: t_i = floor(T (x_max - x_i) / x_max) , inputs with 10 x_i >= x_max
//   direct: no spikes, a constant current in all steps
import { steps } from '../point';
import { active } from '../read';
import { neuronStride } from '../state';
import { current } from '../work';
import { DIRECT, encoding, FIRST_SPIKE, REGULAR } from './timed-constants';
import { schedulePoisson } from './poisson';
import { scheduleRegular } from './regular';
import { enter, listStep, openSchedule, sortSchedule } from './spike-schedule';
import { activeRow, activeValue, chance, spikeRow } from './timed-work';

/** Bytes of `spikeRow` in use. */
export let rowsEnd: usize = 0;

/** Computes all input spikes, or the current, of a sample. */
export function startSpikes(): void {
  if (encoding == DIRECT) return addCurrent();
  const begin = openSchedule();
  if (encoding == FIRST_SPIKE) sortSchedule(scheduleFirst(begin));
  else sortSchedule(encoding == REGULAR ? scheduleRegular(begin) : schedulePoisson(begin));
}

/** Lists the rows of the inputs that spike in step t; returns their number. */
export function listSpikes(t: i32): i32 {
  if (encoding == DIRECT) return 0;
  rowsEnd = listStep(t);
  return <i32>(rowsEnd >> 2);
}

function scheduleFirst(to: usize): usize {
  const end = (<usize>active) << 2;
  let most: i32 = 0;
  for (let k: usize = 0; k < end; k += 4) most = max(most, <i32>load<f32>(activeValue + k));
  for (let k: usize = 0; k < end; k += 4) {
    const x = <i32>load<f32>(activeValue + k);
    if (10 * x >= most) to = enter(to, k, ((most - x) * steps) / most);
  }
  return to;
}

// I_j = sum_i p_i W_ij, inputs ascending. Every step adds it like the row of one input.
function addCurrent(): void {
  const bytes = (<usize>neuronStride) << 2;
  memory.fill(current, 0, bytes);
  for (let k: usize = 0; k < (<usize>active) << 2; k += 4) {
    const row = <usize>load<u32>(activeRow + k);
    const p = f32x4.splat(load<f32>(chance + k));
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(current + at, f32x4.add(v128.load(current + at), f32x4.mul(p, v128.load(row + at))));
    }
  }
  store<u32>(spikeRow, <u32>current);
  rowsEnd = 4;
}
