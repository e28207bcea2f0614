import type { OperationCounts } from './operation-counts.js';

/** Which samples are learned; `novel`: those that are not familiar, which only lean can detect (kernel/present.ts). */
export type Learning = boolean | 'novel';

/** Result of presenting one sample. The network reuses one such object, and its lists lie in kernel memory. */
export interface Presentation {
  /** Index of the class with most votes; -1: no votes. */
  answer: number;
  /** Share of that class in all votes, 0..1. */
  confidence: number;
  /** Its lead over the second, in votes. */
  lead: number;
  /** Timesteps run; fewer than T after an early exit. */
  timestepsRun: number;
  /** The network learned from the sample. */
  learned: boolean;
  /** No input was active: nothing happened. */
  silent: boolean;
  /** It was too familiar to learn, where only novel samples are learned. */
  familiar: boolean;
  /** Neurons that fired, in the order of their first spike, and their spikes. */
  readonly fired: Int32Array;
  readonly firedSpikes: Int32Array;
  firedCount: number;
  /** Spikes in their order, the first 512: timestep from 1 × 2^16 + neuron. */
  readonly raster: Uint32Array;
  spikesListed: number;
  /** The nearest neurons, best first. */
  readonly nearest: Int32Array;
  nearestCount: number;
  /** Its cost; a new object for every presentation. */
  operations: OperationCounts;
  /** The given answer: the result of later stages. Everything above is net and does not depend on it. */
  readonly given: GivenAnswer;
}

/**
 * The answer after the class neurons (kernel/class-votes.ts), or the net answer where they were not read; and after a
 * linear readout, where there is one.
 */
export interface GivenAnswer {
  /** As in {@link Presentation}. */
  answer: number;
  confidence: number;
  lead: number;
  /** The class neuron with the largest drive; -1: they were not read. */
  classAnswer: number;
  /** The answer of the votes, class neurons included. */
  voted: number;
  /** Answer of a linear readout alone, and together with the votes where it is trusted; -1: there is none. */
  linear: number;
  trusting: number;
  /** The linear readout decided. */
  decided: boolean;
  /** Cost of the whole presentation, net and later stages; a new object for every presentation. */
  operations: OperationCounts;
}

/** Neurons that fired in a sample, and those that came nearest. */
export type Firing = Pick<Presentation, 'fired' | 'firedSpikes' | 'firedCount' | 'nearest' | 'nearestCount'>;
