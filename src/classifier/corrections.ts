// Labels of people who correct mistakes: R2 learns from silence, R5 guesses the kind of labels that do not state it.

// R2: where people correct mistakes, silence means that an answer was right. All silence weighs as much as all
// corrections:
//
//   every learned sample k that has a net answer c:
//     eps = r  (0 while the world seems to change), then r -= r / min(k, 1000)
//     for fired j:  R_j *= (1 - eps (1 - forget))^n_j ,  R_jc += eps n_j                          (kernel/evidence.ts)
//   a correction of a wrong answer, at once or late:    r += 1 / min(k, 1000)
//
// Where nobody corrects, r is 0 and nothing happens; r fades over a thousand samples after the last correction. A label
// for a sample undoes what its silence confirmed. Doubles, in this order.

/** Samples over which corrections are counted. */
const window = 1000;
/** Value of r below which silence means nothing. */
const least = 1e-4;

/** The weight of silence. */
export class SilentConsent {
  /** @param share - r: corrections per sample, 0..1 */
  constructor(public share = 0) {}

  /**
   * A sample with an answer was learned.
   *
   * @param samples - k, from 1
   * @returns eps, the weight of its silence
   */
  see(samples: number): number {
    const said = this.share;
    this.share -= this.share / Math.min(samples, window);
    if (this.share < least) this.share = 0;
    return said;
  }

  /** A wrong answer was corrected. */
  corrected(samples: number): void {
    this.share = Math.min(1, this.share + 1 / Math.min(samples, window));
  }
}

// R5: whether labels of unset kind are corrections, judged by the difference from their expected outcome:
//
//   D += ((confidence - right) - D) / 25 , from 0        corrections while D > 0.2
//
// confidence: share of the given answer in its votes. Labels drawn at random give D < 0.13, corrections 0.46 to 0.6; a
// mixture lies between and may be taken for either. Labels that state their kind are better.

/** Number of labels over which D is a mean, and D above which labels are corrections. */
const guessWindow = 25;
const corrections = 0.2;

/** Guesses whether labels correct mistakes. */
export class KindGuess {
  #difference = 0;

  /**
   * Takes the outcome of a label.
   *
   * @param share - share of the given answer in its votes, 0..1
   * @returns whether the label is taken as a correction
   */
  corrects(share: number, right: boolean): boolean {
    this.#difference += (share - Number(right) - this.#difference) / guessWindow;
    return this.#difference > corrections;
  }

  /** D. */
  get state(): number {
    return this.#difference;
  }

  set state(difference: number) {
    this.#difference = difference;
  }
}
