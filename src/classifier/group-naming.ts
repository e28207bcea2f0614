import { badState, storedArray, type Snapshot, type Tensor } from '../base/snapshot.js';
import type { Presentation } from '../snn/presentation.js';
import type { NeuronKnowledge, SpikingNetwork } from '../snn/spiking-network.js';
import type { UnknownScore } from './unknown-score.js';

// One label names a group: neurons that stand side by side, fire often, and have no name (unknown-score.ts).
//
//   partners of a neuron, up to 6: every learned sample, each ordered pair (a, b) of the three nearest: all weights of a *= 0.98,
//     that of b += 1; b takes a free place, or that of the smallest weight where that is below 1
//   unnamed: (F_j + 1) / (E_j + 1) < 0.5
//   a label y of a sample whose score was below t / 2: from the unnamed of its nearest 5, along partners of weight >= 0.5 on both
//     sides that are unnamed, each becomes  R_j = M_j = 0 , R_jy = h_j = 5 , F_j = E_j ; then the label as any other
//
// What each was before is kept while the sample is remembered: a correction puts it back, R_jy less 5 as far as that has not
// faded. Doubles, in this order.

const places = 6;
const among = 3;
const fade = 0.98;
const side = 0.5;
const begins = 5;
/** Evidence of a neuron that was named so. */
const sure = 5;
/** Groups that can be taken back: more are not named by hand within the samples that are remembered. */
const mostGroups = 16;
const mostWeight = 1 / (1 - fade);

/** What a neuron of a group was before it was named. */
interface NamedNeuron extends NeuronKnowledge {
  readonly neuron: number;
  /** Renewal that it counted from: one that was renewed since is another. */
  readonly since: number;
  /** F_j before, and what it got. */
  readonly labelled: number;
  readonly gained: number;
}

interface NamedGroup {
  /** Number of the sample whose label named it. */
  readonly sample: number;
  readonly label: number;
  readonly neurons: readonly NamedNeuron[];
}

/** Neurons side by side, and the groups of them that one label named. */
export class GroupNaming {
  readonly #partners: Int32Array;
  readonly #weights: Float64Array;
  readonly #since: Float64Array;
  #groups: readonly NamedGroup[] = [];

  constructor(
    readonly network: SpikingNetwork,
    readonly unknown: UnknownScore,
  ) {
    const { neurons } = network.shape;
    this.#partners = new Int32Array(neurons * places);
    this.#weights = new Float64Array(neurons * places);
    this.#since = new Float64Array(neurons);
  }

  /** A sample was learned. */
  learn({ nearest, nearestCount }: Readonly<Presentation>): void {
    const near = Math.min(among, nearestCount);
    for (let a = 0; a < near; a++) {
      for (let b = 0; b < near; b++) if (a !== b) this.#meet(nearest[a], nearest[b]);
    }
  }

  /**
   * Names the group of a sample.
   *
   * @param sample - its number
   * @param nearest - its nearest neurons, below 0: renewed since
   * @returns neurons that were named
   */
  name(sample: number, label: number, nearest: Int32Array, nearestCount: number): number {
    const { network, unknown } = this;
    const found = new Set<number>();
    for (let q = 0; q < Math.min(begins, nearestCount); q++) {
      if (nearest[q] >= 0 && unknown.unnamed(nearest[q])) found.add(nearest[q]);
    }
    // A set hears of what is added while it is gone through.
    for (const j of found) {
      this.#look(j);
      for (let at = j * places; at < (j + 1) * places; at++) {
        const other = this.#partners[at];
        if (this.#weights[at] >= side && this.#knows(other, j) && unknown.unnamed(other)) found.add(other);
      }
    }
    if (found.size === 0) return 0;
    const neurons = [...found].map((neuron): NamedNeuron => {
      const since = network.state.renewedAt[neuron];
      const labelled = unknown.labelled[neuron];
      const before = network.nameNeuron(neuron, label, sure);
      unknown.labelled[neuron] = unknown.expected[neuron];
      return { ...before, neuron, since, labelled, gained: unknown.expected[neuron] - labelled };
    });
    this.#groups = [...this.#groups, { sample, label, neurons }].slice(-mostGroups);
    return neurons.length;
  }

  /** The label of a sample is taken back, and with it what it named besides. */
  takeBack(sample: number): void {
    const { network, unknown } = this;
    const group = this.#groups.findLast((each) => each.sample === sample);
    if (group === undefined) return;
    for (const { neuron, since, labelled, gained, ...before } of group.neurons) {
      if (network.state.renewedAt[neuron] !== since) continue;
      network.unnameNeuron(neuron, group.label, sure, before);
      unknown.labelled[neuron] = Math.max(labelled, unknown.labelled[neuron] - gained);
    }
    this.#groups = this.#groups.filter((each) => each !== group);
  }

  /** Samples before this one are remembered no more. */
  forgetBefore(sample: number): void {
    if (this.#groups.length > 0 && this.#groups[0].sample < sample) {
      this.#groups = this.#groups.filter((each) => each.sample >= sample);
    }
  }

  /** Classes have other numbers now: what was named cannot be taken back any more. */
  removeClass(): void {
    this.#groups = [];
  }

  /** Copies, named `partners.…` and `groups.…`. */
  tensors(): Record<string, Tensor> {
    this.#since.forEach((_, j) => {
      this.#look(j);
    });
    const partners = this.#partners.slice();
    const weights = this.#weights.slice();
    const classes = this.#groups.map(({ neurons }) => neurons[0].evidence.length);
    const flat = this.#groups.flatMap(({ sample, label, neurons }, at) => [
      ...[sample, label, classes[at], neurons.length],
      ...neurons.flatMap(({ neuron, since, labelled, gained, evidence, message }) => {
        return [neuron, since, labelled, gained, ...evidence, ...message];
      }),
    ]);
    return {
      'partners.ids': { shape: [partners.length], data: partners },
      'partners.weights': { shape: [weights.length], data: weights },
      'groups.numbers': { shape: [flat.length], data: new Float64Array(flat) },
    };
  }

  /**
   * Takes it out of a snapshot; what an older file has not is as at the start.
   *
   * @returns puts it back, after the network
   * @throws TopsparkError `bad_state`; nothing has changed then
   */
  read(tensors: Snapshot['tensors']): () => void {
    const { neurons, classes } = this.network.shape;
    const stored = 'partners.ids' in tensors;
    const length = neurons * places;
    const partners = stored
      ? storedArray(tensors, 'partners.ids', this.#partners, length, 0, neurons - 1)
      : new Int32Array(length);
    const weights = stored
      ? storedArray(tensors, 'partners.weights', this.#weights, length, 0, mostWeight)
      : new Float64Array(length);
    const groups = stored ? readGroups(tensors, neurons, classes) : [];
    return () => {
      this.#partners.set(partners);
      this.#weights.set(weights);
      this.#since.set(this.network.state.renewedAt);
      this.#groups = groups;
    };
  }

  #knows(a: number, b: number): boolean {
    this.#look(a);
    for (let at = a * places; at < (a + 1) * places; at++) {
      if (this.#partners[at] === b && this.#weights[at] >= side) return true;
    }
    return false;
  }

  #meet(a: number, b: number): void {
    const [partners, weights] = [this.#partners, this.#weights];
    this.#look(a);
    let [own, least] = [-1, a * places];
    for (let at = a * places; at < (a + 1) * places; at++) {
      weights[at] *= fade;
      if (weights[at] > 0 && partners[at] === b) own = at;
      if (weights[at] < weights[least]) least = at;
    }
    if (own >= 0) weights[own]++;
    else if (weights[least] < 1) {
      partners[least] = b;
      weights[least] = 1;
    }
  }

  // A neuron that was renewed stands for something else.
  #look(j: number): void {
    const { renewedAt } = this.network.state;
    if (this.#since[j] === renewedAt[j]) return;
    this.#since[j] = renewedAt[j];
    this.#weights.fill(0, j * places, (j + 1) * places);
  }
}

function readGroups(tensors: Snapshot['tensors'], neurons: number, mostClasses: number): readonly NamedGroup[] {
  const length = 'groups.numbers' in tensors ? tensors['groups.numbers'].data.length : 0;
  const numbers = storedArray(tensors, 'groups.numbers', new Float64Array(), length, 0);
  const whole = (at: number, least: number, most: number): number => {
    const found = numbers[at];
    if (Number.isInteger(found) && found >= least && found <= most) return found;
    badState(`groups.numbers[${at}]`, String(found), `an integer in ${least}..${most}`);
  };
  const groups: NamedGroup[] = [];
  for (let at = 0; at < numbers.length;) {
    const sample = whole(at, 0, Number.MAX_SAFE_INTEGER);
    const classes = whole(at + 2, 1, mostClasses);
    const label = whole(at + 1, 0, classes - 1);
    const count = whole(at + 3, 1, neurons);
    const width = 4 + 2 * classes;
    const end = at + 4 + count * width;
    if (end > numbers.length || groups.length === mostGroups) {
      badState('groups.numbers.length', String(numbers.length), `at most ${mostGroups} whole groups`);
    }
    const named: NamedNeuron[] = [];
    for (at += 4; at < end; at += width) {
      named.push({
        neuron: whole(at, 0, neurons - 1),
        since: numbers[at + 1],
        labelled: numbers[at + 2],
        gained: numbers[at + 3],
        evidence: Float32Array.from(numbers.subarray(at + 4, at + 4 + classes)),
        message: Float32Array.from(numbers.subarray(at + 4 + classes, at + width)),
      });
    }
    groups.push({ sample, label, neurons: named });
  }
  return groups;
}
