// Columns of weights. Here W_ij = raw_ij (scale_j = 1), stored only as rows [i][j].
//
//   start: W_ij = 0.3 U(0, 1) , U = (z >> 8) 2^-24 with z of counter i stride + j ;  then   W_ij <- min(1, W_ij S / sum_i W_ij)
//
// Order of additions over a column: four partial sums over i mod 4, ascending, then (s0 + s1) + (s2 + s3). The cut at 1
// keeps weights in 0..1 where fewer than S inputs are ever active; then the sum stays below S.
import { columnSum } from '../constants';
import { commit } from '../buffers';
import { byInput, create, inputs, inputStride, neurons, neuronStride, scale, touchNext, touched } from '../state';
import { MOST_WEIGHT } from './timed-constants';
import { ahead, draw, openStream, PHASES, seedWith, startAt, WEIGHTS } from './kernel-random';
import { createTimedWork, startPhase } from './timed-work';

/** Reserves the memory; false if there is not enough. The columns [j][i] are never touched. */
export function createInTime(neuronCount: i32, inputCount: i32, classCapacity: i32, invertBright: bool): bool {
  if (!create(neuronCount, inputCount, classCapacity, invertBright)) return false;
  createTimedWork();
  return commit();
}

/** Seeds the random numbers, and draws initial weights and phases. All other state must be zero, as after `clear`. */
export function sow(seed: f64): void {
  seedWith(seed);
  openStream(WEIGHTS);
  for (let i: i32 = 0; i < inputs; i++) sowRow(i);
  for (let at: usize = 0; at < (<usize>neurons) << 2; at += 16) normaliseFour(at);
  while (touched < neurons) store<f32>(scale + ((<usize>touchNext()) << 2), 1);
  sowPhases();
}

function sowPhases(): void {
  openStream(PHASES);
  for (let i: i32 = 0; i < inputs; i++) {
    store<u16>(startPhase + ((<usize>i) << 1), <u16>(i32x4.extract_lane(draw(startAt(i)), 0) >>> 16));
  }
}

function sowRow(i: i32): void {
  const row = byInput + ((<usize>i * <usize>neuronStride) << 2);
  const whole = (<usize>neurons) << 2;
  let counters = startAt(<u32>i * <u32>neuronStride);
  let at: usize = 0;
  do {
    const bits = i32x4.shr_u(draw(counters), 8);
    const u = f32x4.mul(f32x4.convert_i32x4_s(bits), f32x4.splat(<f32>(1.0 / 16777216.0)));
    v128.store(row + at, f32x4.mul(f32x4.splat(0.3), u));
    counters = i32x4.add(counters, ahead());
    at += 16;
  } while (at < whole);
  for (let j = whole; j < at; j += 4) store<f32>(row + j, 0);
}

// Rescales four columns at once, for the start. Lanes after the last neuron are 0 and stay 0.
function normaliseFour(at: usize): void {
  const rowBytes = (<usize>neuronStride) << 2;
  const end = byInput + <usize>inputStride * rowBytes;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let row = byInput + at; row < end; row += 4 * rowBytes) {
    s0 = f32x4.add(s0, v128.load(row));
    s1 = f32x4.add(s1, v128.load(row + rowBytes));
    s2 = f32x4.add(s2, v128.load(row + 2 * rowBytes));
    s3 = f32x4.add(s3, v128.load(row + 3 * rowBytes));
  }
  const sum = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  const some = f32x4.gt(sum, f32x4.splat(0));
  const factor = v128.and(some, f32x4.div(f32x4.splat(columnSum), sum));
  for (let row = byInput + at; row < end; row += rowBytes) {
    v128.store(row, f32x4.pmin(f32x4.splat(MOST_WEIGHT), f32x4.mul(v128.load(row), factor)));
  }
}

/** Rescales the column of neuron j. If all its weights are 0, each becomes S / D. */
export function normalise(j: i32): void {
  const rowBytes = (<usize>neuronStride) << 2;
  const cells = byInput + ((<usize>j) << 2);
  const end = cells + <usize>inputStride * rowBytes;
  let s0: f32 = 0;
  let s1: f32 = 0;
  let s2: f32 = 0;
  let s3: f32 = 0;
  for (let cell = cells; cell < end; cell += 4 * rowBytes) {
    s0 += load<f32>(cell);
    s1 += load<f32>(cell + rowBytes);
    s2 += load<f32>(cell + 2 * rowBytes);
    s3 += load<f32>(cell + 3 * rowBytes);
  }
  const sum = s0 + s1 + (s2 + s3);
  if (sum == 0) return level(cells, rowBytes);
  const factor = columnSum / sum;
  for (let cell = cells; cell < end; cell += rowBytes) {
    store<f32>(cell, min<f32>(MOST_WEIGHT, load<f32>(cell) * factor));
  }
}

function level(cells: usize, rowBytes: usize): void {
  const each: f32 = columnSum / <f32>inputs;
  const end = cells + <usize>inputs * rowBytes;
  for (let cell = cells; cell < end; cell += rowBytes) store<f32>(cell, each);
}
