/** Admits a steady rate of requests or bytes, and a burst after a rest. */
export class TokenBucket {
  #left: number;
  #last: number;

  /**
   * @param rate - most admitted in the long run [1/s]
   * @param burst - most admitted at once
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

  /** @returns whether one more is admitted; if so, it is booked */
  take(now: number): boolean {
    this.#fill(now);
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }

  /** @returns time until something may pass [s]; 0: now */
  wait(now: number): number {
    this.#fill(now);
    return this.#left > 0 ? 0 : (1 - this.#left) / this.rate;
  }

  /** Books what has passed. The bucket may go into debt, so that the mean rate holds for pieces of any size. */
  spend(count: number, now: number): void {
    this.#fill(now);
    this.#left -= count;
  }

  #fill(now: number): void {
    this.#left = Math.min(this.burst, this.#left + Math.max(0, now - this.#last) * this.rate);
    this.#last = now;
  }
}
