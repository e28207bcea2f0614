/**
 * Bytes that may pass in the long run, and some at once after a rest. What has passed is booked afterwards and may go into debt, so
 * that the mean holds whatever the pieces are.
 */
export class ByteRate {
  #left: number;
  #last: number;

  /**
   * @param rate - mean [byte/s]
   * @param burst - at once at most [byte]
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

  /** @returns how long nothing may pass [s]; 0: something may now */
  wait(now: number): number {
    this.#fill(now);
    return this.#left > 0 ? 0 : (1 - this.#left) / this.rate;
  }

  /** Books what has passed [byte]. */
  spend(bytes: number, now: number): void {
    this.#fill(now);
    this.#left -= bytes;
  }

  #fill(now: number): void {
    this.#left = Math.min(this.burst, this.#left + Math.max(0, now - this.#last) * this.rate);
    this.#last = now;
  }
}
