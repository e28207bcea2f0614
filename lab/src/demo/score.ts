import { putNewest } from 'topspark/base/newest.js';

/** Samples over which accuracy against the truth is a mean. */
export const scoreWindow = 1000;
/** Accuracies whose first reaching is reported. */
export const goal = 0.8;
/** Stamps that may wait for their other half; older ones were lost on the way. */
const patience = 2000;

/** One answer beside the truth. */
export interface Scored {
  readonly label: string;
  readonly truth: string;
}

/**
 * Joins decisions and truths by stamp, whichever comes first, and scores them in the order in which they meet:
 * accuracy is the mean of the last `window` scored samples, and `reached` the number of scored samples at which that
 * mean first was at least `goal`, counted from a full window on.
 */
export class Score {
  readonly #truths = new Map<bigint, string>();
  readonly #answers = new Map<bigint, string>();
  readonly #hits = new Uint8Array(scoreWindow);
  #right = 0;
  #count = 0;
  #reached: number | undefined;
  #last: Scored | undefined;

  /** @returns the scored sample when its decision is known already */
  truth(stamp: bigint, truth: string): Scored | undefined {
    const label = take(this.#answers, stamp);
    if (label !== undefined) return this.#add({ label, truth });
    putNewest(this.#truths, stamp, truth, patience);
    return undefined;
  }

  /** @returns the scored sample when its truth is known already */
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

  /** Share of right answers among the last `window` scored samples; NaN while there is none. */
  get accuracy(): number {
    return this.#right / Math.min(scoreWindow, this.#count);
  }

  /** Scored samples until the mean first reached the goal. */
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
