/** Periods that a late sender may be behind its schedule; beyond them the schedule moves. */
const patience = 20;

/** Shortest time between two, in periods: a late sender catches up, but not in bursts. */
const shortest = 0.7;

/**
 * When to send: every 1 / rate from the first time on, without drift. A sender that was late catches up slowly, because
 * a receiver which keeps only the newest message loses those that come close together; what is more than twenty periods
 * late is not made up.
 */
export class Pacer {
  readonly #period: number;
  #due: number;

  /**
   * @param rate - [1/s], above 0
   * @param start - when the first is due [s]
   */
  constructor(rate: number, start: number) {
    this.#period = 1 / rate;
    this.#due = start;
  }

  /**
   * One was sent.
   *
   * @param now - when [s]
   * @returns when the next is due [s]
   */
  sent(now: number): number {
    this.#due = Math.max(this.#due + this.#period, now - patience * this.#period);
    return Math.max(this.#due, now + shortest * this.#period);
  }
}

/** Monotonic time [s]. */
export function seconds(): number {
  return performance.now() / 1000;
}
