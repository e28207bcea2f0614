import { MarginCalibration } from './margin-calibration.js';

// The label-free signal. Of every answer the calibrated probability q that it is right is known at once. At each
// operating point, with means over the last 200 and 5000 answers and the deviation σ of q:
//
//   warning = max(0, slow − fast − 3 σ / √200)

const fastWindow = 200;
const slowWindow = 5000;
/** Answers at a point, and labels in all, before anything is said. */
const settled = 400;
const deviations = 3;

interface Means {
  count: number;
  fast: number;
  slow: number;
  squares: number;
}

/** Warns, without labels, that answers have become less sure than they used to be. */
export class MarginWatch {
  readonly #calibration = new MarginCalibration();
  readonly #points = new Map<number, Means>();
  #warning = 0;

  /** By how much the accuracy seems to have fallen, 0..1. */
  get warning(): number {
    return this.#warning;
  }

  /** Probability that an answer of this confidence is right, 0..1. */
  expected(confidence: number): number {
    return this.#calibration.expected(confidence);
  }

  /**
   * An answer was given.
   *
   * @param point - by which answers of the same operating point are known
   */
  answered(confidence: number, point: number): void {
    if (this.#calibration.samples < settled) return;
    const share = this.#calibration.expected(confidence);
    const means = this.#points.get(point) ?? { count: 0, fast: 0, slow: 0, squares: 0 };
    this.#points.set(point, means);
    means.count++;
    means.fast += (share - means.fast) / Math.min(means.count, fastWindow);
    const step = 1 / Math.min(means.count, slowWindow);
    means.slow += (share - means.slow) * step;
    means.squares += (share * share - means.squares) * step;
    const variance = Math.max(0, means.squares - means.slow ** 2);
    const noise = deviations * Math.sqrt(variance / fastWindow);
    this.#warning = means.count < settled ? 0 : Math.max(0, means.slow - means.fast - noise);
  }

  /** A label came for an answer of this confidence. */
  labelled(confidence: number, right: boolean): void {
    this.#calibration.add(confidence, right);
  }

  /** Forgets everything. */
  reset(): void {
    this.#calibration.reset();
    this.#points.clear();
    this.#warning = 0;
  }
}
