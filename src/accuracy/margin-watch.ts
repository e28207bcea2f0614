import { MarginCalibration } from './margin-calibration.js';

// The label-free signal. Of every answer the calibrated probability q that it is right is known at once. At each
// operating point, with the mean of the last answers (n = 200), that of the last labelled ones (m ≤ 200), and the
// deviation σ of q over the labelled ones:
//
//   fall = labelled − last,   warning = fall where fall > 3 σ √(1/n + 1/m), else 0
//
// Labels say how right the labelled answers were; the fall says by how much less is to be expected of those since. It
// stays while no labels come, however long, and fades by 1 − 1/200 with each that comes. Where the point has changed, the
// warning stays as it is until so many answers are known there, and labels among the last 200.

const lastAnswers = 200;
const lastLabels = 200;
/** Labels in all, and labels at a point, before anything is said. */
const settled = 400;
const settledAtPoint = 40;
const deviations = 3;

interface Means {
  answers: number;
  last: number;
  /** Labels, and the number of the last of them among all. */
  labels: number;
  heard: number;
  labelled: number;
  squares: number;
}

/** Warns, without labels, that answers have become less sure than those that were labelled. */
export class MarginWatch {
  readonly #calibration = new MarginCalibration();
  readonly #points = new Map<number, Means>();
  #point: number | undefined;
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
    const means = this.#meansOf(point);
    if (point !== this.#point) means.answers = 0;
    this.#point = point;
    means.answers++;
    means.last += (this.#calibration.expected(confidence) - means.last) / Math.min(means.answers, lastAnswers);
    if (means.answers >= lastAnswers && means.labels >= settledAtPoint) this.#warning = fall(means);
  }

  /** A label came for an answer of this confidence, given at this point. */
  labelled(confidence: number, right: boolean, point: number): void {
    this.#calibration.add(confidence, right);
    this.#warning *= 1 - 1 / lastLabels;
    if (this.#calibration.samples < settled) return;
    const means = this.#meansOf(point);
    const share = this.#calibration.expected(confidence);
    means.heard = this.#calibration.samples;
    const step = 1 / Math.min(++means.labels, lastLabels);
    means.labelled += (share - means.labelled) * step;
    means.squares += (share * share - means.squares) * step;
  }

  /**
   * The warning, the last point (−∞: none), 41 numbers of the calibration, and seven of each point: the point, answers and
   * their mean, labels and the number of the last, their mean and that of their squares.
   */
  get state(): readonly number[] {
    const points = [...this.#points].flatMap(([point, { answers, last, labels, heard, labelled, squares }]) => [
      ...[point, answers, last, labels, heard, labelled, squares],
    ]);
    return [this.#warning, this.#point ?? -Infinity, ...this.#calibration.state, ...points];
  }

  set state([warning, point, ...numbers]: readonly number[]) {
    this.reset();
    this.#warning = warning;
    this.#point = point === -Infinity ? undefined : point;
    this.#calibration.state = numbers.slice(0, 41);
    for (let at = 41; at < numbers.length; at += 7) {
      const [of, answers, last, labels, heard, labelled, squares] = numbers.slice(at, at + 7);
      this.#points.set(of, { answers, last, labels, heard, labelled, squares });
    }
  }

  /** Forgets everything. */
  reset(): void {
    this.#calibration.reset();
    this.#points.clear();
    this.#point = undefined;
    this.#warning = 0;
  }

  #meansOf(point: number): Means {
    const means = this.#points.get(point) ?? { answers: 0, last: 0, labels: 0, heard: 0, labelled: 0, squares: 0 };
    this.#points.set(point, means);
    // What was labelled long ago says nothing of the network as it is.
    if (this.#calibration.samples - means.heard > lastLabels) means.labels = 0;
    return means;
  }
}

function fall({ last, labels, labelled, squares }: Means): number {
  const variance = Math.max(0, squares - labelled ** 2);
  const noise = deviations * Math.sqrt(variance * (1 / lastAnswers + 1 / Math.min(labels, lastLabels)));
  const found = labelled - last;
  return found > noise ? found : 0;
}
