import { TopsparkError } from '../base/errors.js';
import { badState, dataOf, storedArray, storedNames, type Json, type Snapshot } from '../base/snapshot.js';
import { calibrationBins } from '../accuracy/margins.js';
import { partnerPlaces } from '../classifier/group-naming.js';
import type { ClassChunk, NeuronChunk } from './chunks.js';
import { gramOf, type LinearStatistics } from './linear-statistics.js';

// The knowledge of a checkpoint as sums that can be added. The sums of one robot and of many have the same form.

/**
 * Numbers of {@link LearnedSums.counts}: calibration, then samples, random labels, their share, threshold, 2 credits.
 */
export const calibrationNumbers = 2 + 2 * calibrationBins;
export const countNumbers = calibrationNumbers + 6;

/** What was learned. Neurons and class neurons refer to classes by their index. */
export interface LearnedSums {
  readonly rows: number;
  readonly columns: number;
  readonly polarity: boolean;
  readonly classes: readonly { readonly name: string; readonly labels: number }[];
  readonly neurons: readonly NeuronChunk[];
  readonly classNeurons: readonly ClassChunk[];
  readonly counts: Float64Array;
  /** Partners of each neuron, {@link partnerPlaces} of each: index of a neuron, −1: none; and their weights. */
  readonly partners: Int32Array;
  readonly partnerWeights: Float32Array;
  /** Statistics of the linear readout; absent: there is none. */
  readonly linear?: LinearStatistics;
}

/** Sizes of a stored network, and its class names in their order. */
export interface StoredNetwork {
  readonly neurons: number;
  /** D, and D and C rounded up to multiples of 4. */
  readonly inputs: number;
  readonly inputStride: number;
  readonly classStride: number;
  readonly touched: number;
  readonly rows: number;
  readonly columns: number;
  readonly polarity: boolean;
  /** Most classes. */
  readonly capacity: number;
  readonly names: readonly string[];
}

/**
 * Sizes of the network in a snapshot of a classifier.
 *
 * @throws TopsparkError `fleet_network` where its samples are presented as spikes in time, `bad_state`
 */
export function networkOf({ meta, tensors }: Snapshot): StoredNetwork {
  if (meta['policy'] !== 'lean') {
    const found = `the network of this checkpoint is of policy ${JSON.stringify(meta['policy'] ?? null).slice(0, 40)}`;
    throw new TopsparkError('fleet_network', 'checkpoint', `${found}, expected lean: only such neurons can be shared`);
  }
  const [neurons, rows, columns] = ['neurons', 'rows', 'columns'].map((name) => count(meta[name], name));
  const [capacity, touched] = ['classes', 'touched'].map((name) => count(meta[name], name));
  const inputs = rows * columns;
  const [inputStride, classStride] = [(inputs + 3) & ~3, (capacity + 3) & ~3];
  const weights = dataOf(tensors, 'network.weights')?.length;
  if (weights !== neurons * inputStride)
    badState('network.weights.length', String(weights), String(neurons * inputStride));
  if (touched > neurons) badState('touched', String(touched), `at most ${neurons}`);
  const names = storedNames(meta['class_names'], 'class_names', capacity);
  const polarity = meta['polarity'] === true;
  return { neurons, inputs, inputStride, classStride, touched, rows, columns, polarity, capacity, names };
}

function count(found: Json | undefined, name: string): number {
  if (typeof found === 'number' && Number.isSafeInteger(found) && found >= 0) return found;
  badState(name, JSON.stringify(found ?? null).slice(0, 40), 'a count');
}

/**
 * All knowledge in a snapshot of a classifier, from this robot and from others.
 *
 * @throws TopsparkError as {@link networkOf}
 */
export function learnedOf(snapshot: Snapshot): LearnedSums {
  const network = networkOf(snapshot);
  const { rows, columns, polarity, names } = network;
  const { tensors } = snapshot;
  const labels = storedArray(tensors, 'labels_of', new Float64Array(), network.capacity, 0);
  const linear = gramOf(snapshot, names.length);
  return {
    ...{ rows, columns, polarity },
    classes: names.map((name, c) => ({ name, labels: labels[c] })),
    neurons: neuronsOf(tensors, network),
    classNeurons: classNeuronsOf(tensors, network),
    counts: countsOf(tensors),
    ...partnersOf(tensors, network),
    ...(linear && { linear }),
  };
}

type Tensors = Snapshot['tensors'];

function neuronsOf(tensors: Tensors, network: StoredNetwork): NeuronChunk[] {
  const { neurons, inputs, inputStride, classStride, touched, names } = network;
  const f32 = (name: string, length: number): Float32Array =>
    storedArray(tensors, `network.${name}`, new Float32Array(), length, 0);
  const weights = f32('weights', neurons * inputStride);
  const theta = f32('theta', neurons);
  const spikes = storedArray(tensors, 'network.spikesSoFar', new Int32Array(), neurons, 0);
  const [evidence, message] = [f32('evidence', neurons * classStride), f32('message', neurons * classStride)];
  const [labelled, expected] = ['labelled', 'expected'].map((name) => unknownOf(tensors, name, neurons));
  return Array.from({ length: touched }, (_, j): NeuronChunk => {
    const own = weights.slice(j * inputStride, j * inputStride + inputs);
    const sum = own.reduce((total, each) => total + each, 0);
    if (!(sum > 0)) badState(`network.weights of neuron ${j}`, String(sum), 'a sum above 0');
    const knows = names.flatMap((_name, label) => {
      const at = j * classStride + label;
      const known = { label, evidence: evidence[at], message: message[at] };
      return known.evidence > 0 || known.message >= leastMessage ? [known] : [];
    });
    return {
      kind: 'neuron',
      weights: own.map((each) => each / sum),
      ...{ theta: theta[j], spikes: spikes[j], labelled: labelled[j], expected: expected[j], knows },
    };
  });
}

/** A message below half a step of a byte counts as 0. */
const leastMessage = 1 / 512;

function unknownOf(tensors: Tensors, name: string, neurons: number): Float64Array {
  const tensor = `unknown.${name}`;
  if (!(tensor in tensors)) return new Float64Array(neurons);
  return storedArray(tensors, tensor, new Float64Array(), neurons, 0);
}

function classNeuronsOf(tensors: Tensors, { names, inputs, inputStride, classStride }: StoredNetwork): ClassChunk[] {
  if (!('class_neurons.weights' in tensors)) return [];
  const f32 = (name: string, length: number): Float32Array =>
    storedArray(tensors, `class_neurons.${name}`, new Float32Array(), length, 0);
  const weights = f32('weights', names.length * inputStride);
  const [seen, labels, self] = ['seen', 'labels', 'self'].map((name) => f32(name, classStride));
  return names.flatMap((_name, label): ClassChunk[] => {
    if (!(seen[label] > 0)) return [];
    const own = weights.slice(label * inputStride, label * inputStride + inputs);
    return [{ kind: 'class', label, weights: own, seen: seen[label], labels: labels[label], self: self[label] }];
  });
}

function countsOf(tensors: Tensors): Float64Array {
  const counts = new Float64Array(countNumbers);
  const take = (name: string, length: number): Float64Array =>
    name in tensors ? storedArray(tensors, name, new Float64Array(), length, 0) : new Float64Array(length);
  counts.set(take('judgement.calibration', calibrationNumbers));
  const [samples, share, random, threshold] = take('unknown.numbers', 4);
  counts.set([samples, random, share, threshold], calibrationNumbers);
  if ('class_neurons.credit' in tensors) {
    counts.set(storedArray(tensors, 'class_neurons.credit', new Float32Array(), 2, 0), calibrationNumbers + 4);
  }
  return counts;
}

function partnersOf(
  tensors: Tensors,
  { neurons, touched }: StoredNetwork,
): Pick<LearnedSums, 'partners' | 'partnerWeights'> {
  const length = touched * partnerPlaces;
  if (!('partners.ids' in tensors)) {
    return { partners: new Int32Array(length).fill(-1), partnerWeights: new Float32Array(length) };
  }
  const all = neurons * partnerPlaces;
  const ids = storedArray(tensors, 'partners.ids', new Int32Array(), all, 0, neurons - 1);
  const weights = storedArray(tensors, 'partners.weights', new Float64Array(), all, 0);
  const partnerWeights = Float32Array.from(weights.subarray(0, length));
  return {
    partners: ids.slice(0, length).map((id, k) => (partnerWeights[k] > 0 && id < touched ? id : -1)),
    partnerWeights,
  };
}
