import { Network } from '../snn/network.js';
import type { Learning } from '../snn/presentation.js';
import { mostNearest, type SpikingNetwork } from '../snn/spiking-network.js';
import type { ChangeAlarm, ClassAlarms, WorldGate } from '../accuracy/drift-detectors.js';
import { creditedNeurons, familiar, movedClass, type LabelBuffer } from './label-buffer.js';
import type { LabelOutcome } from './label-outcome.js';

// What a label does, at once or late: steps 10 (credit, in the kernel), 11 (fair share) and 12 (change alarm) of lean.
//
//   11: the class was answered wrong, all neurons have formed, no alarm, and it owns less than 0.5 N / (classes heard):
//       it takes the least used neuron of the class that owns most, if that owns at least 2 more
//   12: the alarm asks for a renewal: the neuron with the oldest last spike, and so may a sample that nobody has named;
//       without it the alarm of the class, which renews only neurons that the class owns
//
// These alarms hear only labels that are drawn fairly: whoever corrects labels what is wrong, and would raise one each time. The
// gate hears all, and asks for renewals as the alarm does.
// What class neurons learn of it comes last and is heard by none of these: they go by the net answer.
//
// A familiar sample, which was not learned, credits nobody where it was answered right; 11 and 12 hear of it all the same.

/** A class may take over a neuron while it owns less than this part of its share. */
const fairShare = 0.5;

/** In an alarm: lead [votes] below which a sample may take a neuron, and samples for which that must have been silent. */
const unsureLead = 3;
const silentFor = 1000;
const unknownClass = -1;

/** One label that has found its sample. */
export interface LabelledSample {
  readonly slot: number;
  /** Class index. */
  readonly label: number;
  /** The net answer of the time was right. */
  readonly right: boolean;
  /** It says how often answers are right: only such labels are heard by the alarms. */
  readonly fair: boolean;
  /** It is the first of its sample, and the answer that was given was wrong: what the gate hears. */
  readonly first: boolean;
  readonly wrong: boolean;
}

/** What a label did. */
export type Taught = Pick<
  Extract<LabelOutcome, { readonly found: true }>,
  'credited' | 'labelUpdates' | 'plasticityUpdates'
>;

/** Uses labels: what neurons know, who stands for what, and when the world has changed. */
export class LabelLearning {
  constructor(
    readonly network: SpikingNetwork,
    readonly memory: LabelBuffer,
    readonly alarm: ChangeAlarm,
    readonly classAlarms: ClassAlarms,
    readonly gate: WorldGate,
  ) {}

  /**
   * What is to be learned of the next sample, where so much is asked for: what is familiar is left out only while the world is as
   * it was, as far as labels tell.
   */
  wanted(asked: Learning): Learning {
    return asked === 'novel' && !(this.alarm.settled && !this.classAlarms.on && !this.gate.on) ? true : asked;
  }

  /**
   * Uses a label.
   *
   * @param labelsBefore - labels of its class before this one
   * @returns whether neurons were credited, the multiply-adds that it cost, and the weights of class neurons that it moved
   */
  use(sample: LabelledSample, labelsBefore: number): Taught {
    const { slot, label, right, fair } = sample;
    const { network, alarm } = this;
    const credited = !right || this.memory.learned[slot] !== familiar;
    const { memory } = this;
    const labelUpdates = credited ? this.#credit(slot, label) : 0;
    memory.labels[slot] = label;
    memory.taught[slot] = credited ? creditedNeurons : 0;
    // Steps 11 and 12 renew neurons by imprinting, which only lean's weights allow.
    if (!(network instanceof Network)) return { credited, labelUpdates, plasticityUpdates: 0 };
    if (!right && !alarm.on && !this.gate.on && network.full) {
      const least = this.#claimable(label, (fairShare * network.shape.neurons) / network.scalars.classes);
      if (least >= 0) this.#renew(network, least, slot, label);
    }
    const renewed = fair && this.#alarms(network, sample, labelsBefore);
    if (this.#changed(network, sample, labelsBefore) && !renewed) this.#renew(network, this.#stalest(), slot, label);
    network.input.set(memory.sample(slot));
    const plasticityUpdates = network.teachClass(label, memory.classAnswers[slot], memory.answers[slot]);
    if (plasticityUpdates > 0) memory.taught[slot] |= movedClass;
    return { credited, labelUpdates, plasticityUpdates };
  }

  // Whether a neuron was renewed.
  #alarms(network: Network, { slot, label, right }: LabelledSample, labelsBefore: number): boolean {
    const { alarm, classAlarms, gate } = this;
    const renew = alarm.watch(labelsBefore, right, network);
    if (renew) this.#renew(network, this.#stalest(), slot, label);
    const owned = network.full ? network.state.owned[label] : 0;
    // Where the whole world has changed no class is compared with what it was before.
    if (alarm.on || gate.on) classAlarms.reset();
    else if (classAlarms.watch(label, right, owned)) {
      this.#renew(network, this.#stalest(label), slot, label);
      return true;
    }
    return renew;
  }

  // Whether the gate asks for a renewal.
  #changed(network: Network, { label, first, wrong, fair }: LabelledSample, labelsBefore: number): boolean {
    if (!first) return false;
    const neurons = network.full ? network.shape.neurons : 0;
    const { classes } = network.scalars;
    return this.gate.watch({ label, labelsBefore, wrong, chosen: !fair, classes, neurons });
  }

  /**
   * Takes back what the label of a sample added, before another one is used in its place: evidence, as far as it has not faded
   * since, and what the class neuron learned. A neuron that became an imprint of the sample stands for the other class then.
   *
   * @param instead - the other class; absent: there is none
   */
  takeBack(slot: number, instead?: number): void {
    const { network, memory } = this;
    const label = memory.labels[slot];
    if ((memory.taught[slot] & creditedNeurons) !== 0) {
      memory.list(slot, network);
      network.nearestCredit.set(memory.nearestCredits.subarray(slot * mostNearest, (slot + 1) * mostNearest));
      network.takeBack(label, memory.firedCounts[slot], memory.nearestCounts[slot]);
    }
    if (!(network instanceof Network)) return;
    network.input.set(memory.sample(slot));
    network.takeBackClass(label, (memory.taught[slot] & movedClass) !== 0);
    const renewed = memory.renewed[slot];
    if (renewed < 0 || network.state.renewedAt[renewed] !== memory.renewedClocks[slot]) return;
    network.moveImprint(renewed, label, instead);
    memory.renewed[slot] = -1;
  }

  /**
   * Uses the sample that the network has just learned, before any label: where the world has changed and the answer hardly
   * leads, it takes a neuron of the old world, and its neighbours will name it. With few labels that is most of the
   * recovery.
   */
  see(lead: number): void {
    const { network, alarm, gate } = this;
    if (!(alarm.on || gate.on) || lead >= unsureLead || !(network instanceof Network)) return;
    const stalest = this.#stalest();
    const { lastWin, clock } = network.state;
    const { neurons } = network.shape;
    if (lastWin[stalest] >= clock[0] - silentFor || !(alarm.renew(neurons) || gate.renew(neurons))) return;
    network.renew(stalest, unknownClass);
  }

  #credit(slot: number, label: number): number {
    const { network, memory } = this;
    memory.list(slot, network);
    const nearestCount = memory.nearestCounts[slot];
    const updates = network.credit(label, memory.firedCounts[slot], nearestCount);
    const credits = memory.nearestCredits.subarray(slot * mostNearest, (slot + 1) * mostNearest);
    credits.fill(0).set(network.nearestCredit.subarray(0, nearestCount));
    return updates;
  }

  // The neuron that class `label` may take over, -1: none.
  #claimable(label: number, share: number): number {
    const { owned, owner, spikesSoFar } = this.network.state;
    if (owned[label] >= share) return -1;
    let richest = 0;
    for (let c = 1; c < owned.length; c++) if (owned[c] > owned[richest]) richest = c;
    if (owned[richest] <= owned[label] + 1) return -1;
    let least = -1;
    for (let j = 0; j < owner.length; j++) {
      if (owner[j] === richest + 1 && (least < 0 || spikesSoFar[j] < spikesSoFar[least])) least = j;
    }
    return least;
  }

  // Of all neurons, or of those that a class owns; a class that owns none gets the stalest of all.
  #stalest(label?: number): number {
    const { lastWin, owner } = this.network.state;
    const own = label !== undefined && this.network.state.owned[label] > 0;
    let stalest = -1;
    for (let j = 0; j < lastWin.length; j++) {
      const candidate = !own || owner[j] === label + 1;
      if (candidate && (stalest < 0 || lastWin[j] < lastWin[stalest])) stalest = j;
    }
    return stalest;
  }

  #renew(network: Network, neuron: number, slot: number, label: number): void {
    network.input.set(this.memory.sample(slot));
    network.renew(neuron, label);
    this.memory.renewed[slot] = neuron;
    this.memory.renewedClocks[slot] = network.state.renewedAt[neuron];
  }
}
