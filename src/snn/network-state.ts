import { TopsparkError } from '../base/errors.js';
import type { Kernel } from './kernel-module.js';
import type { NetworkShape } from './network-shape.js';

/**
 * The arrays of a network between samples, for N neurons, D inputs and a capacity of C classes. D and C are rounded up
 * to multiples of 4; the extra lanes are zero. Inputs are in scan order.
 */
export interface NetworkState {
  /** Raw weights, W_ij = scale_j · raw_ij: N × D, or D × N (see {@link WeightLayout}). */
  readonly weights: Float32Array;
  /** N each: scale, Σ_i raw_ij, θ_j. */
  readonly scale: Float32Array;
  readonly rawSum: Float32Array;
  readonly theta: Float32Array;
  /** N: spikes so far. */
  readonly spikesSoFar: Int32Array;
  /** 1: samples learned so far; this is the network's clock. */
  readonly clock: Float64Array;
  /** N each: clock of the last spike and of the last renewal. */
  readonly lastWin: Float64Array;
  readonly renewedAt: Float64Array;
  /** N × C: evidence R_jc and message M_jc; N: Σ_c R_jc. */
  readonly evidence: Float32Array;
  readonly message: Float32Array;
  readonly evidenceSum: Float32Array;
  /** N: 1 + the class with the largest evidence; 0: none. C: number of neurons of each class. */
  readonly owner: Int32Array;
  readonly owned: Int32Array;
}

/** The numbers that belong to a {@link NetworkState}. */
export interface NetworkScalars {
  /** Neurons that have formed. */
  readonly touched: number;
  /** Classes so far. */
  readonly classes: number;
}

const roundUp = (count: number): number => (count + 3) & ~3;

/** Layout of a network's weights: `byNeuron` is [j][i], `byInput` is [i][j]. */
export type WeightLayout = 'byNeuron' | 'byInput';

/** Views of the kernel's state. */
export function viewState(kernel: Kernel, shape: NetworkShape, capacity: number, layout: WeightLayout): NetworkState {
  const { neurons } = shape;
  const inputs = shape.rows * shape.columns;
  const weights = layout === 'byNeuron' ? neurons * roundUp(inputs) : inputs * roundUp(neurons);
  const table = neurons * roundUp(capacity);
  return {
    weights: kernel.view(Float32Array, layout, weights),
    scale: kernel.view(Float32Array, 'scale', neurons),
    rawSum: kernel.view(Float32Array, 'rawSum', neurons),
    theta: kernel.view(Float32Array, 'theta', neurons),
    spikesSoFar: kernel.view(Int32Array, 'spikesSoFar', neurons),
    clock: kernel.view(Float64Array, 'clock', 1),
    lastWin: kernel.view(Float64Array, 'lastWin', neurons),
    renewedAt: kernel.view(Float64Array, 'renewedAt', neurons),
    evidence: kernel.view(Float32Array, 'evidence', table),
    message: kernel.view(Float32Array, 'message', table),
    evidenceSum: kernel.view(Float32Array, 'evidenceSum', neurons),
    owner: kernel.view(Int32Array, 'owner', neurons),
    owned: kernel.view(Int32Array, 'owned', roundUp(capacity)),
  };
}

/**
 * Checks that a stored state can be restored: lengths, finite numbers, indices within bounds.
 *
 * @param into - views of the network that will receive it
 * @throws TopsparkError `bad_state` naming what was found and expected
 */
export function checkState(state: NetworkState, scalars: NetworkScalars, into: NetworkState): void {
  for (const name of Object.keys(into) as (keyof NetworkState)[]) {
    const found = state[name];
    const expected = into[name];
    if (found.length !== expected.length) fail(`${name}.length`, found.length, String(expected.length));
    const bad = found.findIndex((value) => !(value >= 0 && value < Infinity));
    if (bad >= 0) fail(`${name}[${bad}]`, found[bad], 'a finite number from 0');
  }
  const { touched, classes } = scalars;
  const neurons = into.scale.length;
  checkScalar('touched', touched, neurons);
  checkScalar('classes', classes, into.owned.length);
  const lost = state.owner.findIndex((owner) => owner > classes);
  if (lost >= 0) fail(`owner[${lost}]`, state.owner[lost], `0..${classes}`);
  const empty = state.scale.findIndex((scale, j) => (j < touched ? scale <= 0 : scale !== 0));
  if (empty >= 0) fail(`scale[${empty}]`, state.scale[empty], `above 0 for ${touched} neurons and 0 behind`);
}

function checkScalar(name: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 0 || value > most) fail(name, value, `an integer in 0..${most}`);
}

function fail(what: string, found: unknown, expected: string): never {
  const message = `${what} of the stored network is ${String(found)}, expected ${expected}`;
  throw new TopsparkError('bad_state', 'checkpoint', message);
}
