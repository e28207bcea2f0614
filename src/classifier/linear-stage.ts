import type { Copy } from '../base/buffer-pool.js';
import { badState, storedArray, type Json, type Snapshot, type Tensor } from '../base/snapshot.js';
import { ChangeAlarm, storedAlarm } from '../accuracy/drift-detectors.js';
import { LinearReadout, type ReadoutPart } from '../snn/linear-readout.js';
import type { OperationCounts } from '../snn/operation-counts.js';
import type { Presentation } from '../snn/presentation.js';
import type { SpikingNetwork } from '../snn/spiking-network.js';
import type { LabelBuffer } from './label-buffer.js';
import type { LabelledSample } from './label-learning.js';
import { SoftMeans } from './soft-means.js';

// The third stage of an answer: a linear readout beside the votes v_c of the second stage.
//
//   given_c = max(0, v_c + g V s_c) / (1 + g) ,  V = sum v, 1 where no neuron votes ,  s_c: scores of the readout
//   g = 4 where answers with g = 4 were right at least as often as those of the votes, else 0.5:
//       with every fairly drawn label both counts are multiplied by 0.99, and grow by 1 where their answer was right
//
// Where samples are vectors of features, s_c is the readout's score and, while labels are few, a share of the means of
// named and unnamed samples (soft-means.ts). K: classes heard; L: their labels
//
//   s_c = W_c.x + 1/4 min(1, K / L) share_c     where every class has a mean and L <= 64 K, else s_c = W_c.x
//
// The readout has its own alarm (accuracy/drift-detectors.ts, with one renewal) on answers with g = 4. When it is
// raised, the world has changed, and P is reset to its initial value. W is kept, so that a false alarm loses less.

/** g of a readout that has proved itself, and of one that has not. */
const trusted = 4;
const doubted = 0.5;
/** Factor on the counts with each label. */
const keep = 0.99;
/** Bound of stored counts: their limit is 1 / (1 − 0.99) = 100. */
const mostCount = 101;
/** Bound of stored W and P: far above those of a least-squares solution, and far below overflow. */
const mostWeight = 1e12;

/** Weight of a share beside a score with a label a class, and the labels a class from which on means are not read. */
const shareWeight = 1 / 4;
const mostLabels = 64;

/** A network as the alarm sees it: full, with one neuron to renew. */
const once = { full: true, shape: { neurons: 1 } };

/** Cost of a label in the linear readout. */
export interface LinearCost {
  /** Multiply-adds. */
  readonly labelUpdates: number;
  /** Changed numbers of W and P. */
  readonly plasticityUpdates: number;
}

/** The part of a label that the linear readout uses. */
type HeardLabel = Pick<LabelledSample, 'slot' | 'label' | 'fair' | 'first'>;

/** Use of means of named and unnamed samples beside the readout. */
export interface MeansUse {
  /** Labels of each class. */
  readonly labelsOf: Float64Array;
  /** Whether samples are vectors of features; only then there are means. */
  readonly features: boolean;
  /** Whether samples without labels are learned. */
  readonly selfLearning: boolean;
}

const nothing: LinearCost = { labelUpdates: 0, plasticityUpdates: 0 };

/** A linear readout and its weight beside the votes. */
export class LinearStage {
  readonly readout: LinearReadout;
  /** Fading counts of right answers: with the trusted readout, and of the votes. */
  readonly #right = new Float64Array(2);
  readonly #alarm = new ChangeAlarm();
  readonly #mixed: Float32Array;
  readonly #means: SoftMeans | undefined;

  /** @throws {@link TopsparkError} as {@link LinearReadout} does */
  constructor(
    parts: readonly ReadoutPart[],
    readonly network: SpikingNetwork,
    readonly memory: LabelBuffer,
    readonly use: MeansUse,
  ) {
    const { classes, polarity } = network.shape;
    this.readout = new LinearReadout(parts, classes, polarity);
    this.#means = use.features ? new SoftMeans(this.readout.inputs, classes) : undefined;
    this.#mixed = new Float32Array(classes);
  }

  /** Number of changes of the world that the readout noticed since construction. */
  get alarms(): number {
    return this.#alarm.raised;
  }

  /** Turns the answer of the first two stages into that of all three. */
  give({ given, silent, learned }: Presentation): void {
    const { classes } = this.network.scalars;
    if (silent || classes === 0) return;
    const votes = this.network.givenVotes;
    const scores = this.readout.read(this.network.input, classes);
    this.#share(scores, given.operations, learned);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += votes[c];
    const unit = sum > 0 ? sum : 1;
    given.linear = firstOf(scores, classes);
    given.trusting = this.#mix(votes, scores, unit * trusted, 1 + trusted);
    const trust = this.#right[0] >= this.#right[1];
    const answer = trust ? given.trusting : this.#mix(votes, scores, unit * doubted, 1 + doubted);
    given.decided = trust || answer !== given.voted;
    given.answer = answer;
    const mixed = this.#mixed;
    let [total, second] = [0, 0];
    for (let c = 0; c < classes; c++) {
      total += mixed[c];
      if (c !== answer && mixed[c] > second) second = mixed[c];
    }
    votes.set(mixed.subarray(0, classes));
    given.confidence = answer < 0 ? 0 : Math.fround(mixed[answer] / total);
    given.lead = answer < 0 ? 0 : Math.fround(mixed[answer] - second);
    const read = classes * this.readout.inputs;
    given.operations.synapticEvents += read;
    given.operations.labelUpdates += read + 2 * classes;
  }

  /**
   * Learns from a label, before any other part uses it.
   *
   * @param labelsBefore - labels of its class before this one
   */
  hear({ slot, label, fair, first }: HeardLabel, labelsBefore: number): LinearCost {
    const { memory, network, readout } = this;
    const sample = memory.sample(slot);
    const { classes } = network.scalars;
    const { inputs } = readout;
    const means = this.#means;
    const named = means ? inputs : 0;
    if (memory.linear[slot] === 1) {
      readout.move(sample, memory.labels[slot], label);
      means?.name(readout.row, memory.labels[slot], -1);
      means?.name(readout.row, label, 1);
      return { labelUpdates: inputs * inputs + 2 * named, plasticityUpdates: 2 * inputs + 2 * named };
    }
    if (fair && first && memory.trusting[slot] >= 0) this.#judge(slot, label, labelsBefore);
    // P is no longer an inverse: it is reset, and the label is learned again.
    if (!readout.teach(sample, label, classes)) {
      this.#loosen();
      readout.teach(sample, label, classes);
    }
    memory.linear[slot] = 1;
    means?.name(readout.row, label, 1);
    const [weights, precision] = [classes * inputs, (inputs * (inputs + 1)) / 2];
    return { labelUpdates: inputs * inputs + weights + named, plasticityUpdates: precision + weights + named };
  }

  /** Undoes what the label of a sample taught. */
  takeBack(slot: number): LinearCost {
    const { memory, network, readout } = this;
    if (memory.linear[slot] === 0) return nothing;
    memory.linear[slot] = 0;
    readout.takeBack(memory.sample(slot), memory.labels[slot], network.scalars.classes);
    this.#means?.name(readout.row, memory.labels[slot], -1);
    const { inputs } = readout;
    const named = this.#means ? inputs : 0;
    return { labelUpdates: inputs * inputs + named, plasticityUpdates: (inputs * (inputs + 1)) / 2 + named };
  }

  /** Removes a class, or merges it into another. Call it before the network removes the class. */
  removeClass(label: number, into?: number): void {
    this.readout.removeClass(label, this.network.scalars.classes, into);
    this.#means?.removeClass(label, this.network.scalars.classes, into);
  }

  /** Forgets everything. */
  reset(): void {
    this.readout.clear();
    this.#means?.clear();
    this.#right.fill(0);
    this.#alarm.state = new ChangeAlarm().state;
  }

  /** Arrays to store: W of the classes heard, P, the counts, and the means. */
  tensors(copy: Copy): Record<string, Tensor> {
    const { weights, precision, stride } = this.readout;
    const { classes } = this.network.scalars;
    const known = weights.subarray(0, classes * stride);
    return {
      'linear.weights': { shape: [classes, stride], data: copy('linear.weights', known) },
      'linear.precision': { shape: [precision.length], data: copy('linear.precision', precision) },
      'linear.right': { shape: [2], data: this.#right.slice() },
      ...this.#means?.tensors(copy, classes),
    };
  }

  /** The rest of the state, as JSON. */
  get meta(): Json {
    const parts = this.readout.parts.map(({ inputs, signed }) => ({ inputs, signed }));
    return { parts, alarm: { ...this.#alarm.state } };
  }

  /**
   * Checks a stored state. A file of a network without a readout has none: the readout then starts fresh.
   *
   * @param classes - number of classes heard in it
   * @returns a function that restores it
   * @throws {@link TopsparkError} `bad_state`; nothing has changed
   */
  stored({ tensors, meta }: Snapshot, classes: number): () => void {
    if (!('linear' in meta)) {
      return () => {
        this.reset();
      };
    }
    const { parts, alarm } = fieldsOf(meta['linear']);
    const expected = JSON.stringify(fieldsOf(this.meta).parts);
    if (JSON.stringify(parts) !== expected) badState('linear.parts', brief(parts), expected);
    const { weights: w, precision: p, stride } = this.readout;
    const weights = storedArray(tensors, 'linear.weights', w, classes * stride, -mostWeight, mostWeight);
    const precision = storedArray(tensors, 'linear.precision', p, p.length, -mostWeight, mostWeight);
    const right = storedArray(tensors, 'linear.right', this.#right, 2, 0, mostCount);
    const state = storedAlarm(alarm, 'linear.alarm');
    const takeMeans = this.#means?.stored(tensors, classes);
    return () => {
      w.fill(0);
      w.set(weights);
      p.set(precision);
      this.#right.set(right);
      this.#alarm.state = state;
      takeMeans?.();
    };
  }

  // Adds shares to the scores, and learns the row as one without a name: its label is still to come.
  #share(scores: Float64Array, operations: OperationCounts, learned: boolean): void {
    const means = this.#means;
    if (!means) return;
    const { labelsOf, selfLearning } = this.use;
    const { classes } = this.network.scalars;
    const { inputs, row } = this.readout;
    let labels = 0;
    for (let c = 0; c < classes; c++) labels += labelsOf[c];
    if (labels > mostLabels * classes) return;
    if (means.know(classes)) {
      means.compare(row, classes);
      const weight = shareWeight * Math.min(1, classes / labels);
      for (let c = 0; c < classes; c++) scores[c] += weight * means.shares[c];
      operations.synapticEvents += (classes + 1) * inputs;
      operations.labelUpdates += (3 * classes + 2) * inputs;
      if (learned && selfLearning) {
        const changed = means.learn(row, classes);
        operations.labelUpdates += changed * inputs;
        operations.plasticityUpdates += changed * inputs;
      }
    }
    if (!learned) return;
    means.watch(row);
    operations.labelUpdates += inputs;
    operations.plasticityUpdates += inputs;
  }

  // Both are judged by their answers when the sample came, however late the label is.
  #judge(slot: number, label: number, labelsBefore: number): void {
    const { memory } = this;
    const right = this.#right;
    const correct = memory.trusting[slot] === label;
    right[0] = right[0] * keep + Number(correct);
    right[1] = right[1] * keep + Number(memory.voted[slot] === label);
    if (this.#alarm.watch(labelsBefore, correct, once)) this.#loosen();
  }

  // What was learned with the old P cannot be undone with the new one.
  #loosen(): void {
    this.readout.loosen();
    this.memory.linear.fill(0);
  }

  // The class with the largest score at this weight, rounded as reported; ties: the lower index.
  #mix(votes: Float32Array, scores: Float64Array, weight: number, whole: number): number {
    const { classes } = this.network.scalars;
    const mixed = this.#mixed;
    for (let c = 0; c < classes; c++) mixed[c] = Math.max(0, (votes[c] + weight * scores[c]) / whole);
    const first = firstOf(mixed, classes);
    return mixed[first] > 0 ? first : -1;
  }
}

// Ties: the lower index.
function firstOf(values: Float32Array | Float64Array, classes: number): number {
  let first = 0;
  for (let c = 1; c < classes; c++) if (values[c] > values[first]) first = c;
  return first;
}

/**
 * Reads the parts of a sample that a stored readout takes.
 *
 * @param stored - field of the file written by a readout
 * @throws {@link TopsparkError} `bad_state`
 */
export function storedParts(stored: Json | undefined): readonly ReadoutPart[] {
  const { parts } = fieldsOf(stored ?? null);
  const listed: readonly Json[] = Array.isArray(parts) ? parts : [];
  const read = listed.flatMap((part) => {
    const { inputs, signed } = { ...(part as { readonly inputs?: Json; readonly signed?: Json } | null) };
    return typeof inputs === 'number' && typeof signed === 'boolean' ? [{ inputs, signed }] : [];
  });
  if (read.length > 0 && read.length === listed.length) return read;
  badState('linear.parts', brief(parts), 'inputs and signed of each part');
}

function fieldsOf(stored: Json): { readonly parts?: Json; readonly alarm?: Json } {
  if (typeof stored === 'object' && stored !== null && !Array.isArray(stored)) return stored as never;
  badState('linear', brief(stored), 'parts and alarm');
}

const brief = (found: Json | undefined): string => JSON.stringify(found ?? null).slice(0, 80);
