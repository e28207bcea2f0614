/** Quantities of an IMU: acceleration x y z [m/s²], rotation x y z [rad/s]. */
export const motionAxes = 6;

/** Features of one quantity over a window. */
export interface MotionFeatures {
  readonly mean: number;
  /** Standard deviation. */
  readonly deviation: number;
  /** Crossings of the mean per step, 0..1. */
  readonly crossings: number;
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
  /** Values of one quantity in a window, in order; reused. */
  readonly #found: Float64Array;
  readonly #values: Float64Array;
  #count = 0;

  /** @param capacity - number of messages kept */
  constructor(readonly capacity: number) {
    this.#stamps = new BigInt64Array(capacity);
    this.#values = new Float64Array(capacity * motionAxes);
    this.#found = new Float64Array(capacity);
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

  /** Features of one quantity in a window. @param axis - 0..5 */
  features(axis: number, { first, count }: { readonly first: number; readonly count: number }): MotionFeatures {
    const [values, found] = [this.#values, this.#found];
    const end = values.length;
    for (let k = 0, at = (first % this.capacity) * motionAxes + axis; k < count; k++, at += motionAxes) {
      if (at >= end) at -= end;
      found[k] = values[at];
    }
    let mean = 0;
    for (let k = 0; k < count; k++) mean += found[k] / count;
    let variance = 0;
    let crossings = 0;
    let above = found[0] >= mean;
    for (let k = 0; k < count; k++) {
      const value = found[k];
      variance += ((value - mean) * (value - mean)) / count;
      const now = value >= mean;
      if (now !== above) crossings++;
      above = now;
    }
    return { mean, deviation: Math.sqrt(variance), crossings: count > 1 ? crossings / (count - 1) : 0 };
  }

  #move(from: number, to: number): void {
    const [source, target] = [from % this.capacity, to % this.capacity];
    this.#stamps[target] = this.#stamps[source];
    this.#values.copyWithin(target * motionAxes, source * motionAxes, (source + 1) * motionAxes);
  }
}
