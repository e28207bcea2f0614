/** The course of a value over the samples, as means of equal stretches. */
export class Curve {
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;
  #added = 0;

  /**
   * @param samples - number of values to come; any more count in the last stretch
   * @param stretches - number of means to keep
   */
  constructor(
    readonly samples: number,
    stretches: number,
  ) {
    this.#sums = new Float64Array(stretches);
    this.#counts = new Uint32Array(stretches);
  }

  add(value: number): void {
    const stretches = this.#sums.length;
    const at = Math.min(stretches - 1, Math.floor((this.#added++ * stretches) / this.samples));
    this.#sums[at] += value;
    this.#counts[at]++;
  }

  /** Mean of each stretch; NaN for a stretch without values. */
  means(): number[] {
    return Array.from(this.#sums, (sum, at) => sum / (this.#counts[at] ?? 0));
  }
}
