/** Right (1) and wrong (0) answers of a stream, in order. */
export class Outcomes {
  readonly #right: Uint8Array;
  #heard = 0;

  /** @param room - most answers that will be added */
  constructor(room: number) {
    this.#right = new Uint8Array(room);
  }

  add(right: boolean): void {
    this.#right[this.#heard++] = Number(right);
  }

  /** Share of right answers among the first `count`, or among all if there are fewer. */
  first(count: number): number {
    return share(this.#right.subarray(0, Math.min(count, this.#heard)));
  }

  /** Share of right answers among the last `count`, or among all if there are fewer. */
  last(count: number): number {
    return share(this.#right.subarray(Math.max(0, this.#heard - count), this.#heard));
  }

  /**
   * Number of samples (at least `window`) after which a share `goal` of the last `window` answers was right;
   * `undefined`: never.
   */
  samplesUntil(goal: number, window: number): number | undefined {
    let sum = 0;
    for (let k = 0; k < this.#heard; k++) {
      sum += this.#right[k] - (k >= window ? this.#right[k - window] : 0);
      if (k + 1 >= window && sum >= goal * window) return k + 1;
    }
    return undefined;
  }
}

function share(right: Uint8Array): number {
  return right.reduce((sum, one) => sum + one, 0) / right.length;
}
