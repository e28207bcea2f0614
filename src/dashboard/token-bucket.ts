/** Admits a steady rate, and a burst after a rest. */
export class TokenBucket {
  #left: number;
  #last: number;

  /**
   * @param rate - admitted in the long run [1/s]
   * @param burst - admitted at once at most
   * @param now - monotonic time [s]
   */
  constructor(
    readonly rate: number,
    readonly burst: number,
    now: number,
  ) {
    this.#left = burst;
    this.#last = now;
  }

  /** @returns whether one more is admitted */
  take(now: number): boolean {
    this.#left = Math.min(this.burst, this.#left + (now - this.#last) * this.rate);
    this.#last = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
