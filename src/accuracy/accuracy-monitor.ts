import { AdaptiveWindow } from './drift-detectors.js';
import { MarginWatch } from './margins.js';
import { wilson } from './wilson.js';

/** An accuracy with its 95 % bounds, and the mean recall. */
export interface AccuracyEstimate {
  /** Share of right answers in the window, 0..1; NaN while there are no labels. */
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
  /** Mean recall: share of right answers in each class, averaged over the classes in the window; NaN without labels. */
  readonly recall: number;
  readonly recallLow: number;
  readonly recallHigh: number;
  /** Accuracy with fading: each label counts less than the next by the fading factor; NaN without labels. */
  readonly faded: number;
  /** Labelled samples in the window. */
  readonly samples: number;
  /** What the estimate rests on, and why its bounds are wide, in words. */
  readonly reason: string;
}

/** Decisions without a label before the estimate ages; decisions in which its weight then falls by a factor of e. */
const patience = 1000;
const lifetime = 20_000;
/** Fading factor of the latest labels, and labels after a sign of change in which the bounds include their estimate. */
const latestFading = 0.98;
const latestLabels = 100;
/** The latest labels may show a change where their squared deviation exceeds this share of its variance by chance. */
const suspected = 0.5;
/** Square of the normal quantile for 95 %. */
const likely = 1.959964 ** 2;

/** State of a {@link PrequentialAccuracy}, as numbers and names. */
export interface PrequentialState {
  readonly names: readonly string[];
  /** Two numbers per sample: 1 (right) or 0, and the index of its class in `names`. */
  readonly window: Float64Array;
  /** S and B; then S and B of the latest labels, which older files lack. */
  readonly faded: readonly number[];
}

interface Tally {
  right: number;
  count: number;
}

/**
 * Prequential accuracy: every labelled sample tests the network before it trains it. The estimate covers a sliding
 * window of the last labelled samples. A second estimate fades by α:
 *
 *   S ← right + α S,   B ← 1 + α B,   faded = S / B
 *
 * Source: Gama, Sebastião & Rodrigues, On evaluating stream learning algorithms, Machine Learning 90 (2013).
 *
 * Bounds of the accuracy are Wilson's. Mean recall is a mean of C proportions p_c with Wilson bounds l_c, u_c. Its
 * bounds are p̄ − √Σ(p_c − l_c)²/C and p̄ + √Σ(u_c − p_c)²/C. Source: Zou & Donner, Construction of confidence limits
 * about effect measures, Statistics in Medicine 27 (2008).
 *
 * The estimate ages while no labels come: after d \> 1000 decisions without a label, each label counts in the bounds as
 * exp(−(d − 1000)/20000) labels. `faded` rests on m = B²/Q of the n labels, Q ← 1 + α²Q. Where n exceeds 1.5 m, the
 * bounds include those of `faded`: with few labels the window covers a long time, and answers may differ by now. They
 * differ by more than chance where (faded − p)² is above 1.96² p (1 − p) (1/m − 1/n); then the reason says so.
 *
 * After a change, even `faded` rests mostly on older labels. A third estimate, `latest`, fades by 0.98, so that it
 * rests on about a hundred labels. The bounds include those of `latest` while the world seems to have changed, and
 * where (latest − p)² is above half of its variance by chance.
 */
export class PrequentialAccuracy {
  readonly #answers: Uint8Array;
  readonly #truths: string[] = [];
  readonly #classes = new Map<string, Tally>();
  #heard = 0;
  #right = 0;
  readonly #faded: FadedShare;
  readonly #latest = new FadedShare(latestFading);

  /**
   * @param window - labelled samples in the window, at least 1
   * @param fading - α, 0..1
   */
  constructor(window: number, fading = 0.995) {
    this.#answers = new Uint8Array(window);
    this.#faded = new FadedShare(fading);
  }

  /**
   * Takes a label for an earlier answer.
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
    this.#faded.add(right);
    this.#latest.add(right);
  }

  /**
   * The estimate over the window; bounds of 0 and 1 before the first label.
   *
   * @param since - decisions since the last label
   * @param changed - the world seems to have changed during the latest labels
   */
  estimate(since = 0, changed = false): AccuracyEstimate {
    const samples = Math.min(this.#heard, this.#answers.length);
    const accuracy = samples > 0 ? this.#right / samples : NaN;
    const faded = this.#faded.share;
    const worth = since > patience ? Math.exp((patience - since) / lifetime) : 1;
    const bounds = wilson(worth * this.#right, worth * samples);
    const variance = accuracy * (1 - accuracy);
    const chance = (labels: number): number => variance * Math.max(0, worth / labels - 1 / samples);
    const older = (labels: number): boolean => 1.5 * labels < worth * samples;
    const [recent, latest] = [this.#faded, this.#latest].map((each) => each.bounds(worth));
    const differs = older(recent.labels) && (faded - accuracy) ** 2 > likely * chance(recent.labels);
    const doubted = (this.#latest.share - accuracy) ** 2 > suspected * chance(latest.labels);
    const held = [
      ...(older(recent.labels) ? [recent] : []),
      ...(older(latest.labels) && (changed || doubted) ? [latest] : []),
    ];
    const lower = Math.max(0, ...held.map(({ low }) => bounds.low - low));
    const higher = Math.max(0, ...held.map(({ high }) => high - bounds.high));
    const recalls = this.#recall(worth);
    return {
      ...{ accuracy, low: bounds.low - lower, high: bounds.high + higher, faded, samples },
      recall: recalls.recall,
      recallLow: Math.max(0, recalls.recallLow - lower),
      recallHigh: Math.min(1, recalls.recallHigh + higher),
      reason: reasonOf({ samples, since, worth, changed, difference: differs ? faded - accuracy : 0 }),
    };
  }

  /** The whole state: for each labelled sample in the window, oldest first, whether it was right, and its class. */
  get state(): PrequentialState {
    const samples = Math.min(this.#heard, this.#answers.length);
    // The names keep the order of the tallies, so that sums over them have the same bits after a restore.
    const names = [...this.#classes.keys()];
    const numbers = new Map(names.map((name, number) => [name, number]));
    const window = new Float64Array(2 * samples);
    for (let k = 0; k < samples; k++) {
      const at = (this.#heard - samples + k) % this.#answers.length;
      window[2 * k] = this.#answers[at];
      window[2 * k + 1] = numbers.get(this.#truths[at]) ?? 0;
    }
    return { names, window, faded: [...this.#faded.state, ...this.#latest.state] };
  }

  set state({ names, window, faded }: PrequentialState) {
    this.reset();
    for (const name of names) this.#classes.set(name, { right: 0, count: 0 });
    for (let at = 0; at < window.length; at += 2) this.add(window[at] === 1, names[window[at + 1]]);
    this.#faded.state = faded.slice(0, 2);
    // An older file lacks the latest labels. Those of the window, which were just added, take their place.
    if (faded.length === 4) this.#latest.state = faded.slice(2);
  }

  /** Share of a class in the window, 0..1; 0 for a class without labels. */
  shareOf(truth: string): number {
    const samples = Math.min(this.#heard, this.#answers.length);
    return samples > 0 ? (this.#classes.get(truth)?.count ?? 0) / samples : 0;
  }

  /** Classes in the window. */
  get classes(): number {
    return this.#classes.size;
  }

  /** Renames a class. Where another class has the new name, both become one. */
  rename(name: string, to: string): void {
    const { names, window, faded } = this.state;
    this.state = { names: names.map((each) => (each === name ? to : each)), window, faded };
  }

  /** Forgets everything. */
  reset(): void {
    this.#heard = this.#right = 0;
    this.#faded.state = this.#latest.state = [0, 0];
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

  #recall(worth: number): Pick<AccuracyEstimate, 'recall' | 'recallLow' | 'recallHigh'> {
    const classes = this.#classes.size;
    if (classes === 0) return { recall: NaN, recallLow: 0, recallHigh: 1 };
    let [sum, below, above] = [0, 0, 0];
    for (const { right, count } of this.#classes.values()) {
      const share = right / count;
      const { low, high } = wilson(worth * right, worth * count);
      sum += share;
      below += (share - low) ** 2;
      above += (high - share) ** 2;
    }
    const recall = sum / classes;
    const recallLow = Math.max(0, recall - Math.sqrt(below) / classes);
    return { recall, recallLow, recallHigh: Math.min(1, recall + Math.sqrt(above) / classes) };
  }
}

/** A share of right answers in which every label counts less than the next. */
class FadedShare {
  #right = 0;
  #count = 0;

  /** @param fading - α, 0..1 */
  constructor(readonly fading: number) {}

  /** Takes a label. */
  add(right: boolean): void {
    this.#right = Number(right) + this.fading * this.#right;
    this.#count = 1 + this.fading * this.#count;
  }

  /** S / B; NaN without labels. */
  get share(): number {
    return this.#right / this.#count;
  }

  /**
   * Bounds of the share, and the labels m that it rests on.
   *
   * @param worth - weight of each label, 0..1
   */
  bounds(worth: number): { readonly low: number; readonly high: number; readonly labels: number } {
    const [fading, count] = [this.fading, this.#count];
    const left = 1 - count * (1 - fading);
    const squares = fading < 1 ? (1 - left * left) / (1 - fading * fading) : count;
    const labels = squares > 0 ? (worth * count * count) / squares : 0;
    return { ...wilson(count > 0 ? this.share * labels : 0, labels), labels };
  }

  /** S and B. */
  get state(): readonly number[] {
    return [this.#right, this.#count];
  }

  set state([right, count]: readonly number[]) {
    this.#right = right;
    this.#count = count;
  }
}

/** What an estimate rests on. */
interface Grounds {
  readonly samples: number;
  readonly since: number;
  readonly worth: number;
  readonly changed: boolean;
  /** `faded` less the accuracy over the window; 0: they differ by no more than chance. */
  readonly difference: number;
}

// The number of decisions is rounded, so that the sentence does not change with every decision.
function reasonOf({ samples, since, worth, changed, difference }: Grounds): string {
  if (samples === 0)
    return 'no label of a sample drawn at random has come: other labels do not show how often answers are right';
  const rests = `from the last ${samples} labels of samples drawn at random`;
  const old = worth < 1 ? `; none has come for ${Number(since.toPrecision(1))} decisions: bounds widen` : '';
  const change = changed ? '; the world seems to have changed: bounds widen until labels tell' : '';
  const recent = difference === 0 ? '' : `; the latest were right ${difference < 0 ? 'less' : 'more'} often`;
  return `${rests}${old}${change}${recent}`;
}

// Correction of the profile: how much better or worse the network does. r = right − expected at the point that was
// used, for every label of weight w; α is the fading factor:
//
//   S ← αS + w r     B ← αB + w     Q ← αQ + w²          at every decision S, B and Q fade by φ
//   n = B² / Q       correction = S/B · n/(n + v/τ²)      deviation = √(v / (n + v/τ²))
//
// A normal prior of mean 0 and deviation τ shrinks the mean of the residuals. With few labels the correction is small
// and its deviation wide; the deviation widens again when labels stop. v = p (1 − p) is the variance of one label.

/** τ: how far a profile may be off before the first label, since it may be from another day or from other data. */
const prior = 0.1;
/** φ: an observation loses a factor of e in 20,000 decisions. */
const fade = Math.exp(-1 / 20_000);
/** After a change, everything observed before counts as at most this many labels. */
const doubted = 20;
/** Bounds of p, so that a run of right answers does not look certain. */
const [lowest, highest] = [0.05, 0.95];

/** A correction of expected accuracies, and its standard deviation. */
export interface CorrectionEstimate {
  readonly correction: number;
  readonly deviation: number;
}

/** Estimates a {@link CorrectionEstimate} from labels. */
export class Correction {
  #sum = 0;
  #weight = 0;
  #squares = 0;
  #variance = lowest * highest;

  /** @param fading - α, 0..1 */
  constructor(readonly fading: number) {}

  /** Lets the estimate age, after each decision. */
  age(): void {
    this.#fade(fade);
  }

  /**
   * Takes a label.
   *
   * @param expected - expected accuracy at the point where the sample was answered, 0..1
   * @param weight - above 0; 1 where all labels count alike
   */
  add(right: boolean, expected: number, weight = 1): void {
    this.#fade(this.fading);
    this.#sum += weight * (Number(right) - expected);
    this.#weight += weight;
    this.#squares += weight * weight;
    const share = Math.min(highest, Math.max(lowest, expected + this.#sum / this.#weight));
    this.#variance = share * (1 - share);
  }

  /** Lets everything observed so far count as a few labels only, since the world has changed. */
  doubt(): void {
    if (this.#weight > doubted) this.#fade(doubted / this.#weight);
  }

  /**
   * Raises the expectation at every point. Past observations are kept and compared with the new expectation.
   *
   * @param by - how much more is expected, -1..1
   */
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

  /** The current estimate. */
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

/** What labels and margins say about the network, in addition to its profile. */
export interface Observation extends CorrectionEstimate {
  /** How much worse answers seem to have become, from their margins alone, 0..1. */
  readonly warning: number;
  /** Labels show that the world has changed for the worse, but not yet by how much. */
  readonly drift: boolean;
}

/** An answer, as the monitor sees it. */
export interface AnswerFacts {
  /** Number of the sample. */
  readonly sample: number;
  /** 0..1 */
  readonly confidence: number;
  /** Expected value of the measure at the operating point, 0..1; `undefined` where it has no profile. */
  readonly expected: number | undefined;
  /** Identifies the operating point. */
  readonly point: number;
}

/** State of an {@link AccuracyMonitor}. */
export interface AccuracyState extends PrequentialState {
  /** Four numbers for each answer that may still get a label: sample, confidence, expected (−∞: no profile), point. */
  readonly answers: readonly number[];
  readonly correction: readonly number[];
  readonly changes: readonly number[];
  readonly margins: readonly number[];
  /**
   * Labels and decisions since a change for the worse, decisions since the last label, and labels since a sign of
   * change.
   */
  readonly drift: readonly number[];
}

/** Settings of a monitor. */
export interface AccuracySettings {
  /** Labelled samples in the window of the estimate, 10..100000. */
  readonly window: number;
  /** Fading factor α, 0..1. */
  readonly fading: number;
  /** Share of right answers, or its mean over the classes. */
  readonly measure: 'accuracy' | 'recall';
}

/** Labels after a change before the new mean is trusted; or decisions, where labels stop. */
const changeLabels = 300;
const changeDecisions = 20_000;
/** Maximum weight of a label of a rare class, so that one label does not decide. */
const mostWeight = 10;

/**
 * Estimates the accuracy of the answers from labels, however late they come, and from margins. A label is compared with
 * the expectation at the operating point where its sample was answered.
 */
export class AccuracyMonitor {
  readonly #prequential: PrequentialAccuracy;
  readonly #correction: Correction;
  readonly #changes = new AdaptiveWindow();
  readonly #margins = new MarginWatch();
  readonly #answers: (AnswerFacts | undefined)[];
  #changeLabels = Infinity;
  #changeDecisions = Infinity;
  /** Decisions since the last label, and labels since the last sign that the world has changed. */
  #since = 0;
  #sinceSign = Infinity;

  /** @param memory - recent samples for which a label may still come */
  constructor(
    readonly settings: AccuracySettings,
    memory: number,
  ) {
    this.#prequential = new PrequentialAccuracy(settings.window, settings.fading);
    this.#correction = new Correction(settings.fading);
    this.#answers = Array.from({ length: memory }, () => undefined);
  }

  /** Takes an answer. */
  answered(facts: AnswerFacts): void {
    this.#answers[facts.sample % this.#answers.length] = facts;
    this.#correction.age();
    this.#changeDecisions++;
    this.#since++;
    this.#margins.answered(facts.confidence, facts.point);
  }

  /**
   * Takes a label for a sample.
   *
   * @param truth - the class that the label names
   * @param alarm - the alarm of the learning is on: known classes are suddenly answered wrong
   */
  labelled(sample: number, right: boolean, truth: string, alarm = false): void {
    this.#prequential.add(right, truth);
    this.#since = 0;
    this.#sinceSign = alarm ? 0 : this.#sinceSign + 1;
    const facts = this.#answers[sample % this.#answers.length];
    if (facts?.sample !== sample) return; // answered too long ago, or before a reset: its point is not known
    this.#margins.labelled(facts.confidence, right, facts.point);
    if (facts.expected === undefined) return;
    this.#correction.add(right, facts.expected, this.#weight(truth));
    this.#watch(Number(right) - facts.expected);
  }

  /** Accuracy, mean recall and their bounds over the window. */
  estimate(): AccuracyEstimate {
    return this.#prequential.estimate(this.#since, this.#sinceSign < latestLabels);
  }

  /** Input of the controller. */
  observed(): Observation {
    const drift = this.#changeLabels < changeLabels && this.#changeDecisions < changeDecisions;
    return { ...this.#correction.estimate(), warning: this.#margins.warning, drift };
  }

  /**
   * Raises the expectation after the profile was measured again. Past observations are compared with the new
   * expectation.
   *
   * @param by - how much more is expected, -1..1
   */
  expectMore(by: number): void {
    this.#correction.expectMore(by);
    this.#changes.shift(-by);
    this.#answers.forEach((facts, at) => {
      if (facts?.expected !== undefined) this.#answers[at] = { ...facts, expected: facts.expected + by };
    });
  }

  /** The whole state as numbers and class names; a copy. */
  get state(): AccuracyState {
    const { names, window, faded } = this.#prequential.state;
    const answers = this.#answers.flatMap((facts) => {
      return facts === undefined ? [] : [facts.sample, facts.confidence, facts.expected ?? -Infinity, facts.point];
    });
    return {
      ...{ names, window, faded, answers },
      ...{ correction: this.#correction.state, changes: this.#changes.state, margins: this.#margins.state },
      drift: [this.#changeLabels, this.#changeDecisions, this.#since, this.#sinceSign],
    };
  }

  set state({ names, window, faded, answers, correction, changes, margins, drift }: AccuracyState) {
    this.#prequential.state = { names, window, faded };
    this.#correction.state = correction;
    this.#changes.state = changes;
    this.#margins.state = margins;
    [this.#changeLabels, this.#changeDecisions] = drift;
    // Older files lack these: bounds did not age when they were written.
    this.#since = drift.at(2) ?? 0;
    this.#sinceSign = drift.at(3) ?? Infinity;
    this.#answers.fill(undefined);
    for (let at = 0; at < answers.length; at += 4) {
      const [sample, confidence, expected, point] = answers.slice(at, at + 4);
      const known = expected === -Infinity ? undefined : expected;
      const place = sample % this.#answers.length;
      // A monitor with a longer memory may have written the state: the newest answers are kept, as in the label buffer.
      if ((this.#answers[place]?.sample ?? -1) > sample) continue;
      this.#answers[place] = { sample, confidence, expected: known, point };
    }
  }

  /** Renames a class. Where another class has the new name, both become one. */
  renameClass(name: string, to: string): void {
    this.#prequential.rename(name, to);
  }

  /** Forgets everything. */
  reset(): void {
    this.#prequential.reset();
    this.#correction.reset();
    this.#changes.reset();
    this.#margins.reset();
    this.#answers.fill(undefined);
    this.#changeLabels = this.#changeDecisions = Infinity;
    this.#since = 0;
    this.#sinceSign = Infinity;
  }

  // Mean recall weighs all classes alike, however rare they are.
  #weight(truth: string): number {
    if (this.settings.measure === 'accuracy') return 1;
    const fair = 1 / this.#prequential.classes;
    return Math.min(mostWeight, fair / this.#prequential.shareOf(truth));
  }

  #watch(residual: number): void {
    this.#changeLabels++;
    const change = this.#changes.add(residual);
    if (change === 0) return;
    this.#correction.doubt();
    this.#sinceSign = 0;
    // A change for the better is no reason to spend more energy.
    this.#changeLabels = this.#changeDecisions = change < 0 ? 0 : Infinity;
  }
}
