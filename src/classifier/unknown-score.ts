import { storedArray, type Snapshot, type Tensor } from '../base/snapshot.js';
import type { Presentation } from '../snn/presentation.js';
import type { SpikingNetwork } from '../snn/spiking-network.js';

// Met but never named: the neurons near a sample fired often, and none of the labels drawn at random was theirs.
//
//   rho: labels drawn at random per learned sample, over the last 2000
//   every learned sample, fired j:   E_j = E_j (1 - rho (1 - keep))^n_j + rho n_j         keep = 0.995, rho from before
//   every random label, fired j:     F_j = F_j keep^n_j + n_j                             a renewed neuron begins with 0, 0
//   U = (sum w F / W + 1) / (sum w E / W + 1) ,  w = 3 / q for the nearest q = 1, 2, .. plus n_j for those that fired
//   unknown: U < t from 50 random labels on ;  every random label: t += 0.02 (rate - [U < t]) , from 0.3, at least 0.02
//
// U is the share that came of the labelled spikes that were to be expected; t follows the share of false alarms that is asked for.
// A label may come late: rho loses its part with every sample, and gains it when the label comes. Doubles, in this order.

const keep = 0.995;
const nearWeight = 3;
const window = 2000;
const enough = 50;
const firstThreshold = 0.3;
const leastThreshold = 0.02;
const step = 0.02;
/** What a stored state holds at most: samples; spikes of a neuron, which fade; U where E is 0. */
const mostSamples = Number.MAX_SAFE_INTEGER;
const mostSpikes = 1e4;
const mostThreshold = 1e4;

/** Tells what was met and never named from what was named. */
export class UnknownScore {
  /** N each: labelled spikes, and those that were to be expected. */
  readonly labelled: Float64Array;
  readonly expected: Float64Array;
  /** N: renewal that both count from. */
  readonly #since: Float64Array;
  #samples = 0;
  #share = 0;
  #labels = 0;
  #threshold = firstThreshold;

  constructor(readonly network: SpikingNetwork) {
    const { neurons } = network.shape;
    this.labelled = new Float64Array(neurons);
    this.expected = new Float64Array(neurons);
    this.#since = new Float64Array(neurons);
  }

  /** There were enough labels drawn at random to tell. */
  get ready(): boolean {
    return this.#labels >= enough;
  }

  /** t: below this score a sample is unknown. */
  get threshold(): number {
    return this.#threshold;
  }

  /** U of the sample that was presented last, before it is learned by {@link UnknownScore.learn}. */
  score({ nearest, nearestCount, fired, firedSpikes, firedCount }: Readonly<Presentation>): number {
    const { labelled, expected } = this;
    let found = 0;
    let awaited = 0;
    let weights = 0;
    for (let q = 0; q < nearestCount; q++) {
      const j = nearest[q];
      this.#look(j);
      const weight = nearWeight / (q + 1);
      found += weight * labelled[j];
      awaited += weight * expected[j];
      weights += weight;
    }
    for (let k = 0; k < firedCount; k++) {
      const j = fired[k];
      this.#look(j);
      found += firedSpikes[k] * labelled[j];
      awaited += firedSpikes[k] * expected[j];
      weights += firedSpikes[k];
    }
    return weights > 0 ? (found / weights + 1) / (awaited / weights + 1) : 1;
  }

  /** The same sample was learned. */
  learn({ fired, firedSpikes, firedCount }: Readonly<Presentation>): void {
    const { expected } = this;
    const share = this.#share;
    const part = 1 - share * (1 - keep);
    for (let k = 0; k < firedCount; k++) {
      const j = fired[k];
      for (let n = firedSpikes[k]; n > 0; n--) expected[j] *= part;
      expected[j] += share * firedSpikes[k];
    }
    this.#samples++;
    this.#share -= this.#share / Math.min(this.#samples, window);
  }

  /** Neuron j fires often, and hardly any label drawn at random was its: less than a share of what was to be expected. */
  unnamed(j: number, share = 0.5): boolean {
    this.#look(j);
    return (this.labelled[j] + 1) / (this.expected[j] + 1) < share;
  }

  /**
   * A label that was drawn at random came for a sample, whose neurons are listed for the network.
   *
   * @param score - of the sample when it was answered
   * @param rate - share of false alarms that is asked for, 0..1
   */
  named(score: number, firedCount: number, rate: number): void {
    const { fired, firedSpikes } = this.network.lists;
    for (let k = 0; k < firedCount; k++) {
      const j = fired[k];
      if (j < 0) continue;
      this.#look(j);
      for (let n = firedSpikes[k]; n > 0; n--) this.labelled[j] *= keep;
      this.labelled[j] += firedSpikes[k];
    }
    this.#labels++;
    this.#share = Math.min(1, this.#share + 1 / Math.min(Math.max(1, this.#samples), window));
    const alarm = Number(score < this.#threshold);
    this.#threshold = Math.max(leastThreshold, this.#threshold + step * (rate - alarm));
  }

  /** Copies, named `unknown.…`. */
  tensors(): Record<string, Tensor> {
    const { labelled, expected } = this;
    for (let j = 0; j < labelled.length; j++) this.#look(j);
    const numbers = [this.#samples, this.#share, this.#labels, this.#threshold];
    return {
      'unknown.labelled': { shape: [labelled.length], data: labelled.slice() },
      'unknown.expected': { shape: [expected.length], data: expected.slice() },
      'unknown.numbers': { shape: [numbers.length], data: new Float64Array(numbers) },
    };
  }

  /**
   * Takes it out of a snapshot; what an older file has not is as at the start.
   *
   * @returns puts it back, after the network
   * @throws TopsparkError `bad_state`; nothing has changed then
   */
  read(tensors: Snapshot['tensors']): () => void {
    const neurons = this.labelled.length;
    const take = (name: string, length: number): Float64Array =>
      storedArray(tensors, name, this.labelled, length, 0, name === 'unknown.numbers' ? mostSamples : mostSpikes);
    const known = 'unknown.numbers' in tensors;
    const labelled = known ? take('unknown.labelled', neurons) : new Float64Array(neurons);
    const expected = known ? take('unknown.expected', neurons) : new Float64Array(neurons);
    const numbers = known ? take('unknown.numbers', 4) : [0, 0, 0, firstThreshold];
    return () => {
      this.labelled.set(labelled);
      this.expected.set(expected);
      this.#since.set(this.network.state.renewedAt);
      [this.#samples, this.#share, this.#labels, this.#threshold] = numbers;
      this.#share = Math.min(1, this.#share);
      this.#threshold = Math.min(mostThreshold, this.#threshold);
    };
  }

  // A neuron that was renewed stands for something else: counts begin anew.
  #look(j: number): void {
    const { renewedAt } = this.network.state;
    if (this.#since[j] === renewedAt[j]) return;
    this.#since[j] = renewedAt[j];
    this.labelled[j] = this.expected[j] = 0;
  }
}
