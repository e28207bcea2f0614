import { wilson } from './wilson.js';

/** An accuracy with its 95 % bounds. */
export interface AccuracyEstimate {
  /** Share of right answers, 0..1; NaN while there is none. */
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
  /** Labelled samples that it rests on. */
  readonly samples: number;
}

/**
 * Prequential accuracy: every labelled sample tests the network before it trains it. The estimate looks back over a
 * sliding window of the last labelled samples; Wilson bounds say how far to trust it.
 *
 * Source: Gama, Sebastião & Rodrigues, On evaluating stream learning algorithms, Machine Learning 90 (2013).
 */
export class PrequentialAccuracy {
  readonly #answers: Uint8Array;
  #heard = 0;
  #right = 0;

  /** @param window - labelled samples to look back, at least 1 */
  constructor(window: number) {
    this.#answers = new Uint8Array(window);
  }

  /** A label came for an answer given earlier. */
  add(right: boolean): void {
    const at = this.#heard % this.#answers.length;
    this.#right += Number(right) - this.#answers[at];
    this.#answers[at] = Number(right);
    this.#heard++;
  }

  /** The estimate over the window; bounds of 0 and 1 while nothing was heard. */
  estimate(): AccuracyEstimate {
    const samples = Math.min(this.#heard, this.#answers.length);
    return { accuracy: samples > 0 ? this.#right / samples : NaN, ...wilson(this.#right, samples), samples };
  }

  /** Forgets everything. */
  reset(): void {
    this.#answers.fill(0);
    this.#heard = this.#right = 0;
  }
}
