import type { ToldAnswer } from './certainty.js';
import type { OperationCounts } from '../snn/operation-counts.js';

/** The stages that may decide an answer: the votes of the net as they are, together with class neurons, or a linear readout. */
export const readouts = ['net', 'class_neurons', 'linear'] as const;

/** One of {@link readouts}. */
export type Readout = (typeof readouts)[number];

/** An answer by votes. */
export interface VotedAnswer {
  /** Class name; empty while nothing is known, and for a silent sample. */
  readonly label: string;
  /** Share of that class in all votes, 0..1. */
  readonly confidence: number;
  /** Votes of each class, in the order of `classes`; a view that holds until the next sample. */
  readonly scores: Float32Array;
  /** Lead of the first class over the second, in votes. */
  readonly lead: number;
}

/** What the network makes of one sample. The answer is the one that is given; what the net alone says stands beside it. */
export interface Answer extends VotedAnswer {
  /** Number of the sample, from 0. */
  readonly sample: number;
  /** What is told of it: how sure it is, and the class, empty where the sample is unknown. */
  readonly told: ToldAnswer & { readonly label: string };
  /** Which stage decided it; `linear` where the linear readout is trusted, or the votes would have said something else. */
  readonly readout: Readout;
  /** What the votes say, class neurons included, and the linear readout by itself; absent where there is none. */
  readonly readouts?: { readonly votes: string; readonly linear: string };
  /** What the votes of the net alone say: by it the network judges itself. */
  readonly net: VotedAnswer & { readonly operations: Readonly<OperationCounts> };
  /** Timesteps that were run; fewer than T after an early exit. */
  readonly timestepsRun: number;
  /** The network learned from the sample. */
  readonly learned: boolean;
  /** The network knew it so well that it did not, where only novel samples are learned. */
  readonly familiar: boolean;
  /** What the presentation cost, all stages together. */
  readonly operations: Readonly<OperationCounts>;
}
