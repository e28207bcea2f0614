// Calibration of the confidence: the share of right answers among labelled samples of about that confidence, in bins.
// The shares are made monotone by pooling adjacent violators (isotonic regression). Counts fade, so that the
// calibration follows the network. Sources: Zadrozny & Elkan, Transforming classifier scores into accurate multiclass
// probability estimates, KDD 2002; Ayer et al., An empirical distribution function for sampling with incomplete
// information, Ann. Math. Stat. 26 (1955).

/** Number of bins of the confidence. */
export const calibrationBins = 20;
/** Labels until the guess that needs no labels has lost its weight. */
const guessed = 50;

/** Learns from labels how often an answer of a given confidence is right. */
export class MarginCalibration {
  readonly #right = new Float64Array(calibrationBins);
  readonly #count = new Float64Array(calibrationBins);
  readonly #shares = new Float64Array(calibrationBins);
  #heard = 0;

  /**
   * @param pseudo - labels that are added to each bin, with the share of right answers of all labels
   * @param fade - share of its weight that a label keeps when the next one comes, 0..1
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
   * Takes a label for an answer.
   *
   * @param confidence - of the answer, 0..1
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
   * @param guess - an estimate that needs no labels; its weight falls with every label; absent: not used
   */
  expected(confidence: number, guess?: number): number {
    const found = this.#shares[binOf(confidence)];
    if (guess === undefined || this.#heard >= guessed) return found;
    return guess + (this.#heard / guessed) * (found - guess);
  }

  /** Labels that the estimate rests on; then right answers and labels of each bin. 41 numbers. */
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

  // Pools neighbouring bins until the shares rise. A block of bins has its right answers, its labels and its end.
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

// A signal that needs no new labels. The calibrated probability q that an answer is right is known at once. Each
// operating point has three numbers: the mean q of the last answers (n = 200), the mean q of the last labelled answers
// (m ≤ 200), and the deviation σ of q over the labelled answers:
//
//   fall = labelled − last,   warning = fall where fall > 3 σ √(1/n + 1/m), else 0
//
// Labels show how often the labelled answers were right. The fall shows how much less to expect of the answers since
// then. The warning stays while no labels come, and fades by 1 − 1/200 with each label. After a change of the point it
// stays as it is until the new point has enough answers, and enough labels among the last 200.

const lastAnswers = 200;
const lastLabels = 200;
/** Labels in total, and labels at a point, before the first warning. */
const settled = 400;
const settledAtPoint = 40;
const deviations = 3;

interface Means {
  answers: number;
  last: number;
  /** Labels at the point, and the number of the last of them among all labels. */
  labels: number;
  heard: number;
  labelled: number;
  squares: number;
}

/** Warns without labels that answers are less certain than the labelled answers were. */
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
   * Takes an answer.
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

  /** Takes a label for an answer of this confidence at this point. */
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
   * The warning, the last point (−∞: none), 41 numbers of the calibration, and seven numbers of each point: the point,
   * its answers and their mean q, its labels, the number of the last of them, their mean q and mean q².
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
    // Old labels say nothing about the network now.
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
