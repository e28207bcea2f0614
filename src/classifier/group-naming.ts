import { badState, storedArray, type Snapshot, type Tensor } from '../base/snapshot.js';
import type { Presentation } from '../snn/presentation.js';
import type { NeuronKnowledge, SpikingNetwork } from '../snn/spiking-network.js';
import type { Certainty } from './certainty.js';
import { cutGroup } from './group-cut.js';

// One label names a group: neighbouring neurons that fire often and have no name (certainty.ts).
//
//   partners of a neuron, up to 6: every learned sample, each ordered pair (a, b) of the three nearest: all weights of
//     a *= 0.98, that of b += 1; b takes a free place, or that of the smallest weight where that is below 1
//   unnamed: (F_j + 1) / (E_j + 1) < 0.5
//   a label y of a sample whose score was below 0.6 t: the group starts from the unnamed of its 5 nearest neurons and
//     grows along unnamed partners of weight >= 0.5 on both sides. Where it consists of two groups (group-cut.ts), only
//     the one of the nearest neuron is named, and the others are marked as of another class. Each neuron named becomes
//     R_j = M_j = 0 , R_jy = h_j = 5 , F_j = E_j ; then the label is used as any other
//
// A class that has just appeared gets its neurons one by one. Every later sample that is learned and unknown (U < t),
// with q = 1..5 its nearest neurons: where the sum of 1/q over neurons that were named with a group of y is above that
// over neurons that have a name otherwise or are of another class,
//
//     (F_j + 1) / (E_j + 1) < 0.8 :  j is named y, as above ;  fired j: credited y as by a label  (kernel/evidence.ts)
//
// The previous state of each neuron is kept while the sample of the label is remembered, so that a correction can
// restore it. Doubles, in this order.

/** Partners that a neuron keeps. */
export const partnerPlaces = 6;
const among = 3;
const fade = 0.98;
const side = 0.5;
const begins = 5;
/** Share below which a neuron beside a group counts as unnamed. */
const hardlyNamed = 0.8;
/** Evidence that naming gives a neuron. */
const sure = 5;
/** Most groups that can be undone: people name fewer by hand within the samples remembered. */
const mostGroups = 16;
/** Limit of a partner's weight: every sample adds 1. */
export const mostPartnerWeight = 1 / (1 - fade);

/** State of a neuron before its group was named. */
interface NamedNeuron extends NeuronKnowledge {
  readonly neuron: number;
  /** Its last renewal at that time: a neuron renewed since then stands for something else. */
  readonly since: number;
  /** F_j before, and the amount added. */
  readonly labelled: number;
  readonly gained: number;
}

interface NamedGroup {
  /** Number of the sample whose label named the group. */
  readonly sample: number;
  readonly label: number;
  readonly neurons: readonly NamedNeuron[];
}

/** Partners of neurons, and the groups that were named by one label each. */
export class GroupNaming {
  readonly #partners: Int32Array;
  readonly #weights: Float64Array;
  readonly #since: Float64Array;
  #groups: readonly NamedGroup[] = [];
  /**
   * N: 1 + class with which a neuron was named; 0: none; below 0: -(1 + class) of a neighbouring group to which it does
   * not belong.
   */
  readonly #namedAs: Int32Array;

  constructor(
    readonly network: SpikingNetwork,
    readonly unknown: Pick<Certainty, 'unnamed' | 'labelled' | 'expected'>,
  ) {
    const { neurons } = network.shape;
    this.#partners = new Int32Array(neurons * partnerPlaces);
    this.#weights = new Float64Array(neurons * partnerPlaces);
    this.#since = new Float64Array(neurons);
    this.#namedAs = new Int32Array(neurons);
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
   * @param sample - number of the sample
   * @param nearest - its nearest neurons; below 0: renewed since
   * @returns number of neurons named
   */
  name(sample: number, label: number, nearest: Int32Array, nearestCount: number): number {
    const { unknown } = this;
    const found = new Set<number>();
    for (let q = 0; q < Math.min(begins, nearestCount); q++) {
      if (nearest[q] >= 0 && unknown.unnamed(nearest[q])) found.add(nearest[q]);
    }
    // A Set iterates over elements added during the loop.
    for (const j of found) {
      this.#look(j);
      for (let at = j * partnerPlaces; at < (j + 1) * partnerPlaces; at++) {
        const other = this.#partners[at];
        if (this.#weights[at] >= side && this.#knows(other, j) && unknown.unnamed(other)) found.add(other);
      }
    }
    if (found.size === 0) return 0;
    const neurons = this.#ownSide([...found], label).map((neuron) => this.#nameOne(neuron, label));
    this.#groups = [...this.#groups, { sample, label, neurons }].slice(-mostGroups);
    return neurons.length;
  }

  /**
   * An unknown sample was learned: where it is next to a named group, its unnamed neurons join the group.
   *
   * @returns number of label updates
   */
  grow({ nearest, nearestCount, firedCount }: Readonly<Presentation>): number {
    if (!this.#named) return 0;
    const { network, unknown } = this;
    const weights = new Map<number, number>();
    const nameless: number[] = [];
    let others = 0;
    for (let q = 0; q < Math.min(begins, nearestCount); q++) {
      const j = nearest[q];
      this.#look(j);
      const label = this.#namedAs[j] - 1;
      if (label >= 0) {
        weights.set(label, (weights.get(label) ?? 0) + 1 / (q + 1));
        if (unknown.unnamed(j)) unknown.labelled[j] = unknown.expected[j];
      } else if (this.#namedAs[j] === 0 && unknown.unnamed(j, hardlyNamed)) nameless.push(j);
      else others += 1 / (q + 1);
    }
    let [most, label] = [others, -1];
    for (const [each, weight] of weights) if (weight > most) [most, label] = [weight, each];
    if (label < 0) return 0;
    const neurons = nameless.map((neuron) => this.#nameOne(neuron, label));
    const last = this.#groups.findLast((group) => group.label === label);
    this.#groups = this.#groups.map((group) =>
      group === last ? { ...group, neurons: [...group.neurons, ...neurons].slice(0, network.shape.neurons) } : group,
    );
    return network.confirm(label, firedCount, 1);
  }

  /** Undoes the label of a sample, with the group that it named. */
  takeBack(sample: number): void {
    const { network, unknown } = this;
    const group = this.#groups.findLast((each) => each.sample === sample);
    if (group === undefined) return;
    // A neuron may have been named twice: undo the last name first.
    for (const { neuron, since, labelled, gained, ...before } of group.neurons.toReversed()) {
      if (network.state.renewedAt[neuron] !== since) continue;
      network.unnameNeuron(neuron, group.label, before);
      this.#namedAs[neuron] = 0;
      unknown.labelled[neuron] = Math.max(labelled, unknown.labelled[neuron] - gained);
    }
    const apart = -1 - group.label;
    this.#namedAs.forEach((named, j) => {
      if (named === apart) this.#namedAs[j] = 0;
    });
    this.#groups = this.#groups.filter((each) => each !== group);
  }

  /** Samples before this one are no longer remembered. */
  forgetBefore(sample: number): void {
    if (this.#groups.length > 0 && this.#groups[0].sample < sample) {
      this.#groups = this.#groups.filter((each) => each.sample >= sample);
    }
  }

  /** Removes a class; those after it move up. No group named before can be undone any more. */
  removeClass(removed: number): void {
    this.#groups = [];
    this.#namedAs.forEach((named, j) => {
      if (Math.abs(named) === removed + 1) this.#namedAs[j] = 0;
      else if (Math.abs(named) > removed + 1) this.#namedAs[j] -= Math.sign(named);
    });
  }

  get #named(): boolean {
    return this.#namedAs.some((named) => named > 0);
  }

  #nameOne(neuron: number, label: number): NamedNeuron {
    const { network, unknown } = this;
    const since = network.state.renewedAt[neuron];
    const labelled = unknown.labelled[neuron];
    const gained = Math.max(0, unknown.expected[neuron] - labelled);
    const before = network.nameNeuron(neuron, label, sure);
    unknown.labelled[neuron] = labelled + gained;
    this.#look(neuron);
    this.#namedAs[neuron] = label + 1;
    return { ...before, neuron, since, labelled, gained };
  }

  /** Copies, named `partners.…` and `groups.…`. */
  tensors(): Record<string, Tensor> {
    this.#since.forEach((_, j) => {
      this.#look(j);
    });
    const partners = this.#partners.slice();
    const weights = this.#weights.slice();
    // Classes without labels have nothing to copy.
    const { classes } = this.network.scalars;
    const flat = this.#groups.flatMap(({ sample, label, neurons }) => [
      ...[sample, label, classes, neurons.length],
      ...neurons.flatMap(({ neuron, since, labelled, gained, evidence, message }) => {
        const known = [...evidence.subarray(0, classes), ...message.subarray(0, classes)];
        return [neuron, since, labelled, gained, ...known];
      }),
    ]);
    return {
      'partners.ids': { shape: [partners.length], data: partners },
      'partners.weights': { shape: [weights.length], data: weights },
      'groups.named': { shape: [this.#namedAs.length], data: this.#namedAs.slice() },
      'groups.numbers': { shape: [flat.length], data: new Float64Array(flat) },
    };
  }

  /**
   * Reads the state from a snapshot; parts that an older file lacks start from zero.
   *
   * @returns a function that restores it, after the network
   * @throws TopsparkError `bad_state`; nothing has changed then
   */
  read(tensors: Snapshot['tensors']): () => void {
    const { neurons, classes } = this.network.shape;
    const stored = 'partners.ids' in tensors;
    const length = neurons * partnerPlaces;
    const partners = stored
      ? storedArray(tensors, 'partners.ids', this.#partners, length, 0, neurons - 1)
      : new Int32Array(length);
    const weights = stored
      ? storedArray(tensors, 'partners.weights', this.#weights, length, 0, mostPartnerWeight)
      : new Float64Array(length);
    const named =
      'groups.named' in tensors
        ? storedArray(tensors, 'groups.named', this.#namedAs, neurons, -classes, classes)
        : new Int32Array(neurons);
    const groups = stored ? readGroups(tensors, neurons, classes, this.network.state.evidence.length / neurons) : [];
    return () => {
      this.#partners.set(partners);
      this.#weights.set(weights);
      this.#since.set(this.network.state.renewedAt);
      this.#groups = groups;
      this.#namedAs.set(named);
    };
  }

  #knows(a: number, b: number): boolean {
    this.#look(a);
    return this.#weight(a, b) >= side;
  }

  #weight(a: number, b: number): number {
    for (let at = a * partnerPlaces; at < (a + 1) * partnerPlaces; at++) {
      // A free place may still contain an old partner.
      if (this.#partners[at] === b && this.#weights[at] > 0) return this.#weights[at];
    }
    return 0;
  }

  // The neurons in the group of the first one; the others are marked as of another class.
  #ownSide(all: readonly number[], label: number): readonly number[] {
    const own = cutGroup(this.#besides(all));
    if (own.every(Boolean)) return all;
    for (const [at, j] of all.entries()) if (!own[at]) this.#namedAs[j] = -1 - label;
    return this.#ownSide(
      all.filter((_, at) => own[at]),
      label,
    );
  }

  // Mutual partners of each neuron, by index in the list.
  #besides(all: readonly number[]): readonly ReadonlyMap<number, number>[] {
    const numbers = new Map(all.map((j, at) => [j, at]));
    return all.map((a) => {
      const beside = new Map<number, number>();
      for (let at = a * partnerPlaces; at < (a + 1) * partnerPlaces; at++) {
        const place = numbers.get(this.#partners[at]);
        const weight = place === undefined ? 0 : Math.sqrt(this.#weights[at] * this.#weight(this.#partners[at], a));
        if (place !== undefined && weight > 0) beside.set(place, weight);
      }
      return beside;
    });
  }

  #meet(a: number, b: number): void {
    const [partners, weights] = [this.#partners, this.#weights];
    this.#look(a);
    let [own, least] = [-1, a * partnerPlaces];
    for (let at = a * partnerPlaces; at < (a + 1) * partnerPlaces; at++) {
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

  // A renewed neuron stands for something else: it starts without partners and name.
  #look(j: number): void {
    const { renewedAt } = this.network.state;
    if (this.#since[j] === renewedAt[j]) return;
    this.#since[j] = renewedAt[j];
    this.#weights.fill(0, j * partnerPlaces, (j + 1) * partnerPlaces);
    this.#namedAs[j] = 0;
  }
}

function readGroups(
  tensors: Snapshot['tensors'],
  neurons: number,
  mostClasses: number,
  room: number,
): readonly NamedGroup[] {
  const length = 'groups.numbers' in tensors ? tensors['groups.numbers'].data.length : 0;
  const numbers = storedArray(tensors, 'groups.numbers', new Float64Array(), length, 0);
  const whole = (at: number, least: number, most: number): number => {
    const found = numbers[at];
    if (Number.isInteger(found) && found >= least && found <= most) return found;
    badState(`groups.numbers[${at}]`, String(found), `an integer in ${least}..${most}`);
  };
  const row = (at: number, length: number): Float32Array => {
    const all = new Float32Array(room);
    all.set(numbers.subarray(at, at + length));
    return all;
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
        evidence: row(at + 4, classes),
        message: row(at + 4 + classes, classes),
      });
    }
    groups.push({ sample, label, neurons: named });
  }
  return groups;
}
