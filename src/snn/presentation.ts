import type { OperationCounts } from './operation-counts.js';

/** Which samples are learned; `novel`: those that are not familiar, which only lean detects (kernel/present.ts). */
export type Learning = boolean | 'novel';

/** Result of presenting one sample. The network reuses one such object. Its lists are views of kernel memory. */
export interface Presentation {
  /** Index of the class with the most votes; -1: no votes. */
  answer: number;
  /** Share of that class in all votes, 0..1. */
  confidence: number;
  /** Its lead over the second class, in votes. */
  lead: number;
  /** Timesteps run; fewer than T after an early exit. */
  timestepsRun: number;
  /** The network learned from the sample. */
  learned: boolean;
  /** No input was active, so nothing changed. */
  silent: boolean;
  /** Only novel samples are learned, and this one was familiar. */
  familiar: boolean;
  /** Neurons that fired, in the order of their first spike, and the number of spikes of each. */
  readonly fired: Int32Array;
  readonly firedSpikes: Int32Array;
  firedCount: number;
  /** The first 512 spikes, in order: timestep (from 1) × 2^16 + neuron. */
  readonly raster: Uint32Array;
  spikesListed: number;
  /** The nearest neurons, best first. */
  readonly nearest: Int32Array;
  nearestCount: number;
  /** Cost of the net; a new object for every presentation. */
  operations: OperationCounts;
  /** The given answer: the result of later stages. Everything above is of the net alone and does not depend on it. */
  readonly given: GivenAnswer;
}

/**
 * The answer after the class neurons (kernel/class-votes.ts) and the linear readout, if there is one. Where class
 * neurons were not read, their stage leaves the net answer as it is.
 */
export interface GivenAnswer {
  /** As in {@link Presentation}. */
  answer: number;
  confidence: number;
  lead: number;
  /** Class of the class neuron with the largest drive; -1: class neurons were not read. */
  classAnswer: number;
  /** Answer of the votes, including those of class neurons. */
  voted: number;
  /** Answer of the linear readout alone, and together with the votes where it is trusted; -1: there is none. */
  linear: number;
  trusting: number;
  /** The linear readout decided. */
  decided: boolean;
  /** Cost of the whole presentation, net and later stages; a new object for every presentation. */
  operations: OperationCounts;
}

/** The neurons that fired in a sample, and the nearest neurons. */
export type Firing = Pick<Presentation, 'fired' | 'firedSpikes' | 'firedCount' | 'nearest' | 'nearestCount'>;
