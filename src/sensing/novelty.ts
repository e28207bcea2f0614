/**
 * Detects messages that hardly differ from the last decided one:
 *
 *   max |s − s'| below 255 · threshold
 *
 * s is a sketch of the message, bytes that are cheap to compute; s' is the sketch of the last decided message. The
 * largest change counts, not the mean, since something small may be new. The comparison is not with the message before,
 * so that slow changes are noticed too.
 */
export class Novelty {
  /** s: fill it before {@link Novelty.alike}. */
  readonly now: Uint8Array;
  #last: Uint8Array | undefined;

  /**
   * @param threshold - as a share of full scale, above 0
   * @param length - bytes of a sketch
   */
  constructor(
    readonly threshold: number,
    length: number,
  ) {
    this.now = new Uint8Array(length);
  }

  /** s', as a view; `undefined`: nothing was decided yet. */
  get last(): Uint8Array | undefined {
    return this.#last;
  }

  set last(sketch: Uint8Array | undefined) {
    this.#last = sketch?.length === this.now.length ? sketch.slice() : undefined;
  }

  /** Whether s hardly differs from s'. */
  get alike(): boolean {
    const last = this.#last;
    if (last === undefined) return false;
    const bound = 255 * this.threshold;
    return this.now.every((value, i) => Math.abs(value - last[i]) < bound);
  }

  /** Stores s as the sketch of the last decided message. */
  keep(): void {
    this.#last ??= new Uint8Array(this.now.length);
    this.#last.set(this.now);
  }
}
