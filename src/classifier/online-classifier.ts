import { checkInteger, TopsparkError } from '../base/errors.js';
import { freshCopy } from '../base/buffer-pool.js';
import { atOnce, type Slices } from '../base/slices.js';
import type { Snapshot } from '../base/snapshot.js';
import type { NetworkShape } from '../snn/network-shape.js';
import type { ReadoutPart } from '../snn/linear-readout.js';
import type { Firing, Learning, Presentation } from '../snn/presentation.js';
import type { SpikingNetwork } from '../snn/spiking-network.js';
import { mostTimesteps } from '../snn/timed/timed-baseline.js';
import type { Factors } from '../timestep/policy/factors.js';
import type { OperatingPoint } from '../timestep/policy/operating-point.js';
import type { Answer } from './answer.js';
import { ChangeAlarm, ClassAlarms } from '../accuracy/drift-detectors.js';
import { Claims } from './claims.js';
import { ClassEdits } from './class-edits.js';
import { Certainty } from './certainty.js';
import { checkName, ClassNames } from './class-names.js';
import { restoreSnapshot, writeSnapshot, type ClassifierState } from './classifier-snapshot.js';
import { fairKinds, type LabelKind } from './label-kinds.js';
import { LabelLearning } from './label-learning.js';
import type { LabelOutcome } from './label-outcome.js';
import { leanPresenter, timedPresenter, type NetworkBinding, type TimedOptions } from './network-binding.js';
import { LabelBuffer, LabelledReservoir, repeated, type KeptSample, type LabelReach } from './label-buffer.js';
import { LinearStage } from './linear-stage.js';

/** Size of a classifier. */
export interface ClassifierOptions extends NetworkShape {
  /** Most classes, 1..4096. */
  readonly classes?: number;
  /** Pictures brighter than half are inverted; by default where there is more than one row. */
  readonly polarity?: boolean;
  /** Samples that are remembered for late labels, 1..65536. */
  readonly memory?: number;
  /** Spikes in time instead of the lean way. */
  readonly timed?: TimedOptions;
  /** Class neurons learn from unnamed samples, too, where samples are presented the lean way; true where absent. */
  readonly selfLearning?: boolean;
  /** Labels that do not say why they were given may be corrections; false where absent. */
  readonly inferKinds?: boolean;
  /** A linear readout stands beside the votes, and reads a sample of these parts; absent: none does. */
  readonly linear?: readonly ReadoutPart[];
  /** Share of known samples that may be told to be unknown, 0..1; 0, and where absent: none is. */
  readonly unknownRate?: number;
  /** Factors on constants of the policy, for analysis. */
  readonly factors?: Factors;
}

/** How a label is to be used. */
export interface LabelOptions {
  /** false: the answer of the time is tested, nothing is learned; true where absent. */
  readonly learn?: boolean;
  /** Why it was given; `unset` where absent. */
  readonly kind?: LabelKind;
  /** It stands in place of an earlier label of the sample that named another class; else the first one counts. */
  readonly corrects?: boolean;
}

/** What is known of a class. */
export interface ClassFacts {
  readonly name: string;
  /** Labels heard of it. */
  readonly labels: number;
  /** Neurons that stand for it. */
  readonly neurons: number;
}

/** What the network made of one sample. */
export interface SampleSpikes {
  /** Shape of the input. */
  readonly rows: number;
  readonly columns: number;
  /** Intensities 0..255, row-major. */
  readonly input: Uint8Array;
  /** Of each spike in turn, the first 512: its timestep from 1, the neuron, and the class that this mostly stands for; empty: none. */
  readonly steps: Uint16Array;
  readonly neurons: Uint16Array;
  readonly labels: readonly string[];
}

/** The neuron that stands for a class best. */
export interface Prototype {
  readonly name: string;
  readonly neuron: number;
  /** In the order of the inputs. */
  readonly weights: Float32Array;
}

/** What one neuron is; copies. */
export interface Neuron {
  /** Class that it mostly stands for; empty: none is known. */
  readonly label: string;
  /** W_ij in the order of the inputs. */
  readonly weights: Float32Array;
  /** θ_j, above the threshold of all. */
  readonly theta: number;
  /** What a spike of it votes for, by class. */
  readonly shares: Float32Array;
}

/** Labelled samples that are kept to measure by. */
export const mostLabelled = 500;

/** The samples for which a label may still come. */
export interface RememberedSamples {
  readonly samples: number;
  /** Most of them. */
  readonly capacity: number;
  /** Stamp of the last one [ns]; `undefined`: there is none. */
  readonly newest: bigint | undefined;
  /** Mean time from one to the next [s]; NaN: there are no two, or time went back. */
  readonly period: number;
}

/**
 * Learns to tell classes apart while it answers: every sample is decided, learned from, and named later by the few
 * labels that come. The same samples, points and labels in the same order give the same state, bit for bit.
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
  readonly #linear: LinearStage | undefined;
  readonly #labelsOf: Float64Array;
  /** When each class was heard last, as labels count. */
  readonly #heardAt: Float64Array;
  readonly #names: ClassNames;
  readonly #claims = new Claims();
  readonly #edits = new ClassEdits();
  /** Stamp of the sample that was begun and has not ended. */
  #inHand: bigint | undefined;
  #told: Pick<Presentation, 'firedCount' | 'nearestCount' | 'spikesTold'> = {
    ...{ firedCount: 0, nearestCount: 0, spikesTold: 0 },
  };

  /** @throws TopsparkError `out_of_range` naming value and bound; `out_of_memory` */
  constructor(options: ClassifierOptions) {
    const { neurons, rows, columns, classes = 64, polarity = rows > 1, memory = 256, timed, factors } = options;
    const { selfLearning = true, inferKinds = false, unknownRate = 0, linear } = options;
    checkInteger('classifier: memory', memory, 1, 65536);
    const shape = { neurons, rows, columns, classes, polarity };
    this.#presenter = timed ? timedPresenter(shape, timed, factors) : leanPresenter(shape, factors, selfLearning);
    this.#network = this.#presenter.network;
    this.#memory = new LabelBuffer(memory, this.#network.inputs, neurons);
    this.#classAlarms = new ClassAlarms(classes);
    this.#certainty = new Certainty(this.#network, this.#memory, unknownRate);
    const alarms = { alarm: this.#alarm, classAlarms: this.#classAlarms };
    this.#learning = new LabelLearning(this.#network, this.#memory, this.#certainty, alarms, inferKinds);
    this.#linear = linear && new LinearStage(linear, this.#network, this.#memory);
    this.#labelsOf = new Float64Array(classes);
    this.#heardAt = new Float64Array(classes);
    this.#names = new ClassNames(this.#network);
  }

  /** Class names in the order in which they were first heard. */
  get classes(): readonly string[] {
    return this.#names.all;
  }

  /** Neurons that have formed. */
  get neuronsUsed(): number {
    return this.#network.scalars.touched;
  }

  /** Changes of the world noticed since it was made. */
  get alarms(): number {
    return this.#alarm.raised + this.#classAlarms.raised + this.#learning.gate.raised + (this.#linear?.alarms ?? 0);
  }

  /** Known classes are suddenly answered wrong, one or all: the world has changed. */
  get alarm(): boolean {
    return this.#alarm.on || this.#classAlarms.on || this.#learning.gate.on;
  }

  /** Sets the share of known samples that may be told to be unknown, 0..1; 0: none is. */
  set unknownRate(rate: number) {
    this.#certainty.unknownRate = rate;
  }

  /** Samples so far. */
  get samples(): number {
    return this.#memory.samples;
  }

  /**
   * Answers one sample, and learns from it where `learn` says so and any input is active. Where only what is novel is to be
   * learned, everything is while the world seems to change or labels have not yet told that it does not.
   *
   * @param intensities - D of them, row-major: bytes 0..255, or numbers 0..1, which are rounded to bytes
   * @param stamp - by which a label will find the sample [ns]
   * @throws TopsparkError `wrong_length`, `intensity_out_of_range` naming a number and its place, or `out_of_range` naming
   * the field of the point; nothing has changed then
   */
  decide(intensities: Uint8Array | Float32Array, stamp: bigint, point: OperatingPoint, learn: Learning): Answer {
    let more = this.begin(intensities, stamp, point, learn);
    while (more) more = this.advance(mostTimesteps);
    return this.end();
  }

  /**
   * Begins a sample that is to be decided in slices, so that others get the thread in between: the same as
   * {@link OnlineClassifier.decide}, bit for bit. Until it has ended everything else is refused.
   *
   * @returns there are steps to run
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
    return more;
  }

  /**
   * Runs further steps of the sample in hand, at most so many.
   *
   * @returns there are steps left
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
      throw new TopsparkError('no_sample', 'usage', 'there is no sample in hand to end, expected one that was begun');
    }
    this.#inHand = undefined;
    const network = this.#network;
    const sample = this.#memory.samples;
    const told = this.#end();
    this.#told = told;
    this.#memory.add(network.input, stamp, told, network.state.clock[0]);
    const { given } = told;
    const verdict = this.#certainty.answered(told);
    given.operations.labelUpdates += this.#learning.unlabelled(told, verdict);
    if (told.learned) this.#learning.see(told.lead);
    const names = this.#names;
    return {
      sample,
      label: names.nameOf(given.answer),
      confidence: given.confidence,
      scores: names.scores,
      lead: given.lead,
      told: {
        confidence: verdict.confidence,
        unknown: verdict.unknown,
        group: verdict.group,
        unknownScore: verdict.unknownScore,
        label: verdict.unknown ? '' : names.nameOf(given.answer),
      },
      readout: given.decided ? 'linear' : given.classAnswer < 0 ? 'net' : 'class_neurons',
      ...(this.#linear && { readouts: { votes: names.nameOf(given.voted), linear: names.nameOf(given.linear) } }),
      net: {
        label: names.nameOf(told.answer),
        confidence: told.confidence,
        scores: names.netScores,
        lead: told.lead,
        operations: told.operations,
      },
      timestepsRun: told.timestepsRun,
      learned: told.learned,
      familiar: told.familiar,
      operations: given.operations,
    };
  }

  /**
   * Answers a sample as if nothing had been asked: nothing is learned, remembered or counted.
   *
   * @param intensities - D bytes, row-major
   * @param number - which random numbers spikes in time are drawn for
   * @throws TopsparkError `wrong_length`, or `out_of_range` naming the field of the point
   */
  probe(intensities: Uint8Array, point: OperatingPoint, number: number): Pick<Answer, 'label' | 'operations'> {
    this.#between();
    const network = this.#network;
    let more = this.#presenter.begin(intensities, point, false, number);
    while (more) more = network.advance(mostTimesteps);
    const { answer, operations } = this.#end().given;
    return { label: this.#names.nameOf(answer), operations };
  }

  /** Stamp of the sample that a label of that stamp names [ns]; `undefined`: none is remembered. */
  find(stamp: bigint, reach?: LabelReach): bigint | undefined {
    const slot = this.#memory.find(stamp, reach);
    return slot < 0 ? undefined : this.#memory.stamps[slot];
  }

  /** Intensities of the sample of that stamp, a view; `undefined`: it is not remembered. */
  intensitiesOf(stamp: bigint): Uint8Array | undefined {
    const slot = this.#memory.find(stamp);
    return slot < 0 ? undefined : this.#memory.sample(slot);
  }

  /** What the sample of that stamp was called by a label; `undefined`: it has none, or is not remembered. */
  nameOf(stamp: bigint): string | undefined {
    const slot = this.#memory.find(stamp);
    return slot < 0 || this.#memory.labelled[slot] !== 1 ? undefined : this.#names.nameOf(this.#memory.labels[slot]);
  }

  /** Stamps of the samples for which a label may still come [ns]; `undefined`: none was decided. */
  around(stamp: bigint): ReturnType<LabelBuffer['around']> {
    return this.#memory.around(stamp);
  }

  /** The samples for which a label may still come. */
  get remembered(): RememberedSamples {
    const { length, capacity, newest, oldest } = this.#memory;
    const seconds = newest === undefined || oldest === undefined ? 0 : Number(newest - oldest) / 1e9;
    return { samples: length, capacity, newest, period: seconds > 0 ? seconds / (length - 1) : NaN };
  }

  /** The last samples whose labels say how often answers are right, oldest first; to measure by, and a view. */
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
    const before = memory.labelled[slot] === 1 ? this.#names.nameOf(memory.labels[slot]) : undefined;
    if (before !== undefined && !(corrects && learn && before !== '' && before !== name)) {
      return { found: false, cause: 'duplicate' };
    }
    const sample = memory.numberOf(slot);
    const answered = this.#names.nameOf(memory.given[slot]);
    const net = this.#names.nameOf(memory.answers[slot]);
    const correct = answered === name;
    const netCorrect = net === name;
    const first = before === undefined;
    const learns = learn && memory.learned[slot] !== 0;
    const label = learns ? this.#names.indexOf(name) : -1;
    if (learns && label < 0) return { found: false, cause: 'too_many_classes' };
    const [certainty, learning] = [this.#certainty, this.#learning];
    const heardAs = first ? learning.kindOf(slot, kind, correct) : kind;
    const abstained = certainty.abstained(slot);
    const repeats = first && learns && learning.repeats(slot, label, heardAs, correct && !abstained);
    if (memory.labelled[slot] === repeated) this.#skipped(slot);
    memory.labelled[slot] = repeats ? repeated : 1;
    if (!repeats) learning.hear({ slot, kind: heardAs, right: correct, first, learned: learns });
    const fair = fairKinds.has(heardAs) && first;
    if (fair) this.#labelled.add(memory.sample(slot), name);
    // Written out, with no object spread into another: it is done for every label, and took longer than learning does.
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
    this.#heardAt[label] = 1 + largest(this.#heardAt);
    if (this.#labelsOf[label] === 0) this.#edits.taught(name);
    if (repeats) {
      this.#labelsOf[label]++;
      return outcome;
    }
    if (before !== undefined) {
      this.#labelsOf[memory.labels[slot]]--;
      learning.takeBack(slot, label);
    }
    outcome.named = learning.nameGroup(slot, label, heardAs);
    const used = { slot, label, right: netCorrect, fair, first, wrong: !correct };
    const cost = this.#linear?.hear(used, this.#labelsOf[label]);
    const taught = learning.use(used, this.#labelsOf[label]++);
    outcome.corrected = before;
    outcome.credited = taught.credited;
    outcome.labelUpdates = taught.labelUpdates + (cost?.labelUpdates ?? 0);
    outcome.plasticityUpdates = taught.plasticityUpdates + (cost?.plasticityUpdates ?? 0);
    return outcome;
  }

  /**
   * Takes the label of an earlier sample back: nothing is known of it any more, as far as it has not faded, and the sample may
   * be named again.
   *
   * @returns the class that it was called; `undefined`: no such sample is remembered, or nothing was learned from its label
   */
  takeBack(stamp: bigint): string | undefined {
    this.#between();
    const memory = this.#memory;
    const slot = memory.find(stamp);
    if (slot >= 0 && memory.labelled[slot] === repeated) {
      this.#skipped(slot);
      return this.#names.nameOf(memory.given[slot]);
    }
    if (slot < 0 || memory.labelled[slot] === 0 || memory.labels[slot] < 0) return undefined;
    const label = memory.labels[slot];
    this.#labelsOf[label]--;
    this.#linear?.takeBack(slot);
    this.#learning.takeBack(slot);
    memory.labelled[slot] = 0;
    memory.labels[slot] = -1;
    memory.taught[slot] = 0;
    return this.#names.nameOf(label);
  }

  /**
   * Where there is no room for a new class: gives it that of the class that is least founded, where that has fewer labels than
   * the new name has come with ({@link Claims}). What neurons look like stays; nothing is known of the old class then.
   *
   * @returns the class that gave way, and the labels that it had; `undefined`: all are better founded, or there is room
   */
  giveWay(name: string): { readonly name: string; readonly labels: number } | undefined {
    this.#between();
    const { all } = this.#names;
    if (all.length < this.#network.shape.classes || all.includes(name)) return undefined;
    const labels = this.#labelsOf;
    const least = this.#claims.giveWay(name, labels.subarray(0, all.length), this.#heardAt);
    if (least === undefined) return undefined;
    const gone = { name: all[least], labels: labels[least] };
    this.#remove(least);
    this.#labelled.drop(gone.name);
    return gone;
  }

  /** How often a name has come for which there was no room. */
  claimsOf(name: string): number {
    return this.#claims.of(name);
  }

  /**
   * Forgets a class: nothing is known of it any more. What neurons look like stays.
   *
   * @returns labels that it had; `undefined`: there is no such class
   */
  forgetClass(name: string): number | undefined {
    this.#between();
    const label = this.#names.all.indexOf(name);
    if (label < 0) return undefined;
    const heard = this.#labelsOf[label];
    this.#remove(label);
    this.#labelled.drop(name);
    this.#edits.add(name);
    return heard;
  }

  /**
   * Calls a class otherwise; where there is one of that name already, both become one.
   *
   * @param to - 1..256 characters
   * @returns whether two became one; `undefined`: there is no class `name`
   */
  renameClass(name: string, to: string): boolean | undefined {
    this.#between();
    const { all } = this.#names;
    const [label, into] = [all.indexOf(name), all.indexOf(to)];
    if (label < 0) return undefined;
    this.#labelled.rename(name, to);
    if (into !== label) this.#edits.add(name, to);
    if (into < 0) this.#names.rename(label, to);
    if (into < 0 || into === label) return false;
    this.#labelsOf[into] += this.#labelsOf[label];
    this.#heardAt[into] = Math.max(this.#heardAt[into], this.#heardAt[label]);
    this.#remove(label, into);
    return true;
  }

  /** What is known of each class. */
  get classFacts(): readonly ClassFacts[] {
    const { owned } = this.#network.state;
    return this.#names.all.map((name, c) => ({ name, labels: this.#labelsOf[c], neurons: owned[c] }));
  }

  // A label that was skipped is no more: it was that of the answer, which was right.
  #skipped(slot: number): void {
    const { given, labelled } = this.#memory;
    labelled[slot] = 0;
    if (given[slot] >= 0) this.#labelsOf[given[slot]]--;
  }

  // The presentation of the sample in hand with the answer of all stages.
  #end(): Presentation {
    const told = this.#network.end();
    this.#linear?.give(told);
    return told;
  }

  #remove(label: number, into?: number): void {
    this.#linear?.removeClass(label, into);
    this.#network.removeClass(label, into);
    this.#memory.removeClass(label, into);
    this.#learning.removeClass(label);
    for (const counts of [this.#labelsOf, this.#heardAt]) {
      counts.copyWithin(label, label + 1);
      counts[counts.length - 1] = 0;
    }
    this.#names.remove(label);
  }

  /**
   * What the network made of the last sample; a copy.
   *
   * @returns `undefined` before the first
   */
  spikes(): SampleSpikes | undefined {
    const { newest } = this.#memory;
    if (this.#inHand !== undefined || newest === undefined) return undefined;
    // A late label has put its own sample into the network since.
    const input = this.#memory.sample(this.#memory.find(newest)).slice();
    const { rows, columns } = this.#network.shape;
    const raster = this.#network.lists.raster.subarray(0, this.#told.spikesTold);
    const neurons = Uint16Array.from(raster, (spike) => spike & 0xffff);
    return {
      ...{ rows, columns, input, neurons },
      steps: Uint16Array.from(raster, (spike) => spike >>> 16),
      labels: Array.from(neurons, (each) => this.#names.nameOf(this.#network.state.owner[each] - 1)),
    };
  }

  /** Of each class for which a neuron stands, the one that knows most of it, in the order in which they were first heard. */
  get prototypes(): readonly Prototype[] {
    const { owner, evidence } = this.#network.state;
    const stride = evidence.length / owner.length;
    return this.#names.all.flatMap((name, c) => {
      let best = -1;
      let most = 0;
      for (let j = 0; j < owner.length; j++) {
        const known = evidence[j * stride + c];
        if (owner[j] !== c + 1 || known <= most) continue;
        [best, most] = [j, known];
      }
      return best < 0 ? [] : [{ name, neuron: best, weights: this.#network.weightsOf(best) }];
    });
  }

  /** Who fired in the last sample; a copy. */
  firing(): Firing {
    const { fired, firedSpikes, nearest } = this.#network.lists;
    const { firedCount, nearestCount } = this.#told;
    return {
      fired: fired.slice(0, firedCount),
      firedSpikes: firedSpikes.slice(0, firedCount),
      nearest: nearest.slice(0, nearestCount),
      firedCount,
      nearestCount,
    };
  }

  /**
   * Puts labels found otherwise in place of all that neurons knew about classes.
   *
   * @param names - the classes; all that were heard before come first, in their order
   * @param shares - N × classes: share of each class in what a neuron stands for, each neuron's sum 1 or 0
   * @throws TopsparkError `bad_classes`
   */
  assign(names: readonly string[], shares: Float32Array): void {
    this.#between();
    this.#names.open(names);
    this.#network.assign(shares, names.length);
  }

  /** @param index - 0..N − 1 */
  neuron(index: number): Neuron {
    const network = this.#network;
    const { owner, theta } = network.state;
    return {
      label: this.#names.nameOf(owner[index] - 1),
      weights: network.weightsOf(index),
      theta: theta[index],
      shares: network.sharesOf(index),
    };
  }

  /** SHA-256 (hex) of weights, thresholds and class evidence. */
  hash(): string {
    return this.#network.hash();
  }

  /** A copy of everything: weights, evidence, names, and the samples that labels may still come for. */
  snapshot(): Snapshot {
    return atOnce(this.capture());
  }

  /**
   * The same, copied now; its hash is worked out in slices, so that nothing waits for it.
   *
   * @param copy - copies the large arrays
   */
  capture(copy = freshCopy): Slices<Snapshot> {
    this.#between();
    return writeSnapshot(this.#state(), copy);
  }

  /**
   * Takes over a snapshot of a classifier of the same size; one that remembers more or fewer samples is as good.
   *
   * @throws TopsparkError `bad_state` naming what was found and expected; nothing has changed then
   */
  restore(snapshot: Snapshot): void {
    this.#between();
    this.#names.take(restoreSnapshot(snapshot, this.#state()));
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
    this.#claims.state = { names: [], counts: [] };
    this.#edits.restore();
    this.#linear?.reset();
    this.#labelsOf.fill(0);
    this.#heardAt.fill(0);
    this.#names.take([]);
  }

  // A presentation leaves the network's state half way until it has ended.
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
      linear: this.#linear,
      labelsOf: this.#labelsOf,
      heardAt: this.#heardAt,
      names: this.#names.all,
      claims: this.#claims,
      edits: this.#edits,
    };
  }
}

function largest(numbers: Float64Array): number {
  let most = 0;
  for (const each of numbers) if (each > most) most = each;
  return most;
}
