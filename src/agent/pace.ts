/** Time after which others get the thread [s]: a service is answered within two or three slices. */
const sliceTime = 0.002;

const mostSteps = 1000;

/** How many timesteps fit into a slice, learned from slices that were run: it halves and doubles. */
export class Pace {
  #steps = 16;

  /** Timesteps of the next slice. */
  get steps(): number {
    return this.#steps;
  }

  /** @param seconds - what a slice of {@link Pace.steps} took; less where the sample had fewer left */
  took(seconds: number): void {
    if (seconds > sliceTime) this.#steps = Math.max(1, this.#steps >> 1);
    else if (seconds < sliceTime / 3) this.#steps = Math.min(mostSteps, this.#steps << 1);
  }
}
