import type { Slices } from '../base/slices.js';
import type { Copy } from '../base/buffer-pool.js';
import {
  type Json,
  type Snapshot,
  type Tensor,
  badState,
  storedArray,
  storedNames,
  type StoredArray,
} from '../base/snapshot.js';
import type { NetworkState } from '../snn/network-state.js';
import type { ClassNeurons } from '../snn/class-neuron-state.js';
import { Network } from '../snn/network.js';
import type { SpikingNetwork } from '../snn/spiking-network.js';
import { weightsHash, type LearnedState } from '../snn/weights-hash.js';
import { type ChangeAlarm, type ClassAlarms, storedAlarm } from '../accuracy/drift-detectors.js';
import { memoryTensors, readMemory, restoreMemory } from './label-buffer-snapshot.js';
import { storedClaims } from './claims.js';
import { storedEdits } from './class-edits.js';
import type { ClassRoster } from './class-roster.js';
import type { Certainty } from './certainty.js';
import type { LabelLearning } from './label-learning.js';
import type { LabelBuffer } from './label-buffer.js';
import type { LinearStage } from './linear-stage.js';

/**
 * Bounds of class neurons: 1 / |v| of a single weak trace; counts that float32 still resolves; total credit of labels.
 */
const mostInverse = 1e12;
const mostSeen = 2 ** 24;
const mostCredit = 101;
/** Bound of the mean drive: a weight is at most |v|; the rest is rounding. */
const mostCommon = 1.001;

/** The parts of a classifier that are stored. */
export interface ClassifierState {
  readonly network: SpikingNetwork;
  /** The policy and its settings. */
  readonly identity: Readonly<Record<string, Json>>;
  readonly memory: LabelBuffer;
  readonly alarm: ChangeAlarm;
  readonly classAlarms: ClassAlarms;
  readonly certainty: Certainty;
  readonly learning: LabelLearning;
  /** Whether samples are feature vectors. */
  readonly features: boolean;
  /** The linear readout; absent: none. */
  readonly linear?: LinearStage | undefined;
  readonly classes: ClassRoster;
}

/** Copies everything at the call; the hash is computed in the returned slices. */
export function writeSnapshot(state: ClassifierState, copy: Copy): Slices<Snapshot> {
  const { network, memory, alarm, classAlarms, linear } = state;
  const { all: names, labels, heardAt } = state.classes;
  const tensors: Record<string, Tensor> = {};
  const copies: Record<string, StoredArray> = {};
  for (const [name, array] of arraysOf(network)) {
    const tensor = `network.${name}`;
    copies[name] = copy(tensor, array);
    tensors[tensor] = { shape: shapeOf(array.length, network), data: copies[name] };
  }
  Object.assign(tensors, classTensors(network, names.length, copy), linear?.tensors(copy));
  tensors['labels_of'] = { shape: [labels.length], data: labels.slice() };
  tensors['heard_at'] = { shape: [heardAt.length], data: heardAt.slice() };
  for (const [name, array] of alarmsOf(classAlarms)) tensors[name] = { shape: [array.length], data: array.slice() };
  Object.assign(tensors, memoryTensors(memory, copy), state.certainty.tensors(), state.learning.tensors());
  const { touched } = network.scalars;
  const { samples } = memory;
  const kept = { memory: memory.capacity, remembered: memory.length };
  const meta = { ...sizes(state), ...kept, touched, samples, class_names: names, alarm: { ...alarm.state } };
  const claims = state.classes.claims.state;
  const edits = state.classes.edits.state;
  const stored = {
    ...meta,
    ...(state.features && { features: true }),
    ...(linear && { linear: linear.meta }),
    ...(claims.names.length > 0 && { claims }),
    ...(edits !== undefined && { class_edits: edits }),
  };
  const hash = weightsHash(copies as unknown as LearnedState, network.shape.neurons, touched);
  return (function* () {
    return { tensors, meta: stored, weightsHash: yield* hash };
  })();
}

/**
 * Restores a classifier of the same size; the capacity of the label buffer may differ.
 *
 * @throws TopsparkError `bad_state` naming what was found and expected; nothing has changed then
 */
export function restoreSnapshot(snapshot: Snapshot, into: ClassifierState): void {
  const { meta, tensors } = snapshot;
  for (const [name, expected] of Object.entries(sizes(into))) {
    if (meta[name] !== expected) badState(name, text(meta[name]), text(expected));
  }
  const names = namesOf(meta['class_names'], into.network.shape.classes);
  const alarm = storedAlarm(meta['alarm'], 'alarm');
  const claims = storedClaims(meta['claims']);
  const edits = storedEdits(meta['class_edits']);
  const scalars = { touched: count(meta, 'touched'), classes: names.length };
  const samples = count(meta, 'samples');
  const mostLabels = Number.MAX_SAFE_INTEGER;
  const labelsOf = storedArray(tensors, 'labels_of', into.classes.labels, into.classes.labels.length, 0, mostLabels);
  // Older files lack this: all classes count as heard at the same time.
  const heardAt =
    'heard_at' in tensors
      ? storedArray(tensors, 'heard_at', into.classes.heardAt, into.classes.heardAt.length, 0, mostLabels)
      : new Float64Array(into.classes.heardAt.length);
  const alarms = alarmsOf(into.classAlarms).map(([name, like]) => {
    // Files before format 2 lack this: no class was watched.
    const stored = name in tensors ? storedArray(tensors, name, like, like.length, 0, mostLabels) : undefined;
    return { like, stored };
  });
  const limits = { neurons: scalars.touched, classes: names.length };
  const capacity = count(meta, 'memory', 1);
  // Older files lack this: their buffers remembered as many samples as they had room for.
  const known = 'remembered' in meta ? count(meta, 'remembered') : Math.min(samples, capacity);
  const remembered = readMemory(tensors, { samples, capacity, remembered: known }, into.memory, limits);
  const takeCertainty = into.certainty.read(tensors, samples, capacity);
  const takeLearning = into.learning.read(tensors);
  const takeLinear = into.linear?.stored(snapshot, names.length);
  const classNeurons = storedClassNeurons(tensors, into.network, names.length);
  const arrays = arraysOf(into.network).map(([name, like]) => {
    return [name, storedArray(tensors, `network.${name}`, like, like.length)];
  });
  into.network.restore(Object.fromEntries(arrays) as NetworkState, scalars);
  if (into.network instanceof Network) into.network.restoreClassNeurons(classNeurons);
  restoreMemory(into.memory, remembered, samples);
  takeCertainty(known);
  takeLearning();
  takeLinear?.();
  into.alarm.state = alarm;
  into.classes.claims.state = claims;
  into.classes.edits.restore(edits);
  into.classes.labels.set(labelsOf);
  into.classes.heardAt.set(heardAt);
  for (const { like, stored } of alarms) like.set(stored ?? new Float64Array(like.length));
  into.classes.take(names);
}

// Only class neurons of classes heard have weights worth storing.
function classTensors(network: SpikingNetwork, classes: number, copy: Copy): Record<string, Tensor> {
  if (!(network instanceof Network)) return {};
  const { weights, ...rest } = network.classNeurons;
  const inputs = weights.length / rest.seen.length;
  const known = weights.subarray(0, classes * inputs);
  const tensors: Record<string, Tensor> = {
    'class_neurons.weights': { shape: [classes, inputs], data: copy('class_neurons.weights', known) },
  };
  for (const [name, array] of Object.entries(rest)) {
    tensors[`class_neurons.${name}`] = { shape: [array.length], data: array.slice() };
  }
  return tensors;
}

// Returns `undefined` where the file is older than class neurons.
function storedClassNeurons(
  tensors: Snapshot['tensors'],
  network: SpikingNetwork,
  classes: number,
): ClassNeurons | undefined {
  if (!(network instanceof Network) || !('class_neurons.weights' in tensors)) return undefined;
  const like = network.classNeurons;
  const inputs = like.weights.length / like.seen.length;
  const take = (name: keyof ClassNeurons, most: number, length = like[name].length): Float32Array =>
    storedArray(tensors, `class_neurons.${name}`, like[name], length, 0, most);
  return {
    // Means of traces are below 1.
    weights: take('weights', 1, classes * inputs),
    inverse: take('inverse', mostInverse),
    ...{ seen: take('seen', mostSeen), labels: take('labels', mostSeen), self: take('self', mostSeen) },
    credit: take('credit', mostCredit),
    // Older files lack these: the mean starts with the next sample.
    common: 'class_neurons.common' in tensors ? take('common', mostCommon) : new Float32Array(like.common.length),
    looks: 'class_neurons.looks' in tensors ? take('looks', mostSeen) : new Float32Array(like.looks.length),
  };
}

function alarmsOf({ state }: ClassAlarms): [string, Float64Array][] {
  return Object.entries({ ...state }).map(([name, array]) => [`class_alarms.${name}`, array]);
}

function arraysOf(network: SpikingNetwork): [string, StoredArray][] {
  return Object.entries({ ...network.state });
}

function sizes({ network, identity }: ClassifierState): Record<string, Json> {
  const { neurons, rows, columns, classes, polarity } = network.shape;
  return { ...identity, neurons, rows, columns, classes, polarity };
}

function shapeOf(length: number, network: SpikingNetwork): readonly number[] {
  const { neurons } = network.shape;
  return length > neurons && length % neurons === 0 ? [neurons, length / neurons] : [length];
}

function namesOf(found: Json | undefined, capacity: number): readonly string[] {
  const names = storedNames(found, 'class_names', capacity);
  if (new Set(names).size === names.length) return names;
  badState('class_names', text(found), 'names without duplicates');
}

function count(meta: Snapshot['meta'], name: string, least = 0): number {
  const found = meta[name];
  if (typeof found === 'number' && Number.isSafeInteger(found) && found >= least) return found;
  badState(name, text(found), least > 0 ? `a count from ${least}` : 'a count');
}

function text(value: Json | undefined): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 40);
}
