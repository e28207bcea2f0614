/** The last `capacity` numbers, for quantiles over a window. */
export class RingBuffer {
  readonly #values: Float64Array;
  #added = 0;
  /** The numbers in order, and how many had been added then: reports come every second, decisions perhaps not. */
  #sorted: { readonly values: Float64Array; readonly added: number } | undefined;

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
    if (this.#sorted?.added !== this.#added)
      this.#sorted = { values: this.#values.slice(0, count).sort(), added: this.#added };
    const sorted = this.#sorted.values;
    return shares.map((share) => sorted[Math.max(0, Math.ceil(share * count) - 1)] ?? NaN);
  }
}

/** Decisions in the windows of the report and of the deadline. */
const window = 1000;
const watched = 200;
/** Share of decisions that must meet the deadline. */
const share = 0.95;

/** Measures the time from message to decision. */
export class DecisionLatencies {
  readonly #all = new RingBuffer(window);
  readonly #overheads = new RingBuffer(watched);

  /**
   * A decision was made.
   *
   * @param latency - from message to decision [s]
   * @param expected - time of the network alone, by the profile [s]
   */
  decided(latency: number, expected: number): void {
    this.#all.add(latency);
    this.#overheads.add(latency - expected);
  }

  /** The sample repeated the last answer, so it says nothing about the time of the network. @param latency - [s] */
  repeated(latency: number): void {
    this.#all.add(latency);
  }

  /** Median and 99th percentile of the last 1000 decisions [s]; NaN while there is none. */
  get quantiles(): { readonly latencyP50: number; readonly latencyP99: number } {
    const [latencyP50 = NaN, latencyP99 = NaN] = this.#all.quantiles(0.5, 0.99);
    return { latencyP50, latencyP99 };
  }

  /**
   * 95th percentile of the time beyond the profile's expectation, over the last 200 decisions [s]; NaN while there is
   * none.
   */
  get overhead(): number {
    const [overhead = NaN] = this.#overheads.quantiles(share);
    return overhead;
  }
}
