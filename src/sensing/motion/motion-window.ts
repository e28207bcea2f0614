import { reserveKernel, type Kernel } from '../../snn/kernel-module.js';

/** Quantities of an IMU: acceleration x y z [m/s²], rotation x y z [rad/s]. */
export const motionAxes = 6;

/** Features of a window, each for all {@link motionAxes}; views, valid until the next window. */
export interface MotionFeatures {
  readonly means: Float64Array;
  /** Standard deviations. */
  readonly deviations: Float64Array;
  /** Crossings of the mean per step, 0..1. */
  readonly crossings: Float64Array;
}

/** Stored messages of an IMU, oldest first. */
export interface HeardMotion {
  /** [ns] */
  readonly stamps: BigInt64Array;
  /** For each message one value for each of {@link motionAxes}. */
  readonly values: Float64Array;
}

/** The last messages of an IMU in the order of their stamps, and features of a window of them. */
export class MotionWindow {
  readonly #stamps: BigInt64Array;
  readonly #kernel: Kernel;
  readonly #values: Float64Array;
  readonly #features: MotionFeatures;
  #count = 0;

  /**
   * @param capacity - number of messages kept
   * @throws {@link TopsparkError} `memory` where there is not enough memory for them
   */
  constructor(readonly capacity: number) {
    this.#stamps = new BigInt64Array(capacity);
    this.#kernel = reserveKernel('motionValues', `${capacity} messages of an inertial sensor`, (call) =>
      call.createMotion(capacity),
    );
    this.#values = this.#kernel.view(Float64Array, 'motionValues', capacity * motionAxes);
    const all = this.#kernel.view(Float64Array, 'motionFeatures', 3 * motionAxes);
    const [means, deviations, crossings] = [0, 1, 2].map((k) => all.subarray(k * motionAxes, (k + 1) * motionAxes));
    this.#features = { means, deviations, crossings };
  }

  /** Stamp of the newest message [ns]. */
  get newest(): bigint | undefined {
    return this.#count === 0 ? undefined : this.#stamps[(this.#count - 1) % this.capacity];
  }

  /**
   * Adds a message; a late one is inserted by its stamp, after equal ones.
   *
   * @param values - one for each of the {@link motionAxes}
   */
  add(stamp: bigint, values: ArrayLike<number>): void {
    const oldest = Math.max(0, this.#count - this.capacity + 1);
    let place = this.#count++;
    for (; place > oldest && this.#stamps[(place - 1) % this.capacity] > stamp; place--) this.#move(place - 1, place);
    const slot = place % this.capacity;
    this.#stamps[slot] = stamp;
    this.#values.set(values, slot * motionAxes);
  }

  /** Number of messages with the newest stamp, at most `most`. */
  sameAsNewest(most: number): number {
    const { newest } = this;
    const kept = Math.min(most, this.#count, this.capacity);
    let same = 0;
    while (same < kept && this.#stamps[(this.#count - 1 - same) % this.capacity] === newest) same++;
    return same;
  }

  /** Forgets everything. */
  clear(): void {
    this.#count = 0;
  }

  /** Number of messages in (`end` − `length`, `end`], and the index of the first. */
  inside(end: bigint, length: bigint): { readonly first: number; readonly count: number } {
    const first = this.#after(end - length);
    return { first, count: this.#after(end) - first };
  }

  /** Index of the first kept message with a later stamp; stamps are in order. */
  #after(stamp: bigint): number {
    let low = Math.max(0, this.#count - this.capacity);
    let high = this.#count;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#stamps[middle % this.capacity] > stamp) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Copies messages; see {@link MotionWindow.inside}. */
  copy({ first, count }: { readonly first: number; readonly count: number }): HeardMotion {
    const stamps = new BigInt64Array(count);
    const values = new Float64Array(count * motionAxes);
    for (let k = 0; k < count; k++) {
      const slot = (first + k) % this.capacity;
      stamps[k] = this.#stamps[slot];
      values.set(this.#values.subarray(slot * motionAxes, (slot + 1) * motionAxes), k * motionAxes);
    }
    return { stamps, values };
  }

  /** Features of a window of at least one message; see {@link MotionWindow.inside}. */
  features({ first, count }: { readonly first: number; readonly count: number }): MotionFeatures {
    this.#kernel.call.readMotion(first % this.capacity, count);
    return this.#features;
  }

  #move(from: number, to: number): void {
    const [source, target] = [from % this.capacity, to % this.capacity];
    this.#stamps[target] = this.#stamps[source];
    this.#values.copyWithin(target * motionAxes, source * motionAxes, (source + 1) * motionAxes);
  }
}
