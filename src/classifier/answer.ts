import type { ReportedAnswer } from './certainty.js';
import type { OperationCounts } from '../snn/operation-counts.js';

/** Stages that may decide an answer: the votes of the net alone, the votes with class neurons, or a linear readout. */
export const readouts = ['net', 'class_neurons', 'linear'] as const;

/** One of {@link readouts}. */
export type Readout = (typeof readouts)[number];

/** An answer by votes. */
export interface VotedAnswer {
  /** Class name; empty while nothing is known, and for a silent sample. */
  readonly label: string;
  /** Share of that class in all votes, 0..1. */
  readonly confidence: number;
  /** Votes of each class, in the order of `classes`; a view, valid until the next sample. */
  readonly scores: Float32Array;
  /** Lead of the first class over the second, in votes. */
  readonly lead: number;
}

/** The network's answer to one sample. The answer itself is the given one; the answer of the net alone is in `net`. */
export interface Answer extends VotedAnswer {
  /** Number of the sample, from 0. */
  readonly sample: number;
  /** What the decision reports: certainty, and the class, empty where the sample is unknown. */
  readonly reported: ReportedAnswer & { readonly label: string };
  /** Stage that decided it; `linear` where the linear readout is trusted, or the votes would have differed. */
  readonly readout: Readout;
  /** The answer of the votes, class neurons included, and of the linear readout alone; absent where there is none. */
  readonly readouts?: { readonly votes: string; readonly linear: string } | undefined;
  /** The answer of the net's votes alone, by which the network judges itself. */
  readonly net: VotedAnswer & { readonly operations: Readonly<OperationCounts> };
  /** Timesteps run; fewer than T after an early exit. */
  readonly timestepsRun: number;
  /** Whether the network learned from the sample. */
  readonly learned: boolean;
  /** Whether the sample was too familiar to learn, where only novel samples are learned. */
  readonly familiar: boolean;
  /** Cost of the presentation, all stages together. */
  readonly operations: Readonly<OperationCounts>;
}
