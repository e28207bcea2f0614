import type { Answer } from 'topspark/classifier/answer.js';

/** Counts which class was taken for which, and when decisions ended. */
export class Tally {
  /** Rows: true class; columns: answer, and last the samples without one. */
  readonly confusion: number[][];
  samples = 0;
  #steps = 0;
  #early = 0;

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

  /** Enters one answer. */
  add(answer: Answer, _right: boolean, truth: number): void {
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

  /** Mean recall over the classes that had a sample, 0..1. */
  get recall(): number {
    const recalls = this.confusion.flatMap((row, truth) => {
      const samples = row.reduce((a, b) => a + b, 0);
      return samples === 0 ? [] : [row[truth] / samples];
    });
    return recalls.reduce((a, b) => a + b, 0) / recalls.length;
  }
}
