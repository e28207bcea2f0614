import type { Copy } from '../base/buffer-pool.js';
import { type Snapshot, type Tensor, badState, storedArray, type StoredArray } from '../base/snapshot.js';
import { mostNearest } from '../snn/spiking-network.js';
import { creditedNeurons, familiar, movedClass, repeated, type LabelBuffer } from './label-buffer.js';

// Slots are stored in place: the slot of a sample is its number modulo the capacity. Unused slots are left out. The
// lists of fired neurons are stored one after the other, slot by slot; their lengths are `memory.firedCounts`.

/** Most spikes of a neuron in one sample that are accepted from a file. */
export const mostStoredSpikes = 1000;

/** The arrays of a label buffer, as stored. */
export type StoredMemory = Pick<
  LabelBuffer,
  | 'intensities'
  | 'stamps'
  | 'clocks'
  | 'answers'
  | 'given'
  | 'classAnswers'
  | 'voted'
  | 'trusting'
  | 'linear'
  | 'learned'
  | 'silent'
  | 'labelled'
  | 'nearestCounts'
  | 'nearest'
  | 'labels'
  | 'taught'
  | 'nearestCredits'
  | 'renewed'
  | 'renewedClocks'
> & {
  readonly firedCounts: Int32Array;
  readonly fired: Int32Array;
  readonly firedSpikes: Int32Array;
  /** Number of slots of the stored buffer, and of the last samples that it remembered. */
  readonly capacity: number;
  readonly remembered: number;
};

/** Copies of a buffer's arrays, named `memory.…`. */
export function memoryTensors(memory: LabelBuffer, copy: Copy): Record<string, Tensor> {
  const { inputs } = memory;
  const length = Math.min(memory.samples, memory.capacity);
  const slots = (array: StoredArray): Tensor => ({ shape: [length], data: array.slice(0, length) });
  const listed = memory.firedCounts.subarray(0, length).reduce((sum, count) => sum + count, 0);
  const [fired, firedSpikes] = [new Int32Array(listed), new Int32Array(listed)];
  for (let slot = 0, at = 0; slot < length; at += memory.firedCounts[slot++]) {
    memory.readFired(slot, fired.subarray(at), firedSpikes.subarray(at));
  }
  return {
    'memory.intensities': {
      shape: [length, inputs],
      data: copy('memory.intensities', memory.intensities.subarray(0, length * inputs)),
    },
    'memory.stamps': slots(memory.stamps),
    'memory.clocks': slots(memory.clocks),
    'memory.answers': slots(memory.answers),
    'memory.given': slots(memory.given),
    'memory.classAnswers': slots(memory.classAnswers),
    'memory.voted': slots(memory.voted),
    'memory.trusting': slots(memory.trusting),
    'memory.linear': slots(memory.linear),
    'memory.labels': slots(memory.labels),
    'memory.taught': slots(memory.taught),
    'memory.nearestCredits': {
      shape: [length, mostNearest],
      data: memory.nearestCredits.slice(0, length * mostNearest),
    },
    'memory.renewed': slots(memory.renewed),
    'memory.renewedClocks': slots(memory.renewedClocks),
    'memory.learned': slots(memory.learned),
    'memory.silent': slots(memory.silent),
    'memory.labelled': slots(memory.labelled),
    'memory.nearestCounts': slots(memory.nearestCounts),
    'memory.nearest': { shape: [length, mostNearest], data: memory.nearest.slice(0, length * mostNearest) },
    'memory.firedCounts': slots(memory.firedCounts),
    'memory.fired': { shape: [listed], data: fired },
    'memory.firedSpikes': { shape: [listed], data: firedSpikes },
  };
}

/**
 * Reads a buffer from a snapshot and checks it, so that no index leads outside the arrays of the network. The stored
 * buffer may be longer or shorter than this one.
 *
 * @param counts - numbers of samples that the buffer has seen, of its slots, and of the last samples that it remembered
 * @param limits - numbers of neurons that have formed, and of classes
 * @throws TopsparkError `bad_state`
 */
export function readMemory(
  tensors: Snapshot['tensors'],
  counts: { readonly samples: number; readonly capacity: number; readonly remembered: number },
  memory: LabelBuffer,
  limits: { readonly neurons: number; readonly classes: number },
): StoredMemory {
  const { samples, capacity, remembered } = counts;
  const length = Math.min(samples, capacity);
  if (remembered > length) badState('remembered', String(remembered), `at most ${length}`);
  const take = <T extends StoredArray>(name: string, like: T, size: number, least?: number, most?: number): T =>
    storedArray(tensors, `memory.${name}`, like, size, least, most);
  const firedCounts = take('firedCounts', memory.firedCounts, length, 0, memory.firedRoom);
  const listed = firedCounts.reduce((sum, count) => sum + count, 0);
  const lastNeuron = Math.max(0, limits.neurons - 1);
  const answers = take('answers', memory.answers, length, -1, limits.classes - 1);
  // In files older than class neurons, every answer was that of the net.
  const staged = 'memory.given' in tensors;
  const none = (): Int32Array => new Int32Array(length).fill(-1);
  const given = staged ? take('given', memory.given, length, -1, limits.classes - 1) : answers;
  // In files older than the linear readout, none has answered or learned.
  const linear = () =>
    'memory.linear' in tensors
      ? {
          voted: take('voted', memory.voted, length, -1, limits.classes - 1),
          trusting: take('trusting', memory.trusting, length, -1, limits.classes - 1),
          linear: take('linear', memory.linear, length, 0, 1),
        }
      : { voted: given, trusting: none(), linear: new Uint8Array(length) };
  // In files older than corrections, labels cannot be corrected.
  const learnedLabels = () => {
    if (!('memory.labels' in tensors)) {
      const credits = new Float32Array(length * mostNearest);
      const [taught, renewedClocks] = [new Uint8Array(length), new Float64Array(length)];
      return { labels: none(), taught, nearestCredits: credits, renewed: none(), renewedClocks };
    }
    return {
      labels: take('labels', memory.labels, length, -1, limits.classes - 1),
      taught: take('taught', memory.taught, length, 0, movedClass | creditedNeurons),
      nearestCredits: take('nearestCredits', memory.nearestCredits, length * mostNearest, 0, 1),
      renewed: take('renewed', memory.renewed, length, -1, lastNeuron),
      renewedClocks: take('renewedClocks', memory.renewedClocks, length, 0, Number.MAX_SAFE_INTEGER),
    };
  };
  return {
    ...{ capacity, remembered, firedCounts },
    intensities: take('intensities', memory.intensities, length * memory.inputs),
    stamps: take('stamps', memory.stamps, length),
    clocks: take('clocks', memory.clocks, length, 0, Number.MAX_SAFE_INTEGER),
    answers,
    given,
    ...linear(),
    classAnswers: staged ? take('classAnswers', memory.classAnswers, length, -1, limits.classes - 1) : none(),
    ...learnedLabels(),
    learned: take('learned', memory.learned, length, 0, familiar),
    silent: take('silent', memory.silent, length, 0, 1),
    labelled: take('labelled', memory.labelled, length, 0, repeated),
    nearestCounts: take('nearestCounts', memory.nearestCounts, length, 0, mostNearest),
    nearest: take('nearest', memory.nearest, length * mostNearest, 0, lastNeuron),
    fired: take('fired', new Int32Array(), listed, 0, lastNeuron),
    firedSpikes: take('firedSpikes', new Int32Array(), listed, 1, mostStoredSpikes),
  };
}

/** Restores a buffer: the newest remembered samples that fit. */
export function restoreMemory(memory: LabelBuffer, stored: StoredMemory, samples: number): void {
  const { fired, firedSpikes, firedCounts, capacity } = stored;
  const starts = new Int32Array(firedCounts.length);
  for (let slot = 1; slot < starts.length; slot++) starts[slot] = starts[slot - 1] + firedCounts[slot - 1];
  const kept = Math.min(stored.remembered, memory.capacity);
  memory.reset(samples - kept);
  for (let sample = samples - kept; sample < samples; sample++) {
    const from = sample % capacity;
    const to = memory.open(firedCounts[from]);
    memory.setFired(to, fired.subarray(starts[from]), firedSpikes.subarray(starts[from]));
    memory.stamps[to] = stored.stamps[from];
    for (const [name, width] of slotted(memory.inputs)) {
      memory[name].set(stored[name].subarray(from * width, (from + 1) * width), to * width);
    }
  }
}

// Arrays of a buffer, with the number of elements per slot.
const slotted = (inputs: number) =>
  [
    ...[['intensities', inputs] as const, ['clocks', 1] as const, ['answers', 1] as const, ['learned', 1] as const],
    ...[['given', 1] as const, ['classAnswers', 1] as const, ['labels', 1] as const, ['taught', 1] as const],
    ...[['voted', 1] as const, ['trusting', 1] as const, ['linear', 1] as const],
    ...[['nearestCredits', mostNearest] as const, ['renewed', 1] as const, ['renewedClocks', 1] as const],
    ...[['silent', 1] as const, ['labelled', 1] as const, ['nearestCounts', 1] as const],
    ['nearest', mostNearest] as const,
  ] as const;
