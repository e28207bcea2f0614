import type { Answer } from 'topspark/classifier/answer.js';
import type { LabelCost } from 'topspark/energy/energy-account.js';
import {
  type FrontEndCounts,
  frontEndNames,
  type OperationCounts,
  operationNames,
} from 'topspark/snn/operation-counts.js';

/** Operations of front end and network. */
export type AllCounts = OperationCounts & FrontEndCounts;

const zero = (): AllCounts =>
  Object.fromEntries([...operationNames, ...frontEndNames].map((name) => [name, 0])) as never;

/** Adds up what presentations cost and how many answers were right. */
export class Meter {
  samples = 0;
  right = 0;
  /** Samples that were known too well to be learned. */
  familiar = 0;
  /** Share of right answers in each full window of samples. */
  readonly windows: number[] = [];
  readonly #operations = zero();
  #microseconds = 0;
  #rightBefore = 0;

  /** @param window - samples per entry of `windows` */
  constructor(readonly window: number) {}

  /** Adds one answer. */
  add(answer: Pick<Answer, 'operations' | 'familiar'>, right: boolean): void {
    this.samples++;
    this.right += Number(right);
    this.familiar += Number(answer.familiar);
    for (const name of operationNames) this.#operations[name] += answer.operations[name];
    if (this.samples % this.window !== 0) return;
    this.windows.push((this.right - this.#rightBefore) / this.window);
    this.#rightBefore = this.right;
  }

  /** Adds the work of encoding a sample. */
  addFrontEnd(work: Readonly<FrontEndCounts>): void {
    for (const name of frontEndNames) this.#operations[name] += work[name];
  }

  /** Adds the cost of a label, beyond that of its sample. */
  addLabel({ labelUpdates, plasticityUpdates }: LabelCost): void {
    this.#operations.labelUpdates += labelUpdates;
    this.#operations.plasticityUpdates += plasticityUpdates;
  }

  /** Adds CPU time [µs] of samples that were already added. */
  addTime(microseconds: number): void {
    this.#microseconds += microseconds;
  }

  /** CPU time per sample [µs]. */
  microsecondsPerSample(): number {
    return this.#microseconds / this.samples;
  }

  /** Mean operations per sample. */
  operationsPerSample(): AllCounts {
    const mean = zero();
    for (const name of [...operationNames, ...frontEndNames]) mean[name] = this.#operations[name] / this.samples;
    return mean;
  }
}
