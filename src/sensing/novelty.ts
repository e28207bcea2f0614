/**
 * Whether a message hardly differs from the last one decided:
 *
 *   max |s − s'| below 255 · threshold
 *
 * s is a sketch of the message, bytes that are cheap to compute, s' the sketch of the last one decided. The largest change
 * counts, not the mean: something small may be new. The comparison is with the last one decided, not with the one before,
 * so that slow changes are seen too.
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

  /** s', a view; `undefined`: nothing was decided yet. */
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

  /** s becomes the sketch of the last one decided. */
  keep(): void {
    this.#last ??= new Uint8Array(this.now.length);
    this.#last.set(this.now);
  }
}
