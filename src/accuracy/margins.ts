// What a vote margin is worth: the share of right answers among labelled samples of that confidence, in bins, made
// monotone by pooling adjacent violators (isotonic regression). Counts fade, so that it follows the network.
// Sources: Zadrozny & Elkan, Transforming classifier scores into accurate multiclass probability estimates, KDD 2002;
// Ayer et al., An empirical distribution function for sampling with incomplete information, Ann. Math. Stat. 26 (1955).

/** Bins of confidence. */
export const calibrationBins = 20;
/** Labels that the guess made without any label counts as. */
const guessed = 50;

/** Learns from labels how often an answer of a given confidence is right. */
export class MarginCalibration {
  readonly #right = new Float64Array(calibrationBins);
  readonly #count = new Float64Array(calibrationBins);
  readonly #shares = new Float64Array(calibrationBins);
  #heard = 0;

  /**
   * @param pseudo - labels that each bin starts with, right as often as all
   * @param fade - weight that a label keeps when the next one comes, 0..1
   */
  constructor(
    readonly pseudo = 4,
    readonly fade = 0.9995,
  ) {}

  /** Labels that the estimate rests on. */
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
    for (let b = 0; b < calibrationBins; b++) {
      this.#right[b] *= this.fade;
      this.#count[b] *= this.fade;
    }
    this.#right[bin] += Number(right);
    this.#count[bin]++;
    this.#heard++;
    this.#fit();
  }

  /**
   * Probability that an answer of this confidence is right; 0 before the first label.
   *
   * @param guess - the same without any label; it counts less with every label; absent: does not count
   */
  expected(confidence: number, guess?: number): number {
    const found = this.#shares[binOf(confidence)];
    if (guess === undefined || this.#heard >= guessed) return found;
    return guess + (this.#heard / guessed) * (found - guess);
  }

  /** Labels that the estimate rests on, then right answers and labels of each bin: 41 numbers. */
  get state(): readonly number[] {
    return [this.#heard, ...this.#right, ...this.#count];
  }

  set state([heard, ...counts]: readonly number[]) {
    this.reset();
    this.#heard = heard;
    this.#right.set(counts.slice(0, calibrationBins));
    this.#count.set(counts.slice(calibrationBins, 2 * calibrationBins));
    if (heard > 0) this.#fit();
  }

  /** Forgets everything. */
  reset(): void {
    this.#right.fill(0);
    this.#count.fill(0);
    this.#shares.fill(0);
    this.#heard = 0;
  }

  // Pools neighbours until shares rise: blocks of bins, each by its right answers, its labels and its end.
  #fit(): void {
    let [right, count] = [0, 0];
    for (let b = 0; b < calibrationBins; b++) {
      right += this.#right[b];
      count += this.#count[b];
    }
    const { pseudo } = this;
    const share = right / count;
    let blocks = 0;
    for (let b = 0; b < calibrationBins; b++) {
      let ofRight = this.#right[b] + pseudo * share;
      let ofCount = this.#count[b] + pseudo;
      while (blocks > 0 && blockRight[blocks - 1] * ofCount > ofRight * blockCount[blocks - 1]) {
        blocks--;
        ofRight += blockRight[blocks];
        ofCount += blockCount[blocks];
      }
      blockRight[blocks] = ofRight;
      blockCount[blocks] = ofCount;
      blockEnd[blocks++] = b + 1;
    }
    let at = 0;
    for (let k = 0; k < blocks; k++) {
      const value = blockRight[k] / blockCount[k];
      while (at < blockEnd[k]) this.#shares[at++] = value;
    }
  }
}

const blockRight = new Float64Array(calibrationBins);
const blockCount = new Float64Array(calibrationBins);
const blockEnd = new Int32Array(calibrationBins);

function binOf(confidence: number): number {
  return Math.min(calibrationBins - 1, Math.max(0, Math.floor(confidence * calibrationBins) || 0));
}

// The label-free signal. The calibrated probability q that an answer is right is known at once. Three numbers at each
// operating point: the mean q of the last answers (n = 200), the mean q of the last labelled answers (m ≤ 200), and the
// deviation σ of q over the labelled ones:
//
//   fall = labelled − last,   warning = fall where fall > 3 σ √(1/n + 1/m), else 0
//
// Labels say how right the labelled answers were; the fall says how much less to expect of the answers since. The warning
// stays while no labels come, and fades by 1 − 1/200 with each label. After a change of the point it stays as it is until
// enough answers are known there, and labels among the last 200.

const lastAnswers = 200;
const lastLabels = 200;
/** Labels in all, and labels at a point, before the first warning. */
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

/** Warns, without labels, that answers are less sure than the labelled ones were. */
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
   * @param point - identifies the operating point
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
    // Old labels say nothing about the network as it is now.
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
