import type { Answer } from 'topspark/classifier/answer.js';
import type { StageAccuracies } from './train-result.js';

/** Counts which class was answered for which, and when decisions ended. */
export class Tally {
  /** Rows: true class. Columns: answer; the last column counts samples without an answer. */
  readonly confusion: number[][];
  samples = 0;
  #steps = 0;
  #early = 0;
  readonly #right = { votes: 0, linear: 0 };
  #both = false;

  /**
   * @param classNames - in the order of their indices
   * @param timesteps - T
   */
  constructor(
    readonly classNames: readonly string[],
    readonly timesteps: number,
  ) {
    this.confusion = classNames.map(() => Array<number>(classNames.length + 1).fill(0));
  }

  add(answer: Answer, _right: boolean, truth: number): void {
    const { readouts } = answer;
    if (readouts) {
      this.#both = true;
      for (const stage of ['votes', 'linear'] as const) {
        this.#right[stage] += Number(readouts[stage] === this.classNames[truth]);
      }
    }
    const named = this.classNames.indexOf(answer.label);
    this.confusion[truth][named < 0 ? this.classNames.length : named]++;
    this.samples++;
    this.#steps += answer.timestepsRun;
    this.#early += Number(answer.timestepsRun < this.timesteps);
  }

  /** Mean timesteps that were run. */
  get timestepsRun(): number {
    return this.#steps / this.samples;
  }

  /** Share of the samples whose decision ended before the last timestep, 0..1. */
  get early(): number {
    return this.#early / this.samples;
  }

  /** Accuracy of the votes and of a linear readout, 0..1; `undefined`: there is no linear readout. */
  get readouts(): StageAccuracies | undefined {
    const { votes, linear } = this.#right;
    return this.#both ? { votes: votes / this.samples, linear: linear / this.samples } : undefined;
  }

  /** Mean recall over the classes that had samples, 0..1. */
  get recall(): number {
    const recalls = this.confusion.flatMap((row, truth) => {
      const samples = row.reduce((a, b) => a + b, 0);
      return samples === 0 ? [] : [row[truth] / samples];
    });
    return recalls.reduce((a, b) => a + b, 0) / recalls.length;
  }
}
