import type { Copy } from '../base/kept-copies.js';
import type { Snapshot, Tensor } from '../base/snapshot.js';
import { mostNearest } from '../snn/presentation-reader.js';
import { familiar, type SampleMemory } from './sample-memory.js';
import { storedArray, type StoredArray } from './stored-array.js';

// The lists of neurons that fired are short and their room is long: they are stored one after the other, whose lengths
// stand in `memory.firedCounts`. Slots that were never used are left out.

/** The arrays of a memory as they are stored. */
export type StoredMemory = Pick<
  SampleMemory,
  | 'intensities'
  | 'stamps'
  | 'clocks'
  | 'answers'
  | 'learned'
  | 'silent'
  | 'labelled'
  | 'nearestCounts'
  | 'nearest'
  | 'firedCounts'
  | 'fired'
  | 'firedSpikes'
>;

/** Copies of a memory's arrays, named `memory.…`. */
export function memoryTensors(memory: SampleMemory, copy: Copy): Record<string, Tensor> {
  const { length, inputs } = memory;
  const slots = (array: StoredArray): Tensor => ({ shape: [length], data: array.slice(0, length) });
  const lists = (array: Int32Array): Tensor => {
    const data = new Int32Array(memory.firedCounts.subarray(0, length).reduce((sum, count) => sum + count, 0));
    for (let slot = 0, at = 0; slot < length; at += memory.firedCounts[slot++]) data.set(list(memory, array, slot), at);
    return { shape: [data.length], data };
  };
  return {
    'memory.intensities': {
      shape: [length, inputs],
      data: copy('memory.intensities', memory.intensities.subarray(0, length * inputs)),
    },
    'memory.stamps': slots(memory.stamps),
    'memory.clocks': slots(memory.clocks),
    'memory.answers': slots(memory.answers),
    'memory.learned': slots(memory.learned),
    'memory.silent': slots(memory.silent),
    'memory.labelled': slots(memory.labelled),
    'memory.nearestCounts': slots(memory.nearestCounts),
    'memory.nearest': { shape: [length, mostNearest], data: memory.nearest.slice(0, length * mostNearest) },
    'memory.firedCounts': slots(memory.firedCounts),
    'memory.fired': lists(memory.fired),
    'memory.firedSpikes': lists(memory.firedSpikes),
  };
}

/**
 * Takes a memory out of a snapshot and checks it: nothing in it may lead the network outside its arrays.
 *
 * @param samples - samples that the memory has seen
 * @param limits - neurons that have formed, and classes
 * @throws TopsparkError `bad_state`
 */
export function readMemory(
  tensors: Snapshot['tensors'],
  samples: number,
  memory: SampleMemory,
  limits: { readonly neurons: number; readonly classes: number },
): StoredMemory {
  const length = Math.min(samples, memory.capacity);
  const take = <T extends StoredArray>(name: string, like: T, size: number, least?: number, most?: number): T =>
    storedArray(tensors, `memory.${name}`, like, size, least, most);
  const firedCounts = take('firedCounts', memory.firedCounts, length, 0, memory.firedRoom);
  const listed = firedCounts.reduce((sum, count) => sum + count, 0);
  const lastNeuron = Math.max(0, limits.neurons - 1);
  return {
    firedCounts,
    intensities: take('intensities', memory.intensities, length * memory.inputs),
    stamps: take('stamps', memory.stamps, length),
    clocks: take('clocks', memory.clocks, length, 0, Number.MAX_SAFE_INTEGER),
    answers: take('answers', memory.answers, length, -1, limits.classes - 1),
    learned: take('learned', memory.learned, length, 0, familiar),
    silent: take('silent', memory.silent, length, 0, 1),
    labelled: take('labelled', memory.labelled, length, 0, 1),
    nearestCounts: take('nearestCounts', memory.nearestCounts, length, 0, mostNearest),
    nearest: take('nearest', memory.nearest, length * mostNearest, 0, lastNeuron),
    fired: take('fired', memory.fired, listed, 0, lastNeuron),
    firedSpikes: take('firedSpikes', memory.firedSpikes, listed, 1, 1000),
  };
}

/** Puts a memory back. */
export function restoreMemory(memory: SampleMemory, stored: StoredMemory, samples: number): void {
  const { fired, firedSpikes, stamps, ...slots } = stored;
  memory.reset(samples);
  memory.stamps.set(stamps);
  for (const name of Object.keys(slots) as (keyof typeof slots)[]) memory[name].set(slots[name]);
  let from = 0;
  for (let slot = 0; slot < memory.length; slot++) {
    const to = from + memory.firedCounts[slot];
    list(memory, memory.fired, slot).set(fired.subarray(from, to));
    list(memory, memory.firedSpikes, slot).set(firedSpikes.subarray(from, to));
    from = to;
  }
}

function list(memory: SampleMemory, array: Int32Array, slot: number): Int32Array {
  const from = slot * memory.firedRoom;
  return array.subarray(from, from + memory.firedCounts[slot]);
}
