import { storedArray, type Snapshot, type Tensor } from '../base/snapshot.js';
import { MarginCalibration } from '../accuracy/margins.js';
import { WorldGate } from '../accuracy/drift-detectors.js';
import type { Presentation } from '../snn/presentation.js';
import type { SpikingNetwork } from '../snn/spiking-network.js';
import { GroupNaming } from './group-naming.js';
import { KindGuess } from './kind-guess.js';
import type { LabelBuffer } from './label-buffer.js';
import { fairKinds, type LabelKind } from './label-kinds.js';
import { mostNearest } from '../snn/spiking-network.js';
import { SampleNotes } from './sample-notes.js';
import { SilentConsent } from './silent-consent.js';
import { UnknownScore } from './unknown-score.js';

// Confidence, the probability that the given answer is right: a monotone map of its lead / 14 [votes], from labels drawn at
// random (accuracy/margins.ts; one pseudo-label a bin, fading 0.999). Before 50 of them a guess stands beside it, of C classes
// and n labels of any kind:
//
//   g = 1 / (C + 1) + (1 - 1 / (C + 1)) n / (n + 50) min(1, lead / 14)
//   confidence = g + (random labels / 50) (map - g)

/** Share of false alarms that the threshold of what is unknown follows while nothing is told to be. */
const usualRate = 0.05;
/** Lead from which an answer is as sure as it can be [votes]. */
const sureLead = 14;
const pseudoLabels = 1;
const labelFade = 0.999;
/** Below this part of the threshold a sample belongs to a group that nobody has named. */
const groupPart = 0.5;
/** Labels of any kind after which a guess believes half of what leads say. */
const halfBelieved = 50;

const noLast = [-1, -1] as const;

/** What is told of an answer. */
export interface ToldAnswer {
  /** Probability that the given answer is right, 0..1. */
  readonly confidence: number;
  /** The sample is of nothing that has a name, as far as labels tell. */
  readonly unknown: boolean;
  /** So much so that its neurons are of nothing that has a name: a label names all of them. */
  readonly group: boolean;
  /** How much so, 0..1; from 0.5 on it is unknown, where that may be told. */
  readonly unknownScore: number;
  /** Label updates that silence cost. */
  readonly labelUpdates: number;
}

/** A label that has found its sample. */
export interface JudgedLabel {
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

/**
 * What is made of answers and labels beside learning from them: how sure an answer is, whether it is one at all, why a label was
 * given, what silence says, and whether the world seems to change though labels are not drawn at random.
 */
export class Judgement {
  readonly gate = new WorldGate();
  /** `undefined`: nobody corrects. */
  #silence: SilentConsent | undefined;
  readonly #guess = new KindGuess();
  readonly #notes: SampleNotes;
  /** Where the sample in hand is remembered, and the score below which it is unknown; 0: nobody can tell. */
  #slot = 0;
  #threshold = 0;
  readonly #calibration = new MarginCalibration(pseudoLabels, labelFade);
  readonly #unknown: UnknownScore;
  readonly #groups: GroupNaming;
  #labels = 0;
  /** Class of the last label that was learned, and the nearest neuron of its sample; -1: there is none. */
  #last: readonly [label: number, nearest: number] = noLast;
  /** Share of known samples that may be told to be unknown, 0..1; 0: none is. */
  unknownRate: number;

  /** @param infer - labels that do not say why they were given may be corrections */
  constructor(
    readonly network: SpikingNetwork,
    readonly memory: LabelBuffer,
    readonly infer: boolean,
    unknownRate: number,
  ) {
    this.#unknown = new UnknownScore(network);
    this.#groups = new GroupNaming(network, this.#unknown);
    this.unknownRate = unknownRate;
    this.#notes = new SampleNotes(memory.capacity);
  }

  /** A sample of that number is presented next. */
  next(sample: number): void {
    this.#slot = sample % this.memory.capacity;
    this.#threshold = this.#unknown.ready ? this.#unknown.threshold : 0;
    // Its place is that of the oldest sample, which cannot be corrected from now on.
    this.#groups.forgetBefore(sample + 1 - this.memory.capacity);
  }

  /** The sample was answered, and is remembered. */
  answered(told: Readonly<Presentation>): ToldAnswer {
    const slot = this.#slot;
    const threshold = this.#threshold;
    const { leads, shares, confirmed, scores, unknown } = this.#notes;
    const { given } = told;
    leads[slot] = given.lead;
    shares[slot] = given.confidence;
    confirmed[slot] = 0;
    const score = (scores[slot] = Math.fround(this.#unknown.score(told)));
    const isUnknown = this.unknownRate > 0 && given.answer >= 0 && score < threshold;
    const group = isUnknown && score < groupPart * threshold;
    unknown[slot] = Number(isUnknown) + Number(group);
    const grown = told.learned && isUnknown ? this.#groups.grow(told) : 0;
    const labelUpdates = (told.learned ? this.#heard(slot, told) : 0) + grown;
    return {
      confidence: given.answer < 0 ? 0 : this.#confidence(given.lead / sureLead),
      unknown: isUnknown,
      group,
      unknownScore: threshold / (threshold + score),
      labelUpdates,
    };
  }

  #confidence(lead: number): number {
    const least = 1 / (this.network.scalars.classes + 1);
    const believed = this.#labels / (this.#labels + halfBelieved);
    return this.#calibration.expected(lead, least + (1 - least) * believed * Math.min(1, lead));
  }

  // Returns label updates.
  #heard(slot: number, told: Readonly<Presentation>): number {
    const { confirmed } = this.#notes;
    this.#unknown.learn(told);
    this.#groups.learn(told);
    this.gate.see(told.lead);
    if (told.answer < 0) return 0;
    if (this.#silence === undefined) return 0;
    const said = this.#silence.see(this.memory.samples);
    if (this.#silence.share === 0) this.#silence = undefined;
    if (this.gate.open) return 0;
    confirmed[slot] = said;
    return this.network.confirm(told.answer, told.firedCount, confirmed[slot]);
  }

  /** Why the first label of a sample was given, as it is to be heard. */
  kindOf(slot: number, kind: LabelKind, right: boolean): LabelKind {
    if (!this.infer || kind !== 'unset') return kind;
    return this.#guess.corrects(this.#notes.shares[slot], right) ? 'correction' : 'unset';
  }

  /** Whether the answer told for the sample of a slot was 'unknown'. */
  abstained(slot: number): boolean {
    return this.#notes.unknown[slot] > 0;
  }

  /**
   * Whether a label of a burst says what the last label has said of a sample like this one, which was answered right: it would
   * teach nothing.
   */
  repeats(slot: number, label: number, kind: LabelKind, right: boolean): boolean {
    return kind === 'teaching' && right && label === this.#last[0] && this.#nearestOf(slot) === this.#last[1];
  }

  /** A label has been learned. */
  learned(slot: number, label: number): void {
    this.#last = [label, this.#nearestOf(slot)];
  }

  #nearestOf(slot: number): number {
    return this.memory.nearestCounts[slot] > 0 ? this.memory.nearest[slot * mostNearest] : -1;
  }

  /**
   * A label that somebody chose to give is about to be learned: where its sample is of a group that has no name, it names all
   * of it.
   *
   * @returns neurons that it named
   */
  nameGroup(slot: number, label: number, kind: LabelKind): number {
    const { memory, network } = this;
    if (this.#notes.unknown[slot] < 2 || fairKinds.has(kind)) return 0;
    memory.list(slot, network);
    return this.#groups.name(memory.numberOf(slot), label, network.lists.nearest, memory.nearestCounts[slot]);
  }

  /** The label of a sample is taken back, and what it named besides. */
  takeBack(slot: number): void {
    this.#groups.takeBack(this.memory.numberOf(slot));
  }

  /** A label has come, and is about to be learned: it says more than silence did. */
  labelled({ slot, kind, right, first, learned }: JudgedLabel): void {
    const { memory, network } = this;
    const { confirmed, leads, scores } = this.#notes;
    const fair = first && fairKinds.has(kind);
    this.#labels += Number(first);
    if (fair) this.#calibration.add(leads[slot] / sureLead, right);
    if (!learned) return;
    if (fair) {
      memory.list(slot, network);
      this.#unknown.named(scores[slot], memory.firedCounts[slot], this.unknownRate > 0 ? this.unknownRate : usualRate);
    }
    if (confirmed[slot] > 0 && memory.answers[slot] >= 0) {
      memory.list(slot, network);
      network.takeBackConfirmed(memory.answers[slot], memory.firedCounts[slot], confirmed[slot]);
    }
    confirmed[slot] = 0;
    if (first && kind === 'correction' && !right && !this.abstained(slot))
      (this.#silence ??= new SilentConsent()).corrected(memory.samples);
  }

  /** A class is no more: those behind it move up. */
  removeClass(label: number): void {
    this.gate.removeClass(label);
    this.#groups.removeClass(label);
    this.#last = noLast;
  }

  /** Copies of everything, named `judgement.…` and `notes.…`. */
  tensors(): Record<string, Tensor> {
    const { samples, capacity } = this.memory;
    const numbers = (list: readonly number[]): Tensor => ({ shape: [list.length], data: new Float64Array(list) });
    return {
      ...this.#notes.tensors(Math.min(samples, capacity)),
      ...this.#unknown.tensors(),
      ...this.#groups.tensors(),
      'judgement.calibration': numbers([this.#labels, ...this.#calibration.state]),
      'judgement.gate': numbers(this.gate.state),
      'judgement.silence': numbers([this.#silence?.share ?? 0]),
      'judgement.guess': numbers([this.#guess.state]),
      'judgement.last': numbers(this.#last),
    };
  }

  /**
   * Takes it out of a snapshot; what an older file has not is as at the start.
   *
   * @param samples - that were seen in all
   * @param capacity - of the memory that was stored
   * @returns puts it back, after the network: of samples, so many of the last ones
   * @throws TopsparkError `bad_state`; nothing has changed then
   */
  read(tensors: Snapshot['tensors'], samples: number, capacity: number): (remembered: number) => void {
    const take = (name: string, like: readonly number[], least: number, most: number): readonly number[] => {
      const tensor = `judgement.${name}`;
      if (!(tensor in tensors)) return like;
      return [...storedArray(tensors, tensor, new Float64Array(), like.length, least, most)];
    };
    const gate = take('gate', new WorldGate().state, -1, Number.MAX_SAFE_INTEGER);
    const [silence] = take('silence', [0], 0, 1);
    const [guess] = take('guess', [0], -1, 1);
    const [lastLabel, lastNearest] = take('last', noLast, -1, this.network.shape.neurons);
    const none = [0, ...new MarginCalibration().state];
    const [labels, ...calibration] = take('calibration', none, 0, Number.MAX_SAFE_INTEGER);
    const unknown = this.#unknown.read(tensors);
    const groups = this.#groups.read(tensors);
    const notes = this.#notes.read(tensors, samples, capacity);
    return (remembered) => {
      this.gate.state = gate;
      this.#silence = silence > 0 ? new SilentConsent(silence) : undefined;
      this.#guess.state = guess;
      this.#labels = labels;
      this.#last = [lastLabel, lastNearest];
      this.#calibration.state = calibration;
      unknown();
      groups();
      notes(remembered);
    };
  }

  /** Forgets everything. */
  reset(): void {
    this.read({}, 0, this.memory.capacity)(0);
  }
}
