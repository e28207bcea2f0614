/** The last `capacity` numbers, for quantiles over a window. */
export class RingBuffer {
  readonly #values: Float64Array;
  #added = 0;

  /** @param capacity - at least 1 */
  constructor(capacity: number) {
    this.#values = new Float64Array(capacity);
  }

  add(value: number): void {
    this.#values[this.#added++ % this.#values.length] = value;
  }

  /**
   * Quantiles by nearest rank; NaN while empty.
   *
   * @param shares - each 0..1
   */
  quantiles(...shares: readonly number[]): number[] {
    const count = Math.min(this.#added, this.#values.length);
    const sorted = this.#values.slice(0, count).sort();
    return shares.map((share) => sorted[Math.max(0, Math.ceil(share * count) - 1)] ?? NaN);
  }
}
