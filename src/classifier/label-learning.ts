import { storedArray, type Snapshot, type Tensor } from '../base/snapshot.js';
import { Network } from '../snn/network.js';
import type { Learning, Presentation } from '../snn/presentation.js';
import { mostNearest, type SpikingNetwork } from '../snn/spiking-network.js';
import { WorldGate, type ChangeAlarm, type ClassAlarms } from '../accuracy/drift-detectors.js';
import type { Certainty, ToldAnswer } from './certainty.js';
import { GroupNaming } from './group-naming.js';
import { KindGuess } from './kind-guess.js';
import { creditedNeurons, familiar, movedClass, type LabelBuffer } from './label-buffer.js';
import { fairKinds, type LabelKind } from './label-kinds.js';
import type { LabelOutcome } from './label-outcome.js';
import { SilentConsent } from './silent-consent.js';

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

const noLast = [-1, -1] as const;

/** A label that has found its sample, before anything is learned from it. */
export interface HeardLabel {
  readonly slot: number;
  /** As it is to be heard. */
  readonly kind: LabelKind;
  /** The answer that was given was right. */
  readonly right: boolean;
  /** It is the first of its sample. */
  readonly first: boolean;
  /** The sample was learned, and its label is. */
  readonly learned: boolean;
}

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

/**
 * Uses labels, and silence where somebody corrects: why a label was given, what neurons know, who stands for what, and when the
 * world has changed.
 */
export class LabelLearning {
  readonly alarm: ChangeAlarm;
  readonly classAlarms: ClassAlarms;
  readonly gate = new WorldGate();
  /** `undefined`: nobody corrects. */
  #silence: SilentConsent | undefined;
  readonly #guess = new KindGuess();
  readonly #groups: GroupNaming;
  /** Class of the last label that was learned, and the nearest neuron of its sample; -1: there is none. */
  #last: readonly [label: number, nearest: number] = noLast;

  /** @param infer - labels that do not say why they were given may be corrections */
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
   * What is to be learned of the next sample, where so much is asked for: what is familiar is left out only while the world is as
   * it was, as far as labels tell.
   */
  wanted(asked: Learning): Learning {
    return asked === 'novel' && !(this.alarm.settled && !this.classAlarms.on && !this.gate.on) ? true : asked;
  }

  /** A sample of that number is presented next. */
  next(sample: number): void {
    // Its place is that of the oldest sample, which cannot be corrected from now on.
    this.#groups.forgetBefore(sample + 1 - this.memory.capacity);
  }

  /**
   * The sample that was answered is learned, and so far nobody has said anything of it.
   *
   * @returns label updates that it cost
   */
  unlabelled(told: Readonly<Presentation>, { unknown }: ToldAnswer): number {
    const { confirmed } = this.certainty.notes;
    const slot = (this.memory.samples - 1) % this.memory.capacity;
    confirmed[slot] = 0;
    if (!told.learned) return 0;
    const grown = unknown ? this.#groups.grow(told) : 0;
    this.certainty.learn(told);
    this.#groups.learn(told);
    this.gate.see(told.lead);
    if (told.answer < 0 || this.#silence === undefined) return grown;
    const said = this.#silence.see(this.memory.samples);
    if (this.#silence.share === 0) this.#silence = undefined;
    if (this.gate.open) return grown;
    confirmed[slot] = said;
    return grown + this.network.confirm(told.answer, told.firedCount, confirmed[slot]);
  }

  /** Why the first label of a sample was given, as it is to be heard. */
  kindOf(slot: number, kind: LabelKind, right: boolean): LabelKind {
    if (!this.infer || kind !== 'unset') return kind;
    return this.#guess.corrects(this.certainty.notes.shares[slot], right) ? 'correction' : 'unset';
  }

  /**
   * Whether a label of a burst says what the last label has said of a sample like this one, which was answered right: it would
   * teach nothing.
   */
  repeats(slot: number, label: number, kind: LabelKind, right: boolean): boolean {
    return kind === 'teaching' && right && label === this.#last[0] && this.#nearestOf(slot) === this.#last[1];
  }

  #nearestOf(slot: number): number {
    return this.memory.nearestCounts[slot] > 0 ? this.memory.nearest[slot * mostNearest] : -1;
  }

  /** A label has come, and is about to be learned: it says more than silence did. */
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
   * A label is learned next: where somebody chose to give it, and its sample is of a group that has no name, it names all of it.
   *
   * @returns neurons that it named
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

  /** A class is no more: those behind it move up. */
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
   * Takes them out of a snapshot; what an older file has not is as at the start.
   *
   * @returns puts them back, after the network
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

  /** Forgets everything but the alarms, which have states of their own. */
  reset(): void {
    this.read({})();
  }
}
