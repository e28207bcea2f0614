import { AdaptiveWindow } from './adaptive-window.js';
import { Correction, type CorrectionEstimate } from './correction.js';
import { MarginWatch } from './margins.js';
import { PrequentialAccuracy, type AccuracyEstimate, type PrequentialState } from './prequential.js';

/** What is observed of the network beside its profile. */
export interface Observation extends CorrectionEstimate {
  /** By how much answers seem to have become worse, from their margins alone, 0..1. */
  readonly warning: number;
  /** The labels say that the world has changed, and not yet what it has changed to. */
  readonly drift: boolean;
}

/** An answer as the monitor hears of it. */
export interface AnswerFacts {
  /** Number of the sample. */
  readonly sample: number;
  /** 0..1 */
  readonly confidence: number;
  /** Expected accuracy of the operating point in the measure, 0..1; `undefined` where it has no profile. */
  readonly expected: number | undefined;
  /** By which the point is known. */
  readonly point: number;
}

/** What an {@link AccuracyMonitor} has heard. */
export interface AccuracyState extends PrequentialState {
  /** Four numbers an answer for which a label may come: sample, confidence, expected (−∞: no profile), point. */
  readonly answers: readonly number[];
  readonly correction: readonly number[];
  readonly changes: readonly number[];
  readonly margins: readonly number[];
  /** Labels and decisions since a change for the worse. */
  readonly drift: readonly number[];
}

/** Settings of a monitor. */
export interface AccuracySettings {
  /** Labelled samples that the estimate looks back, 10..100000. */
  readonly window: number;
  /** Fading factor, 0..1. */
  readonly fading: number;
  /** Share of right answers, or its mean over the classes. */
  readonly measure: 'accuracy' | 'recall';
}

/** Labels after a change before the new mean is believed, and decisions where labels stop. */
const changeLabels = 300;
const changeDecisions = 20_000;
/** Heaviest label of a rare class, so that one label does not decide. */
const mostWeight = 10;

/**
 * Everything that is known of how right the answers are: from labels, however late they come, and from margins. A label
 * is compared with what was expected at the point where its sample was answered.
 */
export class AccuracyMonitor {
  readonly #prequential: PrequentialAccuracy;
  readonly #correction: Correction;
  readonly #changes = new AdaptiveWindow();
  readonly #margins = new MarginWatch();
  readonly #answers: (AnswerFacts | undefined)[];
  #changeLabels = Infinity;
  #changeDecisions = Infinity;

  /** @param memory - recent samples for which a label may still come */
  constructor(
    readonly settings: AccuracySettings,
    memory: number,
  ) {
    this.#prequential = new PrequentialAccuracy(settings.window, settings.fading);
    this.#correction = new Correction(settings.fading);
    this.#answers = Array.from({ length: memory }, () => undefined);
  }

  /** An answer was given. */
  answered(facts: AnswerFacts): void {
    this.#answers[facts.sample % this.#answers.length] = facts;
    this.#correction.age();
    this.#changeDecisions++;
    this.#margins.answered(facts.confidence, facts.point);
  }

  /**
   * A label came for a sample.
   *
   * @param truth - the class that it names
   */
  labelled(sample: number, right: boolean, truth: string): void {
    this.#prequential.add(right, truth);
    const facts = this.#answers[sample % this.#answers.length];
    if (facts?.sample !== sample) return; // answered before all was forgotten: its point is not known any more
    this.#margins.labelled(facts.confidence, right, facts.point);
    if (facts.expected === undefined) return;
    this.#correction.add(right, facts.expected, this.#weight(truth));
    this.#watch(Number(right) - facts.expected);
  }

  /** Share of right answers, mean recall and their bounds, over the window. */
  estimate(): AccuracyEstimate {
    return this.#prequential.estimate();
  }

  /** What the controller needs to know. */
  observed(): Observation {
    const drift = this.#changeLabels < changeLabels && this.#changeDecisions < changeDecisions;
    return { ...this.#correction.estimate(), warning: this.#margins.warning, drift };
  }

  /** The profile was measured anew and expects more by so much, -1..1: what was observed is compared with that from now on. */
  expectMore(by: number): void {
    this.#correction.expectMore(by);
    this.#changes.shift(-by);
    this.#answers.forEach((facts, at) => {
      if (facts?.expected !== undefined) this.#answers[at] = { ...facts, expected: facts.expected + by };
    });
  }

  /** Everything that was heard, as numbers and the names of classes; a copy. */
  get state(): AccuracyState {
    const { names, window, faded } = this.#prequential.state;
    const answers = this.#answers.flatMap((facts) => {
      return facts === undefined ? [] : [facts.sample, facts.confidence, facts.expected ?? -Infinity, facts.point];
    });
    return {
      ...{ names, window, faded, answers },
      ...{ correction: this.#correction.state, changes: this.#changes.state, margins: this.#margins.state },
      drift: [this.#changeLabels, this.#changeDecisions],
    };
  }

  set state({ names, window, faded, answers, correction, changes, margins, drift }: AccuracyState) {
    this.#prequential.state = { names, window, faded };
    this.#correction.state = correction;
    this.#changes.state = changes;
    this.#margins.state = margins;
    [this.#changeLabels, this.#changeDecisions] = drift;
    this.#answers.fill(undefined);
    for (let at = 0; at < answers.length; at += 4) {
      const [sample, confidence, expected, point] = answers.slice(at, at + 4);
      const known = expected === -Infinity ? undefined : expected;
      const place = sample % this.#answers.length;
      // A longer memory may have written it: the newest count, as in the memory of samples.
      if ((this.#answers[place]?.sample ?? -1) > sample) continue;
      this.#answers[place] = { sample, confidence, expected: known, point };
    }
  }

  /** A class is called otherwise from now on, perhaps as another. */
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
  }

  // Mean recall weighs every class alike, however rarely it is met.
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
    // A change for the better is no reason to spend more.
    this.#changeLabels = this.#changeDecisions = change < 0 ? 0 : Infinity;
  }
}
