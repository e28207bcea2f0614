// STDP with adaptive rates, once per window of steps instead of once per spike. n_i, n_j: spikes so far in this sample.
//
//   k_p = ceil(max_j n_j / n_th)          k_d = max_j n_j / max(1, max_i n_i)
//   j fired in the window:  W_ij <- min(1, W_ij + k_p eta_post exp(-(t - t_i) / tau))
//   j fired before it:      W_ij <- max(0, W_ij - k_d eta_pre exp(-(t - t_j) / tau))     inputs that have spiked
//
//   every 32nd learned sample:  W_ij <- weightKeep W_ij          before the columns of neurons that fired are rescaled
//
// After Putra & Shafique, FSpiNN (IEEE TCAD 39, 2020: updates per timestep window, potentiation factor) and SpikeDyn
// (DAC 2021, arXiv 2103.00424: both factors, decay of weights). Only their abstracts were available, which name
// factors, thresholds and decay; docs/method.md defines the equations used here. The decay lowers the drive of neurons
// that have not fired for long. A neuron that fires is rescaled and loses nothing. The decay is applied for 32 samples
// at once, since it touches every weight. With a constant current the trace is xhat_i, and every active input counts as
// spiked.
import { active } from '../read';
import { count, NORMALISATION_UPDATES, PLASTICITY_UPDATES } from '../result';
import { byInput, clock, inputs, inputStride, neurons, neuronStride } from '../state';
import { fired } from '../work';
import { DIRECT, encoding, KEEP_EVERY, ratePost, ratePre, spikesPerFactor, weightKeep } from './timed-constants';
import { firedInTime } from './fire';
import { potentiateInTime } from './plasticity';
import { window } from './timed-point';
import { activeRow, lastPost, lastPre, preSpikes, spikesOf, trace } from './timed-work';

/** Begins a sample: no input has spiked yet. */
export function startWindows(): void {
  memory.fill(preSpikes, 0, (<usize>active) << 2);
}

/** Counts the input spikes of step t, and updates weights if a window ends with it. */
export function adapt(t: i32): void {
  for (let k: usize = 0; k < (<usize>active) << 2; k += 4) {
    store<i32>(preSpikes + k, load<i32>(preSpikes + k) + <i32>(load<i32>(lastPre + k) == t));
  }
  if ((t + 1) % window == 0) endWindow(t);
}

/** Applies the decay of all weights after every 32nd learned sample. */
export function fadeWeights(): void {
  if (load<f64>(clock) % KEEP_EVERY != 0) return;
  const keep = f32x4.splat(weightKeep);
  const end = byInput + <usize>inputStride * ((<usize>neuronStride) << 2);
  for (let at = byInput; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), keep));
  count(NORMALISATION_UPDATES, inputs * neurons);
}

function endWindow(t: i32): void {
  let mostPost: i32 = 0;
  let mostPre: i32 = 1;
  const end = (<usize>firedInTime) << 2;
  for (let f: usize = 0; f < end; f += 4) {
    mostPost = max(mostPost, load<i32>(spikesOf + ((<usize>load<i32>(fired + f)) << 2)));
  }
  for (let k: usize = 0; k < (<usize>active) << 2; k += 4) mostPre = max(mostPre, load<i32>(preSpikes + k));
  const up = ceil(<f32>mostPost / spikesPerFactor) * ratePost;
  const down = (<f32>mostPost / <f32>mostPre) * ratePre;
  for (let f: usize = 0; f < end; f += 4) {
    const j = load<i32>(fired + f);
    const since = t - load<i32>(lastPost + ((<usize>j) << 2));
    if (since < window) potentiateInTime(j, t, up);
    else depress(j, down * load<f32>(trace + ((<usize>since) << 2)));
  }
}

function depress(j: i32, amount: f32): void {
  const current = encoding == DIRECT;
  let updates = 0;
  for (let k: usize = 0; k < (<usize>active) << 2; k += 4) {
    if (!current && load<i32>(lastPre + k) < 0) continue;
    const cell = <usize>load<u32>(activeRow + k) + ((<usize>j) << 2);
    store<f32>(cell, max<f32>(0, load<f32>(cell) - amount));
    updates++;
  }
  count(PLASTICITY_UPDATES, updates);
}
