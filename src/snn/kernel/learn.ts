// Step 8: expected-trace STDP, once per neuron that fired, and the decay of thresholds.
//
//   f_i = x_i / (x_i + traceHalf X)          W_ij += n_j eta_j f_i ,  eta_j = max(rateLast, 1 / (rateFirst + s_j))
//   then sum_i W_ij = S:  raw_ij += (n_j eta_j / scale_j) f_i ,  rawSum_j += the same ,  scale_j = S / rawSum_j
//   theta_j *= thetaKeep, after a sample without a spike also *= silentKeep
//
// Order of additions: the increment of rawSum is summed in four partial sums over the inputs i mod 4, ascending, then
// (s0 + s1) + (s2 + s3). The same holds for every other sum over a column.
import { columnSum, rateFirst, rateLast, silentKeep, thetaKeep, traceHalf } from './constants';
import { sumLanes } from './lanes';
import { intensity, quads } from './read';
import { count, NORMALISATION_UPDATES, THRESHOLD_UPDATES } from './result';
import {
  byInput,
  byNeuron,
  clock,
  inputs,
  inputStride,
  lastWin,
  neuronStride,
  rawSum,
  scale,
  spikesSoFar,
  theta,
  touched,
} from './state';
import { quadInputs, quadOffset, quadTrace } from './work';

/** A smaller scale is multiplied into the weights, so that the stored numbers stay small. */
const SMALLEST_SCALE: f32 = 0.001;

/** Computes f_i of the listed quads, with `halfTrace` in place of k / 100. */
export function makeTrace(halfTrace: f32 = traceHalf): void {
  const half = f32x4.splat(halfTrace * <f32>intensity);
  const end = (<usize>quads) << 2;
  for (let at: usize = 0; at < end; at += 4) {
    const bytes = v128.load32_zero(quadInputs + at);
    const x = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)));
    v128.store(quadTrace + (at << 2), f32x4.div(x, f32x4.add(x, half)));
  }
}

/** Moves the weights of neuron j, which fired n times, towards the sample. */
export function potentiate(j: i32, n: i32): void {
  const at = (<usize>j) << 2;
  const soFar = load<i32>(spikesSoFar + at);
  const eta = max(rateLast, <f32>1 / (rateFirst + <f32>soFar));
  const sum = load<f32>(rawSum + at) + addTrace(j, (<f32>n * eta) / load<f32>(scale + at));
  const factor = columnSum / sum;
  store<f32>(rawSum + at, sum);
  store<f32>(scale + at, factor);
  store<i32>(spikesSoFar + at, soFar + n);
  store<f64>(lastWin + (at << 1), load<f64>(clock));
  count(NORMALISATION_UPDATES, 1);
  if (factor < SMALLEST_SCALE) fold(j, factor);
}

// raw_ij += step f_i in both layouts. Returns the sum of the increments.
function addTrace(j: i32, step: f32): f32 {
  const column = byNeuron + ((<usize>j * <usize>inputStride) << 2);
  const cell = byInput + ((<usize>j) << 2);
  const rowBytes = (<usize>neuronStride) << 2;
  const rate = f32x4.splat(step);
  const end = (<usize>quads) << 2;
  let added = f32x4.splat(0);
  for (let at: usize = 0; at < end; at += 4) {
    const offset = <usize>load<u32>(quadOffset + at);
    const change = f32x4.mul(rate, v128.load(quadTrace + (at << 2)));
    const raw = f32x4.add(v128.load(column + offset), change);
    v128.store(column + offset, raw);
    added = f32x4.add(added, change);
    storeCells(cell + (offset >> 2) * rowBytes, rowBytes, raw);
  }
  return sumLanes(added);
}

/** Writes four neighbouring inputs of one neuron into their rows. */
export function storeCells(cell: usize, rowBytes: usize, raw: v128): void {
  store<f32>(cell, f32x4.extract_lane(raw, 0));
  store<f32>(cell + rowBytes, f32x4.extract_lane(raw, 1));
  store<f32>(cell + 2 * rowBytes, f32x4.extract_lane(raw, 2));
  store<f32>(cell + 3 * rowBytes, f32x4.extract_lane(raw, 3));
}

// raw_ij <- scale_j raw_ij, about once in 1,500 spikes.
function fold(j: i32, factor: f32): void {
  const column = byNeuron + ((<usize>j * <usize>inputStride) << 2);
  const rowBytes = (<usize>neuronStride) << 2;
  const by = f32x4.splat(factor);
  const end = (<usize>inputStride) << 2;
  let cell = byInput + ((<usize>j) << 2);
  let sum = f32x4.splat(0);
  for (let offset: usize = 0; offset < end; offset += 16) {
    const raw = f32x4.mul(v128.load(column + offset), by);
    v128.store(column + offset, raw);
    storeCells(cell, rowBytes, raw);
    sum = f32x4.add(sum, raw);
    cell += rowBytes << 2;
  }
  const total = sumLanes(sum);
  store<f32>(rawSum + ((<usize>j) << 2), total);
  store<f32>(scale + ((<usize>j) << 2), columnSum / total);
  count(NORMALISATION_UPDATES, inputs);
}

/** Lets the thresholds of all neurons decay. */
export function decayThresholds(silent: bool): void {
  const factor = f32x4.splat(silent ? thetaKeep * silentKeep : thetaKeep);
  const end = theta + ((<usize>touched) << 2);
  for (let at = theta; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), factor));
  count(THRESHOLD_UPDATES, touched);
}
