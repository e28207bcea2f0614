/** Quantities of an IMU: acceleration x y z [m/s²], rotation x y z [rad/s]. */
export const motionAxes = 6;

/** Features of one quantity over a window. */
export interface MotionFeatures {
  readonly mean: number;
  /** Standard deviation. */
  readonly deviation: number;
  /** Mean crossings per step, 0..1. */
  readonly crossings: number;
}

/** Messages of an IMU in memory, oldest first. */
export interface HeardMotion {
  /** [ns] */
  readonly stamps: BigInt64Array;
  /** One value of each of {@link motionAxes} a message. */
  readonly values: Float64Array;
}

/** The last samples of an IMU in the order of their stamps, and features of a window of them. */
export class MotionWindow {
  readonly #stamps: BigInt64Array;
  readonly #values: Float64Array;
  #count = 0;

  /** @param capacity - samples kept */
  constructor(readonly capacity: number) {
    this.#stamps = new BigInt64Array(capacity);
    this.#values = new Float64Array(capacity * motionAxes);
  }

  /** Stamp of the newest sample [ns]. */
  get newest(): bigint | undefined {
    return this.#count === 0 ? undefined : this.#stamps[(this.#count - 1) % this.capacity];
  }

  /**
   * Adds a sample; a late one is sorted in, after equal stamps.
   *
   * @param values - one of each of {@link motionAxes}
   */
  add(stamp: bigint, values: ArrayLike<number>): void {
    const oldest = Math.max(0, this.#count - this.capacity + 1);
    let place = this.#count++;
    for (; place > oldest && this.#stamps[(place - 1) % this.capacity] > stamp; place--) this.#move(place - 1, place);
    const slot = place % this.capacity;
    this.#stamps[slot] = stamp;
    this.#values.set(values, slot * motionAxes);
  }

  /** How many samples have the newest stamp, up to `most`. */
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

  /** Number of samples in (`end` − `length`, `end`] and the number of the first of them. */
  inside(end: bigint, length: bigint): { readonly first: number; readonly count: number } {
    const kept = Math.max(0, this.#count - this.capacity);
    let last = this.#count - 1;
    while (last >= kept && this.#stamps[last % this.capacity] > end) last--;
    let first = last;
    while (first >= kept && this.#stamps[first % this.capacity] > end - length) first--;
    return { first: first + 1, count: last - first };
  }

  /** A copy of samples, see {@link MotionWindow.inside}. */
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

  /** @param axis - 0..5 */
  features(axis: number, { first, count }: { readonly first: number; readonly count: number }): MotionFeatures {
    const at = (k: number): number => this.#values[((first + k) % this.capacity) * motionAxes + axis];
    let mean = 0;
    for (let k = 0; k < count; k++) mean += at(k) / count;
    let variance = 0;
    let crossings = 0;
    for (let k = 0; k < count; k++) {
      variance += (at(k) - mean) ** 2 / count;
      if (k > 0 && at(k) >= mean !== at(k - 1) >= mean) crossings++;
    }
    return { mean, deviation: Math.sqrt(variance), crossings: count > 1 ? crossings / (count - 1) : 0 };
  }

  #move(from: number, to: number): void {
    const [source, target] = [from % this.capacity, to % this.capacity];
    this.#stamps[target] = this.#stamps[source];
    this.#values.copyWithin(target * motionAxes, source * motionAxes, (source + 1) * motionAxes);
  }
}
