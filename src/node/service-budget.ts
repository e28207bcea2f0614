/** Long-term share of the thread for answering. */
const share = 0.25;

/** Burst for callers that list and describe all parameters [s]. */
const burst = 1;

/** Shorter waits are not worth it [s]. */
const shortest = 0.1;

/**
 * Keeps answers to services from starving decisions: one thread does both, and a caller that never stops asking would take
 * all of it.
 */
export class ServiceBudget {
  #left = burst;
  #last = -Infinity;

  /**
   * Books the time of an answer.
   *
   * @param seconds - its duration
   * @param now - monotonic time [s]
   * @returns time until the next answer may begin [s]; 0: now
   */
  spend(seconds: number, now: number): number {
    this.#left = Math.min(burst, this.#left + share * (now - this.#last)) - seconds;
    this.#last = now;
    return this.#left < 0 ? Math.max(shortest, -this.#left / share) : 0;
  }
}
