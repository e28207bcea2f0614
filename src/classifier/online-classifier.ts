import { checkInteger, TopsparkError } from '../base/errors.js';
import { freshCopy } from '../base/buffer-pool.js';
import { atOnce, type Slices } from '../base/slices.js';
import type { Snapshot } from '../base/snapshot.js';
import type { NetworkShape } from '../snn/network-shape.js';
import type { ReadoutPart } from '../snn/linear-readout.js';
import type { Learning, Presentation } from '../snn/presentation.js';
import type { SpikingNetwork } from '../snn/spiking-network.js';
import { mostTimesteps } from '../snn/timed/timed-baseline.js';
import type { Factors } from '../timestep/policy/factors.js';
import type { OperatingPoint } from '../timestep/policy/operating-point.js';
import type { Answer } from './answer.js';
import { ChangeAlarm, ClassAlarms } from '../accuracy/drift-detectors.js';
import { Certainty } from './certainty.js';
import { checkName, ClassRoster, type ClassFacts } from './class-roster.js';
import { restoreSnapshot, writeSnapshot, type ClassifierState } from './classifier-snapshot.js';
import type { Heard } from './heard.js';
import { fairKinds } from './label-kinds.js';
import { LabelLearning } from './label-learning.js';
import type { LabelOptions, LabelOutcome } from './label-outcome.js';
import { leanPresenter, timedPresenter, type NetworkBinding, type TimedOptions } from './network-binding.js';
import {
  LabelBuffer,
  LabelledReservoir,
  repeated,
  type KeptSample,
  type LabelReach,
  type RememberedSamples,
} from './label-buffer.js';
import { LinearStage } from './linear-stage.js';
import { NetworkView } from './network-view.js';

/** Size of a classifier. */
export interface ClassifierOptions extends NetworkShape {
  /** Most classes, 1..4096. */
  readonly classes?: number;
  /** Whether pictures brighter than half are inverted; by default where there is more than one row. */
  readonly polarity?: boolean;
  /** Capacity of the label buffer [samples], 1..65536. */
  readonly memory?: number;
  /** Settings of spikes in time; absent: lean. */
  readonly timed?: TimedOptions;
  /** Whether class neurons learn from unlabelled samples too (lean only); true where absent. */
  readonly selfLearning?: boolean;
  /**
   * Whether samples are feature vectors; class neurons then leave out the common drive (lean only); false where absent.
   */
  readonly features?: boolean;
  /** Whether labels of unset kind may be corrections; false where absent. */
  readonly inferKinds?: boolean;
  /** Parts of a sample that a linear readout beside the votes reads; absent: no linear readout. */
  readonly linear?: readonly ReadoutPart[];
  /** Share of known samples that may be reported as unknown, 0..1; 0 or absent: none is. */
  readonly unknownRate?: number;
  /** Factors on constants of the policy, for analysis. */
  readonly factors?: Factors;
}

/** Most labelled samples kept for measuring. */
export const mostLabelled = 500;

/**
 * Learns to classify while it answers: every sample is decided and learned, and a few are labelled later.
 * The same samples, points and labels in the same order give the same state, bit for bit.
 */
export class OnlineClassifier {
  readonly #presenter: NetworkBinding;
  readonly #network: SpikingNetwork;
  readonly #memory: LabelBuffer;
  readonly #alarm = new ChangeAlarm();
  readonly #classAlarms: ClassAlarms;
  readonly #certainty: Certainty;
  readonly #learning: LabelLearning;
  readonly #labelled = new LabelledReservoir(mostLabelled);
  readonly #features: boolean;
  readonly #linear: LinearStage | undefined;
  readonly #classes: ClassRoster;
  /** What can be looked at in the network. */
  readonly view: NetworkView;
  /** Called with every sample, label and edit of a class, in order; absent: nothing is recorded. */
  onHeard: ((heard: Heard) => void) | undefined;
  /** Stamp of the sample that was begun and has not ended. */
  #inHand: bigint | undefined;

  /** @throws TopsparkError `out_of_range` naming value and bound; `out_of_memory` */
  constructor(options: ClassifierOptions) {
    const { neurons, rows, columns, classes = 64, polarity = rows > 1, memory = 256, timed, factors } = options;
    const { selfLearning = true, features = false, inferKinds = false, unknownRate = 0, linear } = options;
    checkInteger('classifier: memory', memory, 1, 65536);
    const shape = { neurons, rows, columns, classes, polarity };
    this.#presenter = timed
      ? timedPresenter(shape, timed, factors)
      : leanPresenter(shape, factors, { selfLearning, features });
    this.#network = this.#presenter.network;
    this.#memory = new LabelBuffer(memory, this.#network.inputs, neurons);
    this.#classAlarms = new ClassAlarms(classes);
    this.#certainty = new Certainty(this.#network, this.#memory, unknownRate);
    const alarms = { alarm: this.#alarm, classAlarms: this.#classAlarms };
    this.#learning = new LabelLearning(this.#network, this.#memory, this.#certainty, alarms, inferKinds);
    this.#features = features;
    this.#classes = new ClassRoster(this.#network);
    this.view = new NetworkView(this.#network, this.#memory, this.#classes);
    const means = { labelsOf: this.#classes.labels, features, selfLearning };
    this.#linear = linear && new LinearStage(linear, this.#network, this.#memory, means);
  }

  /** Class names in the order in which they first came. */
  get classes(): readonly string[] {
    return this.#classes.all;
  }

  /** Neurons that have formed. */
  get neuronsUsed(): number {
    return this.#network.scalars.touched;
  }

  /** Number of changes of the world noticed since construction. */
  get alarms(): number {
    return this.#alarm.raised + this.#classAlarms.raised + this.#learning.gate.raised + (this.#linear?.alarms ?? 0);
  }

  /** Whether one or all known classes are suddenly answered wrong: the world has changed. */
  get alarm(): boolean {
    return this.#alarm.on || this.#classAlarms.on || this.#learning.gate.on;
  }

  /** Sets the share of known samples that may be reported as unknown, 0..1; 0: none are. */
  set unknownRate(rate: number) {
    this.#certainty.unknownRate = rate;
    this.onHeard?.({ kind: 'unknown_rate', rate });
  }

  get unknownRate(): number {
    return this.#certainty.unknownRate;
  }

  /** Samples so far. */
  get samples(): number {
    return this.#memory.samples;
  }

  /**
   * Answers one sample, and learns from it where `learn` says so and any input is active. Where only novel samples are
   * learned, all are learned while the world seems to change, or until labels have shown that it does not.
   *
   * @param intensities - D of them, row-major: bytes 0..255, or numbers 0..1, which are rounded to bytes
   * @param stamp - stamp by which a label finds the sample [ns]
   * @throws TopsparkError `wrong_length`, `intensity_out_of_range` naming a number and its index, or `out_of_range`
   *   naming the field of the point; nothing has changed then
   */
  decide(intensities: Uint8Array | Float32Array, stamp: bigint, point: OperatingPoint, learn: Learning): Answer {
    let more = this.begin(intensities, stamp, point, learn);
    while (more) more = this.advance(mostTimesteps);
    return this.end();
  }

  /**
   * Begins a sample that is decided in slices, with other work in between: the same result as {@link
   * OnlineClassifier.decide}, bit for bit. Everything else is refused until it has ended.
   *
   * @returns whether there are steps to run
   * @throws TopsparkError as {@link OnlineClassifier.decide} does
   */
  begin(intensities: Uint8Array | Float32Array, stamp: bigint, point: OperatingPoint, learn: Learning): boolean {
    this.#between();
    const wanted = this.#learning.wanted(learn);
    const sample = this.#memory.samples;
    this.#certainty.next(sample);
    this.#learning.next(sample);
    const more = this.#presenter.begin(intensities, point, wanted, sample);
    this.#inHand = stamp;
    this.view.listed = undefined;
    this.onHeard?.({ kind: 'sample', intensities: this.#network.input.slice(), stamp, point, learn });
    return more;
  }

  /**
   * Runs further steps of the sample in hand.
   *
   * @returns whether there are steps left
   */
  advance(steps: number): boolean {
    return this.#network.advance(steps);
  }

  /**
   * Answers the sample in hand.
   *
   * @throws TopsparkError `no_sample` where none was begun
   */
  end(): Answer {
    const stamp = this.#inHand;
    if (stamp === undefined) {
      throw new TopsparkError('no_sample', 'usage', 'no sample is in hand, expected end() after begin()');
    }
    this.#inHand = undefined;
    const network = this.#network;
    const sample = this.#memory.samples;
    const presentation = this.#end();
    this.view.listed = presentation;
    this.#memory.add(network.input, stamp, presentation, network.state.clock[0]);
    const { given } = presentation;
    const verdict = this.#certainty.answered(presentation);
    given.operations.labelUpdates += this.#learning.unlabelled(presentation);
    if (presentation.learned) this.#learning.see(presentation.lead);
    const roster = this.#classes;
    // One literal without object spread: a spread within it makes each later field slow, and this runs for every sample.
    return {
      sample,
      label: roster.nameOf(given.answer),
      confidence: given.confidence,
      scores: roster.scores,
      lead: given.lead,
      reported: {
        confidence: verdict.confidence,
        unknown: verdict.unknown,
        group: verdict.group,
        unknownScore: verdict.unknownScore,
        label: verdict.unknown ? '' : roster.nameOf(given.answer),
      },
      readout: given.decided ? 'linear' : given.classAnswer < 0 ? 'net' : 'class_neurons',
      readouts: this.#linear && { votes: roster.nameOf(given.voted), linear: roster.nameOf(given.linear) },
      net: {
        label: roster.nameOf(presentation.answer),
        confidence: presentation.confidence,
        scores: roster.netScores,
        lead: presentation.lead,
        operations: presentation.operations,
      },
      timestepsRun: presentation.timestepsRun,
      learned: presentation.learned,
      familiar: presentation.familiar,
      operations: given.operations,
    };
  }

  /**
   * Answers a sample without a trace: nothing is learned, stored or counted.
   *
   * @param intensities - D bytes, row-major
   * @param number - seed of the random numbers of spikes in time
   * @throws TopsparkError `wrong_length`, or `out_of_range` naming the field of the point
   */
  probe(intensities: Uint8Array, point: OperatingPoint, number: number): Pick<Answer, 'label' | 'operations'> {
    this.#between();
    const network = this.#network;
    let more = this.#presenter.begin(intensities, point, false, number);
    while (more) more = network.advance(mostTimesteps);
    const { answer, operations } = this.#end().given;
    return { label: this.#classes.nameOf(answer), operations };
  }

  /** Stamp of the sample that a label with that stamp names [ns]; `undefined`: none is remembered. */
  find(stamp: bigint, reach?: LabelReach): bigint | undefined {
    const slot = this.#memory.find(stamp, reach);
    return slot < 0 ? undefined : this.#memory.stamps[slot];
  }

  /** Intensities of the sample of that stamp, a view; `undefined`: it is not remembered. */
  intensitiesOf(stamp: bigint): Uint8Array | undefined {
    const slot = this.#memory.find(stamp);
    return slot < 0 ? undefined : this.#memory.sample(slot);
  }

  /** Name that a label gave the sample of that stamp; `undefined`: it has none, or is not remembered. */
  nameOf(stamp: bigint): string | undefined {
    const slot = this.#memory.find(stamp);
    return slot < 0 || this.#memory.labelled[slot] !== 1 ? undefined : this.#classes.nameOf(this.#memory.labels[slot]);
  }

  /** Oldest, newest and nearest stamp of the samples that a label may still name [ns]; `undefined`: there are none. */
  around(stamp: bigint): ReturnType<LabelBuffer['around']> {
    return this.#memory.around(stamp);
  }

  /** The samples that a label may still name. */
  get remembered(): RememberedSamples {
    return this.#memory.remembered;
  }

  /** Copies of the last samples with fair labels, oldest first; for measuring. Setting it replaces them. */
  get labelled(): readonly KeptSample[] {
    return this.#labelled.samples;
  }

  set labelled(samples: readonly KeptSample[]) {
    this.#labelled.samples = samples;
  }

  /**
   * Names an earlier sample. A label takes effect before the next sample, however late it comes.
   *
   * @param name - 1..256 characters
   * @throws TopsparkError `label_empty`, `label_too_long`
   */
  label(stamp: bigint, name: string, options: LabelOptions = {}): LabelOutcome {
    const { learn = true, kind = 'unset', corrects = false } = options;
    checkName(name, stamp);
    this.#between();
    const memory = this.#memory;
    const slot = memory.find(stamp);
    if (slot < 0) return { found: false, cause: 'unknown_stamp' };
    if (memory.silent[slot] === 1) return { found: false, cause: 'silent_sample' };
    const before = memory.labelled[slot] === 1 ? this.#classes.nameOf(memory.labels[slot]) : undefined;
    if (before !== undefined && !(corrects && learn && before !== '' && before !== name)) {
      return { found: false, cause: 'duplicate' };
    }
    const sample = memory.numberOf(slot);
    const answered = this.#classes.nameOf(memory.given[slot]);
    const net = this.#classes.nameOf(memory.answers[slot]);
    const correct = answered === name;
    const netCorrect = net === name;
    const first = before === undefined;
    const learns = learn && memory.learned[slot] !== 0;
    const label = learns ? this.#classes.indexOf(name) : -1;
    if (learns && label < 0) return { found: false, cause: 'too_many_classes' };
    const [certainty, learning] = [this.#certainty, this.#learning];
    const heardAs = first ? learning.kindOf(slot, kind, correct) : kind;
    const abstained = certainty.abstained(slot);
    const repeats = first && learns && learning.repeats(slot, label, heardAs, correct && !abstained);
    this.onHeard?.({ kind: 'label', stamp, name, learn, why: kind, corrects });
    if (memory.labelled[slot] === repeated) this.#skipped(slot);
    memory.labelled[slot] = repeats ? repeated : 1;
    if (!repeats) learning.hear({ slot, kind: heardAs, right: correct, first, learned: learns });
    const fair = fairKinds.has(heardAs) && first;
    if (fair) this.#labelled.add(memory.sample(slot), name, correct);
    // Written out, without object spread: it runs for every label, and the spread took longer than learning.
    const outcome = {
      found: true as const,
      kind: heardAs,
      sample,
      abstained,
      correct,
      answered,
      net: { correct: netCorrect, answered: net },
      corrected: undefined as string | undefined,
      repeated: repeats,
      named: 0,
      credited: false,
      labelUpdates: 0,
      plasticityUpdates: 0,
    };
    if (!learns) return outcome;
    const { labels } = this.#classes;
    this.#classes.hear(label);
    if (repeats) {
      labels[label]++;
      return outcome;
    }
    if (before !== undefined) {
      labels[memory.labels[slot]]--;
      learning.takeBack(slot, label);
    }
    outcome.named = learning.nameGroup(slot, label, heardAs);
    const used = { slot, label, right: netCorrect, fair, first, wrong: !correct };
    const cost = this.#linear?.hear(used, labels[label]);
    const taught = learning.use(used, labels[label]++);
    outcome.corrected = before;
    outcome.credited = taught.credited;
    outcome.labelUpdates = taught.labelUpdates + (cost?.labelUpdates ?? 0);
    outcome.plasticityUpdates = taught.plasticityUpdates + (cost?.plasticityUpdates ?? 0);
    return outcome;
  }

  /**
   * Undoes the label of an earlier sample: removes the evidence that has not faded yet. The sample may then be named
   * again.
   *
   * @returns the class of the label; `undefined`: the sample is not remembered, or its label taught nothing
   */
  takeBack(stamp: bigint): string | undefined {
    this.#between();
    const memory = this.#memory;
    const slot = memory.find(stamp);
    if (slot >= 0 && memory.labelled[slot] === repeated) {
      this.#skipped(slot);
      this.onHeard?.({ kind: 'label_taken_back', stamp });
      return this.#classes.nameOf(memory.given[slot]);
    }
    if (slot < 0 || memory.labelled[slot] === 0 || memory.labels[slot] < 0) return undefined;
    this.onHeard?.({ kind: 'label_taken_back', stamp });
    const label = memory.labels[slot];
    this.#classes.labels[label]--;
    this.#linear?.takeBack(slot);
    this.#learning.takeBack(slot);
    memory.labelled[slot] = 0;
    memory.labels[slot] = -1;
    memory.taught[slot] = 0;
    return this.#classes.nameOf(label);
  }

  /**
   * Makes room for a new class: removes the class with the weakest claim, if that is weaker than the claim of the new
   * name ({@link Claims}). Neurons keep their weights; everything known about the old class is forgotten.
   *
   * @returns the removed class and its number of labels; `undefined`: no claim is weaker, or there is room
   */
  giveWay(name: string): { readonly name: string; readonly labels: number } | undefined {
    this.#between();
    const { all, labels } = this.#classes;
    const least = this.#classes.giveWay(name);
    if (least === undefined) return undefined;
    const gone = { name: all[least], labels: labels[least] };
    this.#remove(least);
    this.#labelled.drop(gone.name);
    return gone;
  }

  /** Number of times that a name without room has come. */
  claimsOf(name: string): number {
    return this.#classes.claims.of(name);
  }

  /**
   * Forgets a class; neurons keep their weights.
   *
   * @returns its number of labels; `undefined`: there is no such class
   */
  forgetClass(name: string): number | undefined {
    this.#between();
    const label = this.#classes.all.indexOf(name);
    if (label < 0) return undefined;
    const heard = this.#classes.labels[label];
    this.onHeard?.({ kind: 'class_forgotten', name });
    this.#remove(label);
    this.#labelled.drop(name);
    this.#classes.edits.add(name);
    return heard;
  }

  /**
   * Renames a class; renaming to an existing class merges the two.
   *
   * @param to - 1..256 characters
   * @returns whether two classes were merged; `undefined`: there is no class `name`
   */
  renameClass(name: string, to: string): boolean | undefined {
    this.#between();
    const { all } = this.#classes;
    const [label, into] = [all.indexOf(name), all.indexOf(to)];
    if (label < 0) return undefined;
    this.onHeard?.({ kind: 'class_renamed', name, to });
    this.#labelled.rename(name, to);
    if (into !== label) this.#classes.edits.add(name, to);
    if (into < 0) this.#classes.rename(label, to);
    if (into < 0 || into === label) return false;
    this.#remove(label, into);
    return true;
  }

  /** Facts about each class. */
  get classFacts(): readonly ClassFacts[] {
    return this.#classes.facts;
  }

  // Removes a skipped label. It named the class of the answer, which was right.
  #skipped(slot: number): void {
    const { given, labelled } = this.#memory;
    labelled[slot] = 0;
    if (given[slot] >= 0) this.#classes.labels[given[slot]]--;
  }

  // Ends the presentation of the sample in hand; returns it with the answer of all stages.
  #end(): Presentation {
    const presentation = this.#network.end();
    this.#linear?.give(presentation);
    return presentation;
  }

  #remove(label: number, into?: number): void {
    this.#linear?.removeClass(label, into);
    this.#network.removeClass(label, into);
    this.#memory.removeClass(label, into);
    this.#learning.removeClass(label);
    this.#classes.remove(label, into);
  }

  /**
   * Replaces the class evidence of all neurons by labels found elsewhere.
   *
   * @param names - names of the classes; the existing ones come first, in their order
   * @param shares - N × classes: share of each class in a neuron; the sum of each neuron is 1 or 0
   * @throws TopsparkError `bad_classes`
   */
  assign(names: readonly string[], shares: Float32Array): void {
    this.#between();
    this.#classes.open(names);
    this.#network.assign(shares, names.length);
  }

  /** SHA-256 (hex) of weights, thresholds and class evidence. */
  hash(): string {
    return this.#network.hash();
  }

  /** A copy of everything: weights, evidence, names, and the samples that labels may still name. */
  snapshot(): Snapshot {
    return atOnce(this.capture());
  }

  /**
   * The same as {@link OnlineClassifier.snapshot}, copied now; the hash is computed in slices, so that nothing waits
   * for it.
   *
   * @param copy - copies the large arrays
   */
  capture(copy = freshCopy): Slices<Snapshot> {
    this.#between();
    return writeSnapshot(this.#state(), copy);
  }

  /**
   * Restores a snapshot of a classifier of the same size; the capacity of the label buffer may differ.
   *
   * @throws TopsparkError `bad_state` naming what was found and expected; nothing has changed then
   */
  restore(snapshot: Snapshot): void {
    this.#between();
    restoreSnapshot(snapshot, this.#state());
  }

  /** Forgets everything. */
  reset(): void {
    this.#between();
    this.#network.clear();
    this.#memory.reset();
    this.#labelled.clear();
    this.#alarm.state = new ChangeAlarm().state;
    this.#classAlarms.reset();
    this.#certainty.reset();
    this.#learning.reset();
    this.#linear?.reset();
    this.#classes.reset();
  }

  // The network's state is incomplete until a presentation has ended.
  #between(): void {
    if (this.#inHand === undefined) return;
    const message = `the sample of ${this.#inHand} ns is in hand, expected its end before anything else`;
    throw new TopsparkError('sample_in_hand', 'usage', message);
  }

  #state(): ClassifierState {
    const [network, memory, alarm, classAlarms] = [this.#network, this.#memory, this.#alarm, this.#classAlarms];
    const { identity } = this.#presenter;
    return {
      network,
      identity,
      memory,
      alarm,
      classAlarms,
      certainty: this.#certainty,
      learning: this.#learning,
      features: this.#features,
      linear: this.#linear,
      classes: this.#classes,
    };
  }
}
