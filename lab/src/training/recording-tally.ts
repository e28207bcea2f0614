import { wilson } from 'topspark/accuracy/wilson.js';
import type { Answer } from 'topspark/classifier/answer.js';
import type { OnlineClassifier } from 'topspark/classifier/online-classifier.js';

/** Accuracy over recordings, each decided by the votes of all its windows. Shares 0..1. */
export interface RecordingAccuracy {
  readonly recordings: number;
  /** Mean number of windows per recording. */
  readonly windows: number;
  readonly accuracy: number;
  readonly accuracyLow: number;
  readonly accuracyHigh: number;
}

/** Adds up the votes of the windows of each recording. Its answer is the class with most votes. */
export class RecordingTally {
  readonly #votes = new Map<string, number>();
  #windows = 0;
  #recordings = 0;
  #right = 0;

  /**
   * @param ends - as in the split: 1 for the last window of each recording
   * @param classifier - gives the answers that are added, in the order of the split
   */
  constructor(
    readonly ends: Uint8Array,
    readonly classifier: Pick<OnlineClassifier, 'classes'>,
  ) {}

  /** Adds the answer to the next window. */
  add({ scores }: Pick<Answer, 'scores'>, truth: string): void {
    for (const [k, name] of this.classifier.classes.entries()) {
      this.#votes.set(name, (this.#votes.get(name) ?? 0) + scores[k]);
    }
    if (this.ends[this.#windows++] === 0) return;
    // If no window had a vote, there is no answer.
    const [best] = [...this.#votes].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0]);
    this.#recordings++;
    this.#right += Number(best === truth);
    this.#votes.clear();
  }

  /** Results so far. */
  get accuracy(): RecordingAccuracy {
    const { low, high } = wilson(this.#right, this.#recordings);
    return {
      ...{ recordings: this.#recordings, windows: this.#windows / this.#recordings },
      ...{ accuracy: this.#right / this.#recordings, accuracyLow: low, accuracyHigh: high },
    };
  }
}

/** Returns the report's line on recordings; none where samples are not windows. */
export function recordingsLine({ recordings }: { readonly recordings?: RecordingAccuracy }): string[] {
  if (recordings === undefined) return [];
  const { accuracy, recordings: count, windows } = recordings;
  return [
    `recordings ${(100 * accuracy).toFixed(2)} % of ${count}, by the votes of ${windows.toFixed(1)} windows each`,
  ];
}
