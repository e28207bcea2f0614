// Spike-timing dependent plasticity with last-spike times. t_i, t_j: last spikes of input and neuron in this sample.
//
//   pair      on a spike of j:  W_ij <- min(1, W_ij + eta_post exp(-(t - t_i) / tau)) , inputs that have spiked
//             on a spike of i:  W_ij <- max(0, W_ij - eta_pre exp(-(t - t_j) / tau)) , neurons that have fired
//             a constant current has no t_i: its trace is xhat_i, and there is no depression
//   expected  on a spike of j:  W_ij <- min(1, W_ij + eta_post xhat_i / (xhat_i + k)) , active inputs
//
// Source: Diehl & Cook, Front. Comput. Neurosci. 9 (2015) 99, in the online form with last-spike times. The method lean
// learns with the expected trace, too (../learn).
import { traceHalf } from '../constants';
import { active, intensity } from '../read';
import { count, PLASTICITY_UPDATES } from '../result';
import { fired } from '../work';
import { DIRECT, encoding, EXPECTED, MOST_WEIGHT, rule, ratePost, ratePre } from './timed-constants';
import { firedInTime } from './fire';
import { rowsEnd } from './spikes';
import { activeRow, activeValue, depression, fixedTrace, lastPost, lastPre, spikeRow, trace } from './timed-work';

/** Computes the traces that are the same in every step, if the rule or the encoding has such. */
export function startTraces(): void {
  if (!hasFixedTrace()) return;
  const expected = rule == EXPECTED;
  const half = f32x4.splat(traceHalf * <f32>intensity);
  const perUnit = f32x4.splat(<f32>100 / <f32>intensity);
  for (let k: usize = 0; k < (<usize>active) << 2; k += 16) {
    const x = v128.load(activeValue + k);
    v128.store(fixedTrace + k, expected ? f32x4.div(x, f32x4.add(x, half)) : f32x4.mul(x, perUnit));
  }
}

function hasFixedTrace(): bool {
  return rule == EXPECTED || encoding == DIRECT;
}

/** Potentiates the weights of neuron j, with traces as of step t. */
export function potentiateInTime(j: i32, t: i32, rate: f32): void {
  const fixed = hasFixedTrace();
  const end = (<usize>active) << 2;
  let updates = 0;
  for (let k: usize = 0; k < end; k += 4) {
    let x: f32;
    if (fixed) {
      x = load<f32>(fixedTrace + k);
    } else {
      const last = load<i32>(lastPre + k);
      if (last < 0) continue;
      x = load<f32>(trace + ((<usize>(t - last)) << 2));
    }
    const cell = <usize>load<u32>(activeRow + k) + ((<usize>j) << 2);
    store<f32>(cell, min<f32>(MOST_WEIGHT, load<f32>(cell) + rate * x));
    updates++;
  }
  count(PLASTICITY_UPDATES, updates);
}

/** Potentiates on a spike of neuron j in step t, for the rules pair and expected. */
export function potentiateOnSpike(j: i32, t: i32): void {
  potentiateInTime(j, t, ratePost);
}

/** Depresses weights from the inputs that spike in step t to the neurons that have fired. */
export function depressOnSpikes(t: i32): void {
  const neurons = (<usize>firedInTime) << 2;
  if (neurons == 0 || encoding == DIRECT) return;
  for (let f: usize = 0; f < neurons; f += 4) {
    const since = t - load<i32>(lastPost + ((<usize>load<i32>(fired + f)) << 2));
    store<f32>(depression + f, ratePre * load<f32>(trace + ((<usize>since) << 2)));
  }
  const end = spikeRow + rowsEnd;
  for (let spike = spikeRow; spike < end; spike += 4) {
    const row = <usize>load<u32>(spike);
    for (let f: usize = 0; f < neurons; f += 4) {
      const cell = row + ((<usize>load<i32>(fired + f)) << 2);
      store<f32>(cell, max<f32>(0, load<f32>(cell) - load<f32>(depression + f)));
    }
  }
  count(PLASTICITY_UPDATES, <i32>((rowsEnd >> 2) * (neurons >> 2)));
}
