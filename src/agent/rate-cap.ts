/** How early an event may come, as a share of the period: cameras jitter. */
const tolerance = 0.25;

/**
 * Admits a limited number of events a second, evenly spaced. The times at which events are due lie on a grid. An event
 * that comes a little early or late does not move the grid, so that jitter neither loses nor adds events. A pause of a
 * period or more starts a new grid.
 */
export class RateCap {
  #due: number | undefined;

  /**
   * @param now - elapsed time at the event [s]
   * @param rate - most events a second; 0: no limit
   */
  admits(now: number, rate: number): boolean {
    if (rate <= 0) return true;
    const period = 1 / rate;
    const late = this.#due === undefined ? period : now - this.#due;
    const inStep = Math.abs(late) < period;
    // The cap rose meanwhile: the next due time of the old grid is too far ahead.
    const restarted = late < -2 * period;
    if (late < -tolerance * period && !restarted) return false;
    this.#due = period + (inStep && this.#due !== undefined ? this.#due : now);
    return true;
  }

  /**
   * Time until the next event is admitted [s]; 0: now.
   *
   * @param now - elapsed time [s]
   * @param rate - most events a second; 0: no limit
   */
  wait(now: number, rate: number): number {
    if (rate <= 0 || this.#due === undefined) return 0;
    const wait = this.#due - tolerance / rate - now;
    return wait > 0 && wait < 2 / rate ? wait : 0;
  }
}
