import { badState, storedArray, type Snapshot, type Tensor } from '../base/snapshot.js';
import { MarginCalibration } from '../accuracy/margins.js';
import type { Presentation } from '../snn/presentation.js';
import type { SpikingNetwork } from '../snn/spiking-network.js';
import type { LabelBuffer } from './label-buffer.js';
import { SampleNotes } from './sample-notes.js';

// Confidence, the probability that the given answer is right: a monotone map of its lead / 14 [votes], from labels
// drawn at random (accuracy/margins.ts; one pseudo-label per bin, fading 0.999). Before 50 such labels, a guess g
// replaces the missing ones; C classes, n labels of any kind:
//
//   g = 1 / (C + 1) + (1 - 1 / (C + 1)) n / (n + 50) min(1, lead / 14)
//   confidence = g + (random labels / 50) (map - g)
//
// A group that was met but never named: the neurons near a sample fired often, but hardly for labels drawn at random.
//
//   rho: labels drawn at random per learned sample, over the last 2000 samples
//   every learned sample, fired j:   E_j = E_j (1 - rho (1 - keep))^n_j + rho n_j         keep = 0.995, rho from before
//   every random label, fired j:     F_j = F_j keep^n_j + n_j                         a renewed neuron begins with 0, 0
//   u = (sum w E / W + 1) / (sum w F / W + 1) ,  w = 3 / q for the nearest q = 1, 2, .. plus n_j for those that fired
//   every sample:  c = correlation of u with that of the sample before, over the last 1000 samples, at most 1
//                  s += (1 - 2/3 max(0, c - 0.1)) (u - s) , from s = u ;   U = 1 / s
//   unknown: U < t from 50 random labels on ;  every random label: t += 0.02 (rate - [U < t]) , from 0.3, at least 0.02
//
// 1 / u is the share of the expected labelled spikes that actually came; t follows the requested share of false alarms.
// A robot stays at a place for many samples: where neighbours are alike, the mean of the last few samples says more than
// one of them. Where they come in any order, c is near 0 and s is u. Groups are reported, and grow, only where u alone
// shows it too.
// Since labels may come late, rho falls with every sample and rises with every label. Doubles, in this order.

/** Share of false alarms that the threshold of 'unknown' follows while 'unknown' is not reported. */
const usualRate = 0.05;
/** Lead from which an answer is as certain as possible [votes]. */
const sureLead = 14;
const pseudoLabels = 1;
const labelFade = 0.999;
/** Number of labels of any kind after which the guess trusts leads by half. */
const halfBelieved = 50;
/** Part of the threshold below which a sample belongs to a group without a name. */
const groupPart = 0.6;

const keep = 0.995;
const nearWeight = 3;
const window = 2000;
/** Number of samples of the correlation of neighbours; what chance may make of it; how much scores are smoothed by the rest. */
const alikeWindow = 1000;
const chance = 0.1;
const smoothed = 2 / 3;
const enough = 50;
/** Threshold t before the first label drawn at random. */
export const firstThreshold = 0.3;
const leastThreshold = 0.02;
const step = 0.02;
/** Bounds of a stored state: numbers of samples; spikes of a neuron, which fade; t. */
const mostSamples = Number.MAX_SAFE_INTEGER;
const mostSpikes = 1e4;
const mostThreshold = 1e4;
const mostExcess = 1e9;

/**
 * Smooths u over neighbouring samples: number of samples; mean, variance and covariance of neighbours; the last u, and
 * s.
 */
const noCourse = [0, 0, 0, 0, 0, 0] as const;

/** Certainty of an answer as reported. */
export interface ReportedAnswer {
  /** Probability that the given answer is right, 0..1. */
  readonly confidence: number;
  /** Whether the sample belongs to no named class, as far as labels show. */
  readonly unknown: boolean;
  /** Whether its neurons form a group without a name: a label names all of them. */
  readonly group: boolean;
  /** Degree of being unknown, 0..1; from 0.5 on the sample is unknown, where that may be reported. */
  readonly unknownScore: number;
}

/** Judges how certain an answer is, and whether the sample belongs to a named class at all. */
export class Certainty {
  readonly notes: SampleNotes;
  /** N each: labelled spikes F, and expected ones E. */
  readonly labelled: Float64Array;
  readonly expected: Float64Array;
  /** Share of known samples that may be reported as unknown, 0..1; 0: none are. */
  unknownRate: number;
  /** N: renewal of the neuron from which both count. */
  readonly #since: Float64Array;
  #samples = 0;
  #share = 0;
  /** Number of labels drawn at random, and of any kind. */
  #random = 0;
  #labels = 0;
  #threshold = firstThreshold;
  /** As {@link noCourse}. */
  readonly #course = new Float64Array(noCourse);
  readonly #calibration = new MarginCalibration(pseudoLabels, labelFade);
  /** Slot of the sample in hand, and the score below which it is unknown; 0: too few labels to decide. */
  #slot = 0;
  #below = 0;
  #alone = false;

  constructor(
    readonly network: SpikingNetwork,
    readonly memory: LabelBuffer,
    unknownRate: number,
  ) {
    const { neurons } = network.shape;
    this.labelled = new Float64Array(neurons);
    this.expected = new Float64Array(neurons);
    this.#since = new Float64Array(neurons);
    this.notes = new SampleNotes(memory.capacity);
    this.unknownRate = unknownRate;
  }

  /** The sample with that number is presented next. */
  next(sample: number): void {
    this.#slot = sample % this.memory.capacity;
    this.#below = this.#random >= enough ? this.#threshold : 0;
  }

  /** Whether the last sample is unknown, by its own score too: others beside it do not make it one of a group. */
  get alone(): boolean {
    return this.#alone;
  }

  /** The sample was answered and stored; it is not learned yet. */
  answered(presentation: Readonly<Presentation>): ReportedAnswer {
    const [slot, threshold] = [this.#slot, this.#below];
    const { leads, shares, scores, unknown } = this.notes;
    const { given } = presentation;
    leads[slot] = given.lead;
    shares[slot] = given.confidence;
    const excess = this.#excess(presentation);
    const score = (scores[slot] = Math.fround(1 / this.#smooth(excess)));
    const isUnknown = this.unknownRate > 0 && given.answer >= 0 && score < threshold;
    const own = Math.max(score, 1 / excess);
    const group = isUnknown && own < groupPart * threshold;
    this.#alone = isUnknown && own < threshold;
    unknown[slot] = Number(isUnknown) + Number(group);
    return {
      confidence: given.answer < 0 ? 0 : this.#confidence(given.lead / sureLead),
      unknown: isUnknown,
      group,
      unknownScore: threshold / (threshold + score),
    };
  }

  #confidence(lead: number): number {
    const least = 1 / (this.network.scalars.classes + 1);
    const believed = this.#labels / (this.#labels + halfBelieved);
    return this.#calibration.expected(lead, least + (1 - least) * believed * Math.min(1, lead));
  }

  // u of the last presented sample, before it is learned.
  #excess({ nearest, nearestCount, fired, firedSpikes, firedCount }: Readonly<Presentation>): number {
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
    return weights > 0 ? (awaited / weights + 1) / (found / weights + 1) : 1;
  }

  // s of the last presented sample, from its u.
  #smooth(excess: number): number {
    const course = this.#course;
    const first = course[0] === 0;
    const part = 1 / Math.min(++course[0], alikeWindow);
    course[1] += (excess - course[1]) * part;
    const off = excess - course[1];
    course[2] += (off * off - course[2]) * part;
    if (!first) course[3] += (off * (course[4] - course[1]) - course[3]) * part;
    course[4] = excess;
    const alike = course[2] > 0 ? Math.max(0, Math.min(1, course[3] / course[2]) - chance) : 0;
    course[5] = first ? excess : course[5] + (1 - smoothed * alike) * (excess - course[5]);
    return course[5];
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

  /** Whether neuron j got less than a share of the labelled spikes expected of it. */
  unnamed(j: number, share = 0.5): boolean {
    this.#look(j);
    return (this.labelled[j] + 1) / (this.expected[j] + 1) < share;
  }

  /** Whether the reported answer for the sample of a slot was 'unknown'. */
  abstained(slot: number): boolean {
    return this.notes.unknown[slot] > 0;
  }

  /** Whether the sample of a slot was of a group without a name. */
  nameless(slot: number): boolean {
    return this.notes.unknown[slot] > 1;
  }

  /** The first label of a sample came. */
  heard(): void {
    this.#labels++;
  }

  /**
   * The first label of a sample came, drawn at random.
   *
   * @param right - whether the given answer was right
   * @param learned - whether the sample was learned, and its label is
   */
  drawn(slot: number, right: boolean, learned: boolean): void {
    const { memory, network, notes } = this;
    this.#calibration.add(notes.leads[slot] / sureLead, right);
    if (!learned) return;
    memory.list(slot, network);
    this.#named(notes.scores[slot], memory.firedCounts[slot], this.unknownRate > 0 ? this.unknownRate : usualRate);
  }

  // The sample's neurons are listed for the network; `score` is from the time of the answer.
  #named(score: number, firedCount: number, rate: number): void {
    const { fired, firedSpikes } = this.network.lists;
    for (let k = 0; k < firedCount; k++) {
      const j = fired[k];
      if (j < 0) continue;
      this.#look(j);
      for (let n = firedSpikes[k]; n > 0; n--) this.labelled[j] *= keep;
      this.labelled[j] += firedSpikes[k];
    }
    this.#random++;
    this.#share = Math.min(1, this.#share + 1 / Math.min(Math.max(1, this.#samples), window));
    const alarm = Number(score < this.#threshold);
    this.#threshold = Math.max(leastThreshold, this.#threshold + step * (rate - alarm));
  }

  /** Copies, named `notes.…`, `unknown.…` and `judgement.calibration`. */
  tensors(): Record<string, Tensor> {
    const { labelled, expected, memory } = this;
    for (let j = 0; j < labelled.length; j++) this.#look(j);
    const numbers = (list: readonly number[]): Tensor => ({ shape: [list.length], data: new Float64Array(list) });
    return {
      ...this.notes.tensors(Math.min(memory.samples, memory.capacity)),
      'unknown.labelled': { shape: [labelled.length], data: labelled.slice() },
      'unknown.expected': { shape: [expected.length], data: expected.slice() },
      'unknown.course': numbers([...this.#course]),
      'unknown.numbers': numbers([this.#samples, this.#share, this.#random, this.#threshold]),
      'judgement.calibration': numbers([this.#labels, ...this.#calibration.state]),
    };
  }

  /**
   * Reads the state from a snapshot; parts that an older file lacks start from zero.
   *
   * @param samples - number of all samples seen
   * @param capacity - capacity of the stored buffer
   * @returns a function that restores it, after the network; its argument: number of the last samples to restore
   * @throws TopsparkError `bad_state`; nothing has changed then
   */
  read(tensors: Snapshot['tensors'], samples: number, capacity: number): (remembered: number) => void {
    const neurons = this.labelled.length;
    const none = [0, ...new MarginCalibration().state];
    const take = (name: string, length: number, most: number): Float64Array =>
      storedArray(tensors, name, this.labelled, length, 0, most);
    const known = 'unknown.numbers' in tensors;
    const labelled = known ? take('unknown.labelled', neurons, mostSpikes) : new Float64Array(neurons);
    const expected = known ? take('unknown.expected', neurons, mostSpikes) : new Float64Array(neurons);
    const numbers = known ? take('unknown.numbers', 4, mostSamples) : [0, 0, 0, firstThreshold];
    const course = 'unknown.course' in tensors ? this.#readCourse(tensors) : noCourse;
    const stored = 'judgement.calibration' in tensors;
    const [labels, ...calibration] = stored ? take('judgement.calibration', none.length, mostSamples) : none;
    const notes = this.notes.read(tensors, samples, capacity);
    return (remembered) => {
      this.labelled.set(labelled);
      this.expected.set(expected);
      this.#since.set(this.network.state.renewedAt);
      [this.#samples, this.#share, this.#random, this.#threshold] = numbers;
      this.#share = Math.min(1, this.#share);
      this.#threshold = Math.min(mostThreshold, this.#threshold);
      this.#course.set(course);
      this.#labels = labels;
      this.#calibration.state = calibration;
      notes(remembered);
    };
  }

  // s and the last u are at least 0, so that no score is negative.
  #readCourse(tensors: Snapshot['tensors']): Float64Array {
    const course = storedArray(tensors, 'unknown.course', this.#course, noCourse.length, -mostExcess, mostSamples);
    const found = course.findIndex((each, at) => at !== 3 && each < 0);
    if (found >= 0) badState(`unknown.course[${found}]`, String(course[found]), '0 or more');
    return course;
  }

  /** Forgets everything. */
  reset(): void {
    this.read({}, 0, this.memory.capacity)(0);
  }

  // A renewed neuron stands for something else: its counts start again.
  #look(j: number): void {
    const { renewedAt } = this.network.state;
    if (this.#since[j] === renewedAt[j]) return;
    this.#since[j] = renewedAt[j];
    this.labelled[j] = this.expected[j] = 0;
  }
}
