// Step 8c, one-shot initialisation: neuron j takes the sample as its weights, and a threshold in proportion to the
// drive that this sample gives it
//
//   W_j = S f / sum_i f_i          theta_j = imprintShare sum_i xhat_i W_ij ,  xhat_i = 100 x_i / X
//
// raw_ij = f_i. Sums over i are taken in four partial sums, as in learn.ts.
import { columnSum, imprintShare } from './constants';
import { storeCells } from './learn';
import { sumLanes } from './lanes';
import { zero } from './buffers';
import { intensity, quads } from './read';
import {
  byInput,
  byNeuron,
  clock,
  inputStride,
  lastWin,
  neurons,
  neuronStride,
  rawSum,
  scale,
  spikesSoFar,
  theta,
} from './state';
import { quadInputs, quadOffset, quadTrace } from './work';

/** Imprints the sample on neuron j; `makeTrace` must have computed its traces. */
export function imprint(j: i32): void {
  const column = byNeuron + ((<usize>j * <usize>inputStride) << 2);
  const end = (<usize>quads) << 2;
  zero(column, (<usize>inputStride) << 2);
  let sum = f32x4.splat(0);
  let own = f32x4.splat(0);
  for (let at: usize = 0; at < end; at += 4) {
    const bytes = v128.load32_zero(quadInputs + at);
    const x = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)));
    const f = v128.load(quadTrace + (at << 2));
    v128.store(column + <usize>load<u32>(quadOffset + at), f);
    sum = f32x4.add(sum, f);
    own = f32x4.add(own, f32x4.mul(f, x));
  }
  copyColumn(j, column);
  const total = sumLanes(sum);
  const factor = columnSum / total;
  const at = (<usize>j) << 2;
  store<f32>(rawSum + at, total);
  store<f32>(scale + at, factor);
  store<f32>(theta + at, imprintShare * factor * sumLanes(own) * (<f32>100 / <f32>intensity));
  store<i32>(spikesSoFar + at, 1);
  store<f64>(lastWin + (at << 1), load<f64>(clock));
}

// Copies a column into the rows, including zeros.
function copyColumn(j: i32, column: usize): void {
  const rowBytes = (<usize>neuronStride) << 2;
  const end = column + ((<usize>inputStride) << 2);
  let cell = byInput + ((<usize>j) << 2);
  for (let at = column; at < end; at += 16) {
    storeCells(cell, rowBytes, v128.load(at));
    cell += rowBytes << 2;
  }
}

/** Copies all columns into the rows, since a stored state contains only the columns. */
export function restoreRows(): void {
  for (let j: i32 = 0; j < neurons; j++) copyColumn(j, byNeuron + ((<usize>j * <usize>inputStride) << 2));
}
