/** Share of the thread that answering may take for long. */
const share = 0.25;

/** What may be spent at once, by whoever lists and describes all parameters [s]. */
const burst = 1;

/** Shorter waits are not worth the trouble [s]. */
const shortest = 0.1;

/**
 * Keeps answers to services from starving decisions: one thread does both, and a caller who asks on and on would have
 * all of it.
 */
export class ServiceBudget {
  #left = burst;
  #last = -Infinity;

  /**
   * Books an answer.
   *
   * @param seconds - that it took
   * @param now - monotonic time [s]
   * @returns how long no other may begin [s]; 0: one may begin now
   */
  spend(seconds: number, now: number): number {
    this.#left = Math.min(burst, this.#left + share * (now - this.#last)) - seconds;
    this.#last = now;
    return this.#left < 0 ? Math.max(shortest, -this.#left / share) : 0;
  }
}
