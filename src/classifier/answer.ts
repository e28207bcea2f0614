import type { OperationCounts } from '../snn/operation-counts.js';

/** What the network makes of one sample. */
export interface Answer {
  /** Number of the sample, from 0. */
  readonly sample: number;
  /** Class name; empty while nothing is known, and for a silent sample. */
  readonly label: string;
  /** Share of that class in all votes, 0..1. */
  readonly confidence: number;
  /** Votes of each class, in the order of `classes`; a view that holds until the next sample. */
  readonly scores: Float32Array;
  /** Lead of the first class over the second, in votes. */
  readonly lead: number;
  /** Timesteps that were run; fewer than T after an early exit. */
  readonly timestepsRun: number;
  /** The network learned from the sample. */
  readonly learned: boolean;
  /** The network knew it so well that it did not, where only novel samples are learned. */
  readonly familiar: boolean;
  /** What the presentation cost. */
  readonly operations: Readonly<OperationCounts>;
}
