import { storedArray, type Snapshot, type Tensor } from '../base/snapshot.js';
import { Network } from '../snn/network.js';
import type { Learning, Presentation } from '../snn/presentation.js';
import { mostNearest, type SpikingNetwork } from '../snn/spiking-network.js';
import { WorldGate, type ChangeAlarm, type ClassAlarms } from '../accuracy/drift-detectors.js';
import type { Certainty } from './certainty.js';
import { GroupNaming } from './group-naming.js';
import { KindGuess, SilentConsent } from './corrections.js';
import { creditedNeurons, familiar, movedClass, type LabelBuffer } from './label-buffer.js';
import { fairKinds, type LabelKind } from './label-kinds.js';
import type { LabelOutcome } from './label-outcome.js';

// What a label does, at once or late: steps 10 (credit, in the kernel), 11 (fair share) and 12 (change alarm) of
// docs/lean.md.
//
//   11: the class was answered wrong, all neurons have formed, no alarm, and it owns less than 0.5 N / (classes heard):
//       it takes the least used neuron of the class that owns most, if that owns at least 2 more
//   12: the alarm asks for a renewal of the neuron with the oldest last spike; an unlabelled sample may take one too.
//       While that alarm is off, the alarm of the class may ask, which renews only neurons of the class
//
// These alarms use fairly drawn labels alone: corrections name wrong answers only, and would raise an alarm each time.
// The gate uses all labels, and asks for renewals as the alarm does. Class neurons learn last and affect none of these,
// which use the net answer.
//
// A familiar sample was not learned, so its label credits no neuron where the answer was right; 11 and 12 still use it.

/** A class may take over a neuron while it owns less than this part of its share. */
const fairShare = 0.5;

/**
 * During an alarm: lead [votes] below which a sample may take a neuron, and number of samples for which that neuron
 * must have been silent.
 */
const unsureLead = 3;
const silentFor = 1000;
const unknownClass = -1;

const noLast = [-1, -1] as const;

/** A label that has found its sample, before anything is learned from it. */
export interface HeardLabel {
  readonly slot: number;
  /** Kind as which it is treated. */
  readonly kind: LabelKind;
  /** Whether the given answer was right. */
  readonly right: boolean;
  /** Whether it is the first of its sample. */
  readonly first: boolean;
  /** Whether the sample was learned, and its label is. */
  readonly learned: boolean;
}

/** A label that has found its sample and is learned. */
export interface LabelledSample {
  readonly slot: number;
  /** Class index. */
  readonly label: number;
  /** Whether the net answer was right when the sample came. */
  readonly right: boolean;
  /** Whether it shows how often answers are right; the alarms use only such labels. */
  readonly fair: boolean;
  /** Inputs of the gate: whether it is the first of its sample, and whether the given answer was wrong. */
  readonly first: boolean;
  readonly wrong: boolean;
}

/** Effects of a label. */
export type Taught = Pick<
  Extract<LabelOutcome, { readonly found: true }>,
  'credited' | 'labelUpdates' | 'plasticityUpdates'
>;

/**
 * Learns from labels, and from silence where people correct mistakes. Updates class evidence, the classes that neurons
 * stand for, and the alarms for a changed world.
 */
export class LabelLearning {
  readonly alarm: ChangeAlarm;
  readonly classAlarms: ClassAlarms;
  readonly gate = new WorldGate();
  /** `undefined`: there are no corrections. */
  #silence: SilentConsent | undefined;
  readonly #guess = new KindGuess();
  readonly #groups: GroupNaming;
  /** Class of the last learned label, and the nearest neuron of its sample; -1: none. */
  #last: readonly [label: number, nearest: number] = noLast;

  /** @param infer - whether labels of unset kind may be corrections */
  constructor(
    readonly network: SpikingNetwork,
    readonly memory: LabelBuffer,
    readonly certainty: Certainty,
    { alarm, classAlarms }: { readonly alarm: ChangeAlarm; readonly classAlarms: ClassAlarms },
    readonly infer: boolean,
  ) {
    this.alarm = alarm;
    this.classAlarms = classAlarms;
    this.#groups = new GroupNaming(network, certainty);
  }

  /**
   * What to learn of the next sample, given the request. Familiar samples are skipped only while the world is
   * unchanged, as far as labels show.
   */
  wanted(asked: Learning): Learning {
    return asked === 'novel' && !(this.alarm.settled && !this.classAlarms.on && !this.gate.on) ? true : asked;
  }

  /** The sample with that number is presented next. */
  next(sample: number): void {
    // It replaces the oldest sample, which can no longer be corrected.
    this.#groups.forgetBefore(sample + 1 - this.memory.capacity);
  }

  /**
   * The answered sample was learned, and no label has come so far.
   *
   * @returns number of label updates
   */
  unlabelled(presentation: Readonly<Presentation>): number {
    const { confirmed } = this.certainty.notes;
    const slot = (this.memory.samples - 1) % this.memory.capacity;
    confirmed[slot] = 0;
    if (!presentation.learned) return 0;
    const grown = this.certainty.alone ? this.#groups.grow(presentation) : 0;
    this.certainty.learn(presentation);
    this.#groups.learn(presentation);
    this.gate.see(presentation.lead);
    if (presentation.answer < 0 || this.#silence === undefined) return grown;
    const said = this.#silence.see(this.memory.samples);
    if (this.#silence.share === 0) this.#silence = undefined;
    if (this.gate.open) return grown;
    confirmed[slot] = said;
    return grown + this.network.confirm(presentation.answer, presentation.firedCount, confirmed[slot]);
  }

  /** Kind as which the first label of a sample is treated. */
  kindOf(slot: number, kind: LabelKind, right: boolean): LabelKind {
    if (!this.infer || kind !== 'unset') return kind;
    return this.#guess.corrects(this.certainty.notes.shares[slot], right) ? 'correction' : 'unset';
  }

  /**
   * Whether a label of a burst teaches nothing: it repeats the last label, for a similar sample that was answered
   * right.
   */
  repeats(slot: number, label: number, kind: LabelKind, right: boolean): boolean {
    return kind === 'teaching' && right && label === this.#last[0] && this.#nearestOf(slot) === this.#last[1];
  }

  #nearestOf(slot: number): number {
    return this.memory.nearestCounts[slot] > 0 ? this.memory.nearest[slot * mostNearest] : -1;
  }

  /** A label has come and is about to be learned: it outweighs silence. */
  hear({ slot, kind, right, first, learned }: HeardLabel): void {
    const { memory, network, certainty } = this;
    const { confirmed } = certainty.notes;
    if (first) certainty.heard();
    if (first && fairKinds.has(kind)) certainty.drawn(slot, right, learned);
    if (!learned) return;
    if (confirmed[slot] > 0 && memory.answers[slot] >= 0) {
      memory.list(slot, network);
      network.takeBackConfirmed(memory.answers[slot], memory.firedCounts[slot], confirmed[slot]);
    }
    confirmed[slot] = 0;
    if (first && kind === 'correction' && !right && !certainty.abstained(slot))
      (this.#silence ??= new SilentConsent()).corrected(memory.samples);
  }

  /**
   * A label is learned next. Where a person chose to give it and its sample belongs to a group without a name, it names
   * the whole group.
   *
   * @returns number of neurons named
   */
  nameGroup(slot: number, label: number, kind: LabelKind): number {
    const { memory, network } = this;
    this.#last = [label, this.#nearestOf(slot)];
    if (!this.certainty.nameless(slot) || fairKinds.has(kind)) return 0;
    memory.list(slot, network);
    return this.#groups.name(memory.numberOf(slot), label, network.lists.nearest, memory.nearestCounts[slot]);
  }

  /**
   * Uses a label.
   *
   * @param labelsBefore - labels of its class before this one
   * @returns whether neurons were credited, multiply-adds of the update, and number of weights of class neurons moved
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

  // Returns whether a neuron was renewed.
  #alarms(network: Network, { slot, label, right }: LabelledSample, labelsBefore: number): boolean {
    const { alarm, classAlarms, gate } = this;
    const renew = alarm.watch(labelsBefore, right, network);
    if (renew) this.#renew(network, this.#stalest(), slot, label);
    const owned = network.full ? network.state.owned[label] : 0;
    // Where the whole world has changed, the past of a class is no reference.
    if (alarm.on || gate.on) classAlarms.reset();
    else if (classAlarms.watch(label, right, owned)) {
      this.#renew(network, this.#stalest(label), slot, label);
      return true;
    }
    return renew;
  }

  // Returns whether the gate asks for a renewal.
  #changed(network: Network, { label, first, wrong, fair }: LabelledSample, labelsBefore: number): boolean {
    if (!first) return false;
    const neurons = network.full ? network.shape.neurons : 0;
    const { classes } = network.scalars;
    return this.gate.watch({ label, labelsBefore, wrong, chosen: !fair, classes, neurons });
  }

  /**
   * Undoes the label of a sample, before another label may replace it: removes the evidence that has not faded yet, and
   * the learning of the class neuron. A neuron that was imprinted with the sample then stands for the other class.
   *
   * @param instead - the other class; absent: none
   */
  takeBack(slot: number, instead?: number): void {
    this.#takeBackOne(slot, instead);
    this.#groups.takeBack(this.memory.numberOf(slot));
  }

  #takeBackOne(slot: number, instead?: number): void {
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
   * Uses the sample that the network has just learned, before any label. Where the world has changed and the answer
   * hardly leads, the sample takes over a neuron of the old world, which gets its class from its neighbours. With few
   * labels this is most of the recovery.
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

  // The neuron that class `label` may take over; -1: none.
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

  // The neuron with the oldest last spike, of all or of a class; for a class without neurons, of all.
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

  /** Removes a class: those after it move up. */
  removeClass(label: number): void {
    this.classAlarms.remove(label);
    this.gate.removeClass(label);
    this.#groups.removeClass(label);
    this.#last = noLast;
  }

  /** Copies, named `partners.…`, `groups.…` and `judgement.…`. */
  tensors(): Record<string, Tensor> {
    const numbers = (list: readonly number[]): Tensor => ({ shape: [list.length], data: new Float64Array(list) });
    return {
      ...this.#groups.tensors(),
      'judgement.gate': numbers(this.gate.state),
      'judgement.silence': numbers([this.#silence?.share ?? 0]),
      'judgement.guess': numbers([this.#guess.state]),
      'judgement.last': numbers(this.#last),
    };
  }

  /**
   * Reads them from a snapshot; parts that an older file lacks start from zero.
   *
   * @returns a function that restores them, after the network
   * @throws TopsparkError `bad_state`; nothing has changed then
   */
  read(tensors: Snapshot['tensors']): () => void {
    const take = (name: string, like: readonly number[], least: number, most: number): readonly number[] => {
      const tensor = `judgement.${name}`;
      if (!(tensor in tensors)) return like;
      return [...storedArray(tensors, tensor, new Float64Array(), like.length, least, most)];
    };
    const gate = take('gate', new WorldGate().state, -1, Number.MAX_SAFE_INTEGER);
    const [silence] = take('silence', [0], 0, 1);
    const [guess] = take('guess', [0], -1, 1);
    const [lastLabel, lastNearest] = take('last', noLast, -1, this.network.shape.neurons);
    const groups = this.#groups.read(tensors);
    return () => {
      this.gate.state = gate;
      this.#silence = silence > 0 ? new SilentConsent(silence) : undefined;
      this.#guess.state = guess;
      this.#last = [lastLabel, lastNearest];
      groups();
    };
  }

  /** Forgets everything except the alarms, whose states are reset separately. */
  reset(): void {
    this.read({})();
  }
}
