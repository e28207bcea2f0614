import { putNewest } from 'topspark/base/newest.js';

/** Number of samples over which the accuracy against the truth is averaged. */
export const scoreWindow = 1000;
/** Accuracy whose first reaching is reported, 0..1. */
export const goal = 0.8;
/** Most stamps that may wait for their counterpart; older ones are taken as lost. */
const patience = 2000;

/** An answer and the truth. */
export interface Scored {
  readonly label: string;
  readonly truth: string;
}

/**
 * Joins decisions and truths by stamp, whichever comes first, and scores them in the order in which they are complete.
 * `accuracy` is the mean over the last {@link scoreWindow} scored samples. `reached` is the number of scored samples at
 * which this mean was first at least {@link goal}, from a full window on.
 */
export class Score {
  readonly #truths = new Map<bigint, string>();
  readonly #answers = new Map<bigint, string>();
  readonly #hits = new Uint8Array(scoreWindow);
  #right = 0;
  #count = 0;
  #reached: number | undefined;
  #last: Scored | undefined;

  /** @returns the scored sample if its decision is known already */
  truth(stamp: bigint, truth: string): Scored | undefined {
    const label = take(this.#answers, stamp);
    if (label !== undefined) return this.#add({ label, truth });
    putNewest(this.#truths, stamp, truth, patience);
    return undefined;
  }

  /** @returns the scored sample if its truth is known already */
  decision(stamp: bigint, label: string): Scored | undefined {
    const truth = take(this.#truths, stamp);
    if (truth !== undefined) return this.#add({ label, truth });
    putNewest(this.#answers, stamp, label, patience);
    return undefined;
  }

  /** Samples scored so far. */
  get count(): number {
    return this.#count;
  }

  /** Share of right answers among the last {@link scoreWindow} scored samples; NaN while there are none. */
  get accuracy(): number {
    return this.#right / Math.min(scoreWindow, this.#count);
  }

  /** Number of scored samples when the mean first reached the goal; `undefined`: not yet. */
  get reached(): number | undefined {
    return this.#reached;
  }

  /** The sample scored last. */
  get last(): Scored | undefined {
    return this.#last;
  }

  #add(scored: Scored): Scored {
    const hit = Number(scored.label === scored.truth);
    const at = this.#count % scoreWindow;
    this.#right += hit - (this.#hits[at] ?? 0);
    this.#hits[at] = hit;
    this.#count++;
    if (this.#count >= scoreWindow && this.#right >= goal * scoreWindow) this.#reached ??= this.#count;
    this.#last = scored;
    return scored;
  }
}

function take(waiting: Map<bigint, string>, stamp: bigint): string | undefined {
  const found = waiting.get(stamp);
  waiting.delete(stamp);
  return found;
}
