import { storedArray, type Snapshot, type Tensor } from '../base/snapshot.js';
import { WorldGate } from '../accuracy/drift-detectors.js';
import type { Presentation } from '../snn/presentation.js';
import type { SpikingNetwork } from '../snn/spiking-network.js';
import { KindGuess } from './kind-guess.js';
import type { LabelBuffer } from './label-buffer.js';
import type { LabelKind } from './label-kinds.js';
import { SampleNotes } from './sample-notes.js';
import { SilentConsent } from './silent-consent.js';

/** A label that has found its sample. */
export interface JudgedLabel {
  readonly slot: number;
  /** As it is to be heard. */
  readonly kind: LabelKind;
  /** The answer that was given was right. */
  readonly right: boolean;
  /** It is the first of its sample. */
  readonly first: boolean;
}

/**
 * What is made of answers and labels beside learning from them: why a label was given, what silence says, and whether the world
 * seems to change though labels are not drawn at random.
 */
export class Judgement {
  readonly gate = new WorldGate();
  /** `undefined`: nobody corrects. */
  #silence: SilentConsent | undefined;
  readonly #guess = new KindGuess();
  readonly #notes: SampleNotes;
  /** Where the sample in hand is remembered. */
  #slot = 0;

  /** @param infer - labels that do not say why they were given may be corrections */
  constructor(
    readonly network: SpikingNetwork,
    readonly memory: LabelBuffer,
    readonly infer: boolean,
  ) {
    this.#notes = new SampleNotes(memory.capacity);
  }

  /** A sample of that number is presented next. */
  next(sample: number): void {
    this.#slot = sample % this.memory.capacity;
  }

  /**
   * The sample was answered, and is remembered.
   *
   * @returns label updates that silence cost
   */
  answered(told: Readonly<Presentation>): number {
    const slot = this.#slot;
    const { leads, shares, confirmed } = this.#notes;
    leads[slot] = told.given.lead;
    shares[slot] = told.given.confidence;
    confirmed[slot] = 0;
    if (!told.learned) return 0;
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

  /** A label is about to be used: it says more than silence did. The neurons of the sample are listed for the network. */
  labelled({ slot, kind, right, first }: JudgedLabel): void {
    const { memory, network } = this;
    const { confirmed } = this.#notes;
    if (confirmed[slot] > 0 && memory.answers[slot] >= 0) {
      memory.list(slot, network);
      network.takeBackConfirmed(memory.answers[slot], memory.firedCounts[slot], confirmed[slot]);
    }
    confirmed[slot] = 0;
    if (first && kind === 'correction' && !right) (this.#silence ??= new SilentConsent()).corrected(memory.samples);
  }

  /** A class is no more: those behind it move up. */
  removeClass(label: number): void {
    this.gate.removeClass(label);
  }

  /** Copies of everything, named `judgement.…` and `notes.…`. */
  tensors(): Record<string, Tensor> {
    const { samples, capacity } = this.memory;
    const numbers = (list: readonly number[]): Tensor => ({ shape: [list.length], data: new Float64Array(list) });
    return {
      ...this.#notes.tensors(Math.min(samples, capacity)),
      'judgement.gate': numbers(this.gate.state),
      'judgement.silence': numbers([this.#silence?.share ?? 0]),
      'judgement.guess': numbers([this.#guess.state]),
    };
  }

  /**
   * Takes it out of a snapshot; what an older file has not is as at the start.
   *
   * @param samples - that were seen in all
   * @param capacity - of the memory that was stored
   * @returns puts it back: of samples, so many of the last ones
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
    const notes = this.#notes.read(tensors, samples, capacity);
    return (remembered) => {
      this.gate.state = gate;
      this.#silence = silence > 0 ? new SilentConsent(silence) : undefined;
      this.#guess.state = guess;
      notes(remembered);
    };
  }

  /** Forgets everything. */
  reset(): void {
    this.read({}, 0, this.memory.capacity)(0);
  }
}
