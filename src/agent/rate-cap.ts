/**
 * Lets through at most a number of events a second, evenly spaced. One that comes a little early because of jitter is
 * not lost: the next one is due a period after the last was due, not after it came.
 */
export class RateCap {
  #due = -Infinity;

  /**
   * @param now - time of the event [s]; it may jump back when simulated time restarts
   * @param rate - events a second at most; 0: all
   */
  admits(now: number, rate: number): boolean {
    if (rate <= 0) return true;
    const period = 1 / rate;
    const restarted = this.#due - now > 2 * period;
    if (now < this.#due && !restarted) return false;
    this.#due = Math.max(restarted ? -Infinity : this.#due, now - period) + period;
    return true;
  }
}
