// R5: whether labels of unset kind are corrections, judged by how they differ from what was expected:
//
//   D += ((confidence - right) - D) / 25 , from 0        corrections while D > 0.2
//
// confidence: share of the given answer in its votes. Labels drawn at random give D < 0.13, corrections 0.46 to 0.6; a
// mixture lies between and may be taken for either. Labels that state their kind are better.

const window = 25;
const corrections = 0.2;

/** Guesses whether labels correct mistakes. */
export class KindGuess {
  #difference = 0;

  /**
   * Takes the outcome of a label.
   *
   * @param share - of the given answer in its votes, 0..1
   * @returns whether the label is taken as a correction
   */
  corrects(share: number, right: boolean): boolean {
    this.#difference += (share - Number(right) - this.#difference) / window;
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
