// How much better or worse the network does than its profile says. With r = right − expected at the point used, at every
// label of weight w, and fading factor α:
//
//   S ← αS + w r     B ← αB + w     Q ← αQ + w²          at every decision S, B and Q fade by φ
//   n = B² / Q       correction = S/B · n/(n + v/τ²)      deviation = √(v / (n + v/τ²))
//
// The mean of the residuals, shrunk as a normal prior of mean 0 and deviation τ has it: with few labels the correction is
// small and its deviation wide, and when labels stop it widens again. v = p (1 − p): variance of one label.

/** τ: how far a profile may be off before anything is observed. A profile is of another day, or of other data. */
const prior = 0.1;
/** φ: decisions that an observation is worth something. */
const fade = Math.exp(-1 / 20_000);
/** Labels that everything before a change counts as. */
const doubted = 20;
/** Bounds of p, so that a run of right answers is not taken for certainty. */
const [lowest, highest] = [0.05, 0.95];

/** A correction of expected accuracies, and the standard deviation with which it is known. */
export interface CorrectionEstimate {
  readonly correction: number;
  readonly deviation: number;
}

/** Estimates the {@link CorrectionEstimate} from labels. */
export class Correction {
  #sum = 0;
  #weight = 0;
  #squares = 0;
  #variance = lowest * highest;

  /** @param fading - α, 0..1 */
  constructor(readonly fading: number) {}

  /** A decision was made: what is known grows old. */
  age(): void {
    this.#fade(fade);
  }

  /**
   * A label came.
   *
   * @param expected - of the point at which the sample was answered, 0..1
   * @param weight - above 0; 1 where every label counts alike
   */
  add(right: boolean, expected: number, weight = 1): void {
    this.#fade(this.fading);
    this.#sum += weight * (Number(right) - expected);
    this.#weight += weight;
    this.#squares += weight * weight;
    const share = Math.min(highest, Math.max(lowest, expected + this.#sum / this.#weight));
    this.#variance = share * (1 - share);
  }

  /** The world has changed: what was observed before counts as a few labels only. */
  doubt(): void {
    if (this.#weight > doubted) this.#fade(doubted / this.#weight);
  }

  /** More is expected than before by so much, at every point: what was observed stays, and is compared with that. */
  expectMore(by: number): void {
    this.#sum -= by * this.#weight;
  }

  /** S, B, Q and v. */
  get state(): readonly number[] {
    return [this.#sum, this.#weight, this.#squares, this.#variance];
  }

  set state(state: readonly number[]) {
    [this.#sum, this.#weight, this.#squares, this.#variance] = state;
  }

  /** Forgets everything. */
  reset(): void {
    this.#sum = this.#weight = this.#squares = 0;
    this.#variance = lowest * highest;
  }

  /** What is known now. */
  estimate(): CorrectionEstimate {
    const pull = this.#variance / prior ** 2;
    if (this.#squares <= 0) return { correction: 0, deviation: prior };
    const count = this.#weight ** 2 / this.#squares;
    const correction = ((this.#sum / this.#weight) * count) / (count + pull);
    return { correction, deviation: Math.sqrt(this.#variance / (count + pull)) };
  }

  #fade(factor: number): void {
    this.#sum *= factor;
    this.#weight *= factor;
    this.#squares *= factor;
  }
}
