// Which inputs spike in a step.
//
//   poisson: 16 random bits < p_i , fresh in every step         regular: phase_i += p_i modulo 1, a spike on carry
//   first spike: t_i = floor(T (x_max - x_i) / x_max) , inputs with 10 x_i >= x_max       direct: one current for all steps
//
// Comparing every active input in every step costs eight inputs an instruction and needs neither logarithm nor sorting;
// drawing geometric intervals would cost a table look-up and a sorted list per spike, dearer at every T up to 1000.
// Spikes of a step are listed in scan order: the order in which rows are added.
import { steps } from '../point';
import { active } from '../read';
import { neuronStride } from '../state';
import { current } from '../work';
import { eights, perIntensity } from './active';
import { DIRECT, encoding, FIRST_SPIKE, REGULAR } from './constants';
import { ahead, draw, startAt } from './random';
import { activeRow, activeValue, chance, inOrder, lastPre, phase, spikeRow, stepBegin } from './work';

/** Bytes of `spikeRow` in use. */
export let rowsEnd: usize = 0;

let counters: v128 = i32x4.splat(0);

/** Makes ready for a sample. */
export function startSpikes(): void {
  counters = startAt(0);
  rowsEnd = 0;
  if (encoding == DIRECT) addCurrent();
  else if (encoding == FIRST_SPIKE) sortByTime();
}

/** Lists the rows of the inputs that spike in step t; how many do. */
export function listSpikes(t: i32): i32 {
  if (encoding == DIRECT) return 0;
  if (encoding == FIRST_SPIKE) firstSpikes(t);
  else if (encoding == REGULAR) regularSpikes(t);
  else poissonSpikes(t);
  return <i32>(rowsEnd >> 2);
}

function poissonSpikes(t: i32): void {
  let at = counters;
  let to: usize = 0;
  const end = (<usize>eights) << 4;
  for (let k: usize = 0; k < end; k += 16) {
    const spiked = i16x8.bitmask(i16x8.lt_u(draw(at), v128.load(chance + k)));
    at = i32x4.add(at, ahead());
    to = list(spiked, k << 1, to, t);
  }
  counters = at;
  rowsEnd = to;
}

function regularSpikes(t: i32): void {
  let to: usize = 0;
  const end = (<usize>eights) << 4;
  for (let k: usize = 0; k < end; k += 16) {
    const p = v128.load(chance + k);
    const after = i16x8.add(v128.load(phase + k), p);
    v128.store(phase + k, after);
    to = list(i16x8.bitmask(i16x8.lt_u(after, p)), k << 1, to, t);
  }
  rowsEnd = to;
}

// Rows of the inputs whose bits are set, from place k on.
function list(spiked: i32, k: usize, from: usize, t: i32): usize {
  let to = from;
  let left = spiked;
  while (left != 0) {
    const at = k + ((<usize>i32.ctz(left)) << 2);
    left &= left - 1;
    store<u32>(spikeRow + to, load<u32>(activeRow + at));
    store<i32>(lastPre + at, t);
    to += 4;
  }
  return to;
}

function firstSpikes(t: i32): void {
  const end = (<usize>load<i32>(stepBegin + ((<usize>t + 1) << 2))) << 2;
  let to: usize = 0;
  for (let at = (<usize>load<i32>(stepBegin + ((<usize>t) << 2))) << 2; at < end; at += 4) {
    const k = (<usize>load<i32>(inOrder + at)) << 2;
    store<u32>(spikeRow + to, load<u32>(activeRow + k));
    store<i32>(lastPre + k, t);
    to += 4;
  }
  rowsEnd = to;
}

// Counting sort by time; inputs of one step stay in scan order.
function sortByTime(): void {
  const end = (<usize>active) << 2;
  let most: i32 = 0;
  for (let k: usize = 0; k < end; k += 4) most = max(most, <i32>load<f32>(activeValue + k));
  memory.fill(stepBegin, 0, (<usize>(steps + 2)) << 2);
  for (let k: usize = 0; k < end; k += 4) {
    const t = timeOf(k, most);
    if (t >= 0) add(t + 2, 1);
  }
  for (let t: i32 = 1; t <= steps; t++) add(t + 1, load<i32>(stepBegin + ((<usize>t) << 2)));
  for (let k: usize = 0; k < end; k += 4) {
    const t = timeOf(k, most);
    if (t < 0) continue;
    store<i32>(inOrder + ((<usize>add(t + 1, 1)) << 2), <i32>(k >> 2));
  }
}

// Step of an input's only spike, -1: none.
function timeOf(k: usize, most: i32): i32 {
  const x = <i32>load<f32>(activeValue + k);
  return 10 * x >= most ? ((most - x) * steps) / most : -1;
}

// Adds to a step's entry; what it was.
function add(step: i32, amount: i32): i32 {
  const at = stepBegin + ((<usize>step) << 2);
  const before = load<i32>(at);
  store<i32>(at, before + amount);
  return before;
}

// I_j = sum_i p_i W_ij, inputs ascending; every step adds it as if it were the row of one input.
function addCurrent(): void {
  const perUnit = perIntensity();
  const bytes = (<usize>neuronStride) << 2;
  memory.fill(current, 0, bytes);
  for (let k: usize = 0; k < (<usize>active) << 2; k += 4) {
    const row = <usize>load<u32>(activeRow + k);
    const p = f32x4.splat(min<f32>(1, load<f32>(activeValue + k) * perUnit));
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(current + at, f32x4.add(v128.load(current + at), f32x4.mul(p, v128.load(row + at))));
    }
  }
  store<u32>(spikeRow, <u32>current);
  rowsEnd = 4;
}
