import type { Presentation } from '../snn/presentation.js';
import { mostNearest } from '../snn/presentation-reader.js';

/** In `learned`: the sample was so well known that nothing was learned. */
export const familiar = 2;

/** Most timesteps of a sample, and so most neurons that can fire in it (one a step). */
const mostFired = 1000;

/**
 * The last samples, so that a label may come late: a ring of preallocated arrays. A sample's slot is its number modulo
 * the capacity.
 */
export class SampleMemory {
  /** D bytes a slot. */
  readonly intensities: Uint8Array;
  readonly stamps: BigInt64Array;
  /** Clock of the network right after the sample. */
  readonly clocks: Float64Array;
  /** Class index of the answer, -1: none. */
  readonly answers: Int32Array;
  /** 1: learned from; 2: not, for it was familiar. */
  readonly learned: Uint8Array;
  /** 0 or 1: without any active input; a label has come. */
  readonly silent: Uint8Array;
  readonly labelled: Uint8Array;
  readonly nearestCounts: Int32Array;
  readonly nearest: Int32Array;
  readonly firedCounts: Int32Array;
  /** `firedRoom` entries a slot: neurons that fired, and their spikes. */
  readonly fired: Int32Array;
  readonly firedSpikes: Int32Array;
  readonly firedRoom: number;
  #samples = 0;

  /**
   * @param capacity - samples that are remembered
   * @param inputs - D
   * @param neurons - N
   */
  constructor(
    readonly capacity: number,
    readonly inputs: number,
    neurons: number,
  ) {
    this.firedRoom = Math.min(neurons, mostFired);
    this.intensities = new Uint8Array(capacity * inputs);
    this.stamps = new BigInt64Array(capacity);
    this.clocks = new Float64Array(capacity);
    this.answers = new Int32Array(capacity);
    this.learned = new Uint8Array(capacity);
    this.silent = new Uint8Array(capacity);
    this.labelled = new Uint8Array(capacity);
    this.nearestCounts = new Int32Array(capacity);
    this.nearest = new Int32Array(capacity * mostNearest);
    this.firedCounts = new Int32Array(capacity);
    this.fired = new Int32Array(capacity * this.firedRoom);
    this.firedSpikes = new Int32Array(capacity * this.firedRoom);
  }

  /** Samples so far; the number of the next one. */
  get samples(): number {
    return this.#samples;
  }

  /** Slots in use. */
  get length(): number {
    return Math.min(this.#samples, this.capacity);
  }

  /** Remembers a sample in place of the oldest. */
  add(intensities: Uint8Array, stamp: bigint, told: Presentation, clock: number): void {
    const slot = this.#samples++ % this.capacity;
    this.intensities.set(intensities, slot * this.inputs);
    this.stamps[slot] = stamp;
    this.clocks[slot] = clock;
    this.answers[slot] = told.answer;
    this.learned[slot] = told.familiar ? familiar : Number(told.learned);
    this.silent[slot] = Number(told.silent);
    this.labelled[slot] = 0;
    this.nearestCounts[slot] = told.nearestCount;
    this.firedCounts[slot] = told.firedCount;
    for (let q = 0; q < mostNearest; q++) {
      this.nearest[slot * mostNearest + q] = q < told.nearestCount ? told.nearest[q] : 0;
    }
    for (let k = 0; k < told.firedCount; k++) {
      this.fired[slot * this.firedRoom + k] = told.fired[k];
      this.firedSpikes[slot * this.firedRoom + k] = told.firedSpikes[k];
    }
  }

  /** Slot of the newest sample with that stamp, -1: none. */
  find(stamp: bigint): number {
    for (let back = 1; back <= this.length; back++) {
      const slot = (this.#samples - back) % this.capacity;
      if (this.stamps[slot] === stamp) return slot;
    }
    return -1;
  }

  /** Number of the sample in a slot in use. */
  numberOf(slot: number): number {
    const last = this.#samples - 1;
    return last - ((((last - slot) % this.capacity) + this.capacity) % this.capacity);
  }

  /** Intensities in a slot. */
  sample(slot: number): Uint8Array {
    return this.intensities.subarray(slot * this.inputs, (slot + 1) * this.inputs);
  }

  /** Forgets everything; with `samples`: everything but their number, for arrays that are filled by hand. */
  reset(samples = 0): void {
    this.#samples = samples;
  }
}
