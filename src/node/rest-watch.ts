/** Time without a decision after which the robot rests [s]. */
const restAfter = 10;

/** Whether a robot has time for work beside its decisions: it charges, or has decided nothing for a while. */
export class RestWatch {
  #decided = 0;
  #since = -Infinity;

  /**
   * Call it once a second.
   *
   * @param decided - samples so far
   * @param now - monotonic time [s]
   */
  rests(decided: number, charging: boolean, now: number): boolean {
    if (decided !== this.#decided) [this.#decided, this.#since] = [decided, now];
    return charging || now - this.#since >= restAfter;
  }
}
