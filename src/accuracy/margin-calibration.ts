// What a vote margin is worth: the share of right answers among labelled samples of that confidence, in bins, made
// monotone by pooling adjacent violators (isotonic regression). Counts fade, so that it follows the network.
// Sources: Zadrozny & Elkan, Transforming classifier scores into accurate multiclass probability estimates, KDD 2002;
// Ayer et al., An empirical distribution function for sampling with incomplete information, Ann. Math. Stat. 26 (1955).

const bins = 20;
/** Each bin starts as if it had heard so many labels, right as often as all. */
const pseudo = 4;
const fade = 0.9995;

/** Learns from labels how often an answer of a given confidence is right. */
export class MarginCalibration {
  readonly #right = new Float64Array(bins);
  readonly #count = new Float64Array(bins);
  readonly #shares = new Float64Array(bins);
  #heard = 0;

  /** Labels that it rests on. */
  get samples(): number {
    return this.#heard;
  }

  /**
   * A label came for an answer.
   *
   * @param confidence - 0..1
   */
  add(confidence: number, right: boolean): void {
    const bin = binOf(confidence);
    for (let b = 0; b < bins; b++) {
      this.#right[b] *= fade;
      this.#count[b] *= fade;
    }
    this.#right[bin] += Number(right);
    this.#count[bin]++;
    this.#heard++;
    this.#fit();
  }

  /** Probability that an answer of this confidence is right; 0 before the first label. */
  expected(confidence: number): number {
    return this.#shares[binOf(confidence)];
  }

  /** Labels that it rests on, then right answers and labels of each bin: 41 numbers. */
  get state(): readonly number[] {
    return [this.#heard, ...this.#right, ...this.#count];
  }

  set state([heard, ...counts]: readonly number[]) {
    this.reset();
    this.#heard = heard;
    this.#right.set(counts.slice(0, bins));
    this.#count.set(counts.slice(bins, 2 * bins));
    if (heard > 0) this.#fit();
  }

  /** Forgets everything. */
  reset(): void {
    this.#right.fill(0);
    this.#count.fill(0);
    this.#shares.fill(0);
    this.#heard = 0;
  }

  #fit(): void {
    let [right, count] = [0, 0];
    for (let b = 0; b < bins; b++) {
      right += this.#right[b];
      count += this.#count[b];
    }
    const share = right / count;
    const blocks: { right: number; count: number; bins: number }[] = [];
    for (let b = 0; b < bins; b++) {
      let block = { right: this.#right[b] + pseudo * share, count: this.#count[b] + pseudo, bins: 1 };
      for (
        let last = blocks.at(-1);
        last && last.right * block.count > block.right * last.count;
        last = blocks.at(-1)
      ) {
        blocks.pop();
        const { right: r, count: c, bins: n } = last;
        block = { right: block.right + r, count: block.count + c, bins: block.bins + n };
      }
      blocks.push(block);
    }
    let at = 0;
    for (const block of blocks) this.#shares.fill(block.right / block.count, at, (at += block.bins));
  }
}

function binOf(confidence: number): number {
  return Math.min(bins - 1, Math.max(0, Math.floor(confidence * bins) || 0));
}
