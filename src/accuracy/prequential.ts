import { wilson } from './wilson.js';

/** An accuracy with its 95 % bounds, and the mean recall beside it. */
export interface AccuracyEstimate {
  /** Share of right answers in the window, 0..1; NaN while there is none. */
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
  /** Mean over the classes in the window of the share of right answers in each; NaN while there is none. */
  readonly recall: number;
  readonly recallLow: number;
  readonly recallHigh: number;
  /** The accuracy in which every label counts less than the next one by the fading factor; NaN while there is none. */
  readonly faded: number;
  /** Labelled samples in the window. */
  readonly samples: number;
}

/** What a {@link PrequentialAccuracy} has heard, as numbers and names. */
export interface PrequentialState {
  readonly names: readonly string[];
  /** Two numbers a sample: 1 right or 0, and the number of its class in `names`. */
  readonly window: Float64Array;
  /** S and B. */
  readonly faded: readonly number[];
}

interface Tally {
  right: number;
  count: number;
}

/**
 * Prequential accuracy: every labelled sample tests the network before it trains it. The estimate looks back over a
 * sliding window of the last labelled samples; beside it stands the one with a fading factor α:
 *
 *   S ← right + α S,   B ← 1 + α B,   faded = S / B
 *
 * Source: Gama, Sebastião & Rodrigues, On evaluating stream learning algorithms, Machine Learning 90 (2013).
 *
 * Bounds of the accuracy are Wilson's. Mean recall is a mean of C proportions p_c with bounds l_c, u_c of Wilson; its own
 * are p̄ − √Σ(p_c − l_c)²/C and p̄ + √Σ(u_c − p_c)²/C. Source: Zou & Donner, Construction of confidence limits about
 * effect measures, Statistics in Medicine 27 (2008).
 */
export class PrequentialAccuracy {
  readonly #answers: Uint8Array;
  readonly #truths: string[] = [];
  readonly #classes = new Map<string, Tally>();
  #heard = 0;
  #right = 0;
  #fadedRight = 0;
  #fadedCount = 0;

  /**
   * @param window - labelled samples to look back, at least 1
   * @param fading - α, 0..1
   */
  constructor(
    window: number,
    readonly fading = 0.995,
  ) {
    this.#answers = new Uint8Array(window);
  }

  /**
   * A label came for an answer given earlier.
   *
   * @param truth - the class that the label names
   */
  add(right: boolean, truth = ''): void {
    const at = this.#heard % this.#answers.length;
    if (this.#heard >= this.#answers.length) this.#count(this.#truths[at], -this.#answers[at], -1);
    this.#answers[at] = Number(right);
    this.#truths[at] = truth;
    this.#count(truth, Number(right), 1);
    this.#heard++;
    this.#fadedRight = Number(right) + this.fading * this.#fadedRight;
    this.#fadedCount = 1 + this.fading * this.#fadedCount;
  }

  /** The estimate over the window; bounds of 0 and 1 while nothing was heard. */
  estimate(): AccuracyEstimate {
    const samples = Math.min(this.#heard, this.#answers.length);
    const accuracy = samples > 0 ? this.#right / samples : NaN;
    const faded = this.#fadedRight / this.#fadedCount;
    return { accuracy, ...wilson(this.#right, samples), ...this.#recall(), faded, samples };
  }

  /** Everything that was heard: of each labelled sample in the window, oldest first, whether it was right, and its class. */
  get state(): PrequentialState {
    const samples = Math.min(this.#heard, this.#answers.length);
    // In the order of the tallies: sums over them are the same to the bit when it goes on from here.
    const names = [...this.#classes.keys()];
    const numbers = new Map(names.map((name, number) => [name, number]));
    const window = new Float64Array(2 * samples);
    for (let k = 0; k < samples; k++) {
      const at = (this.#heard - samples + k) % this.#answers.length;
      window[2 * k] = this.#answers[at];
      window[2 * k + 1] = numbers.get(this.#truths[at]) ?? 0;
    }
    return { names, window, faded: [this.#fadedRight, this.#fadedCount] };
  }

  set state({ names, window, faded }: PrequentialState) {
    this.reset();
    for (const name of names) this.#classes.set(name, { right: 0, count: 0 });
    for (let at = 0; at < window.length; at += 2) this.add(window[at] === 1, names[window[at + 1]]);
    [this.#fadedRight, this.#fadedCount] = faded;
  }

  /** Share of a class in the window, 0..1; 0 where it was not heard. */
  shareOf(truth: string): number {
    const samples = Math.min(this.#heard, this.#answers.length);
    return samples > 0 ? (this.#classes.get(truth)?.count ?? 0) / samples : 0;
  }

  /** Classes in the window. */
  get classes(): number {
    return this.#classes.size;
  }

  /** A class is called otherwise from now on, perhaps as another. */
  rename(name: string, to: string): void {
    const { names, window, faded } = this.state;
    this.state = { names: names.map((each) => (each === name ? to : each)), window, faded };
  }

  /** Forgets everything. */
  reset(): void {
    this.#heard = this.#right = this.#fadedRight = this.#fadedCount = 0;
    this.#truths.length = 0;
    this.#classes.clear();
  }

  #count(truth: string, right: number, count: number): void {
    const tally = this.#classes.get(truth) ?? { right: 0, count: 0 };
    tally.right += right;
    tally.count += count;
    this.#right += right;
    if (tally.count > 0) this.#classes.set(truth, tally);
    else this.#classes.delete(truth);
  }

  #recall(): Pick<AccuracyEstimate, 'recall' | 'recallLow' | 'recallHigh'> {
    const classes = this.#classes.size;
    if (classes === 0) return { recall: NaN, recallLow: 0, recallHigh: 1 };
    let [sum, below, above] = [0, 0, 0];
    for (const { right, count } of this.#classes.values()) {
      const share = right / count;
      const { low, high } = wilson(right, count);
      sum += share;
      below += (share - low) ** 2;
      above += (high - share) ** 2;
    }
    const recall = sum / classes;
    const recallLow = Math.max(0, recall - Math.sqrt(below) / classes);
    return { recall, recallLow, recallHigh: Math.min(1, recall + Math.sqrt(above) / classes) };
  }
}
