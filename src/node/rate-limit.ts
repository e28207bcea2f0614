/** Lets so many messages through within a second, and says how long to wait for the next. */
export class RateLimit {
  #begun = -Infinity;
  #count = 0;

  /** @param most - messages within a second; 0: any number */
  constructor(readonly most: number) {}

  /**
   * Counts a message.
   *
   * @param now - time that has passed [s]; were it to go back, counting would begin anew
   * @returns time until the next may be taken [s]; 0: now
   */
  count(now: number): number {
    if (this.most === 0) return 0;
    // Below one a second the time that one message stands for is longer.
    const period = Math.max(1, 1 / this.most);
    if (now - this.#begun >= period || now < this.#begun) {
      this.#begun = now;
      this.#count = 0;
    }
    this.#count++;
    return this.#count < Math.floor(this.most * period) ? 0 : this.#begun + period - now;
  }
}
