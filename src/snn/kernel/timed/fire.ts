// At most one spike per step: the neuron w with the largest v - (Vth + theta) fires, if that is not below 0 (ties: the
// first).
//
//   v_j -= inh  for every j ;  v_w = Vreset ;  w takes no input for t_ref steps ;  learning: theta_w += theta+
//
// all in units of g. A resting neuron cannot fire: its voltage starts below Vth and does not rise to it.
import { reset, thetaPlus, threshold } from '../constants';
import { maxLanes } from '../lanes';
import { decay } from '../point';
import { countSpike } from '../result';
import { neurons, neuronStride, theta } from '../state';
import { fired } from '../work';
import { inhibition } from './timed-constants';
import { refractory, unit } from './timed-point';
import { firing, lastPost, restVoltage, spikesOf, voltage, winnerAt, winnerOf } from './timed-work';

/** Number of neurons in `fired`. */
export let firedInTime: i32 = 0;

/** Number of output spikes so far, and index of the first whose neuron still rests. */
let spikes: i32 = 0;
let resting: i32 = 0;

/** Begins a sample: v = 0, and no neuron has fired. */
export function startNeurons(): void {
  const end = (<usize>neuronStride) << 2;
  const vth = f32x4.splat(threshold);
  const perGain = f32x4.splat(unit);
  for (let at: usize = 0; at < end; at += 16) {
    v128.store(firing + at, f32x4.mul(f32x4.add(vth, v128.load(theta + at)), perGain));
  }
  // Lanes after the last neuron, which integrate.ts may write, never fire.
  for (let at = (<usize>neurons) << 2; at < end + 16; at += 4) store<f32>(firing + at, f32.MAX_VALUE);
  memory.fill(voltage, 0, end);
  memory.fill(spikesOf, 0, end);
  spikes = 0;
  resting = 0;
  firedInTime = 0;
}

/** Saves the voltages of the neurons that rest in step t. */
export function keepResting(t: i32): void {
  while (resting < spikes && t > load<i32>(winnerAt + ((<usize>resting) << 2)) + refractory) resting++;
  for (let at = (<usize>resting) << 2; at < (<usize>spikes) << 2; at += 4) {
    store<f32>(restVoltage + at, load<f32>(voltage + ((<usize>load<i32>(winnerOf + at)) << 2)));
  }
}

/** Sets the voltages of resting neurons as if they had no input in this step. */
export function restoreResting(): void {
  for (let at = (<usize>resting) << 2; at < (<usize>spikes) << 2; at += 4) {
    store<f32>(voltage + ((<usize>load<i32>(winnerOf + at)) << 2), load<f32>(restVoltage + at) * decay);
  }
}

/** Lets at most one neuron fire in step t. Returns it; -1: none. */
export function fire(t: i32, learn: bool): i32 {
  const w = winner();
  if (w < 0) return -1;
  const at = (<usize>w) << 2;
  const strong = f32x4.splat(inhibition * unit);
  for (let j: usize = 0; j < (<usize>neuronStride) << 2; j += 16) {
    v128.store(voltage + j, f32x4.sub(v128.load(voltage + j), strong));
  }
  store<f32>(voltage + at, reset * unit);
  if (learn) {
    const grown = load<f32>(theta + at) + thetaPlus;
    store<f32>(theta + at, grown);
    store<f32>(firing + at, (threshold + grown) * unit);
  }
  remember(w, t);
  return w;
}

function remember(w: i32, t: i32): void {
  const at = (<usize>w) << 2;
  const before = load<i32>(spikesOf + at);
  if (before == 0) {
    store<i32>(fired + ((<usize>firedInTime) << 2), w);
    firedInTime++;
  }
  store<i32>(spikesOf + at, before + 1);
  store<i32>(lastPost + at, t);
  store<i32>(winnerOf + ((<usize>spikes) << 2), w);
  store<i32>(winnerAt + ((<usize>spikes) << 2), t);
  spikes++;
  countSpike(t + 1, w);
}

function winner(): i32 {
  const best = largestMargin();
  if (best < 0) return -1;
  return neuronWith(best);
}

/** The neuron that came nearest to its threshold (largest v - theta; ties: the first). */
export function nearestToFire(): i32 {
  return neuronWith(largestMargin());
}

function largestMargin(): f32 {
  let most = f32x4.splat(-f32.MAX_VALUE);
  for (let at: usize = 0; at < (<usize>neuronStride) << 2; at += 16) most = f32x4.pmax(most, marginAt(at));
  return maxLanes(most);
}

function neuronWith(margin: f32): i32 {
  const wanted = f32x4.splat(margin);
  let at: usize = 0;
  let found = i32x4.bitmask(f32x4.eq(marginAt(at), wanted));
  while (found == 0) {
    at += 16;
    found = i32x4.bitmask(f32x4.eq(marginAt(at), wanted));
  }
  return <i32>(at >> 2) + i32.ctz(found);
}

function marginAt(at: usize): v128 {
  return f32x4.sub(v128.load(voltage + at), v128.load(firing + at));
}
