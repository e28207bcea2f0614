/** Most periods that a late sender may be behind its schedule; beyond them the schedule moves. */
const patience = 20;

/** Shortest time between two messages [periods]: a late sender catches up, but not in bursts. */
const shortest = 0.7;

/**
 * Decides when to send: every 1 / rate from the first time on, without drift. A sender that is late catches up slowly,
 * because a receiver that keeps only the newest message loses messages that come close together. A delay of more than
 * twenty periods is not made up.
 */
export class Pacer {
  readonly #period: number;
  #due: number;

  /**
   * @param rate - [1/s], above 0
   * @param start - time when the first message is due [s]
   */
  constructor(rate: number, start: number) {
    this.#period = 1 / rate;
    this.#due = start;
  }

  /**
   * Notes that a message was sent.
   *
   * @param now - time when it was sent [s]
   * @returns time when the next one is due [s]
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
