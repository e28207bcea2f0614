import type { OperationCounts } from './operation-counts.js';

/** Whether a sample is learned; `novel`: unless it is familiar, which only the lean way tells (kernel/present.ts). */
export type Learning = boolean | 'novel';

/** What the presentation of one sample told. The network reuses one such object, and its lists lie in kernel memory. */
export interface Presentation {
  /** Index of the class with most votes; -1: nobody votes. */
  answer: number;
  /** Share of that class in all votes, 0..1. */
  confidence: number;
  /** Its lead over the second, in votes. */
  lead: number;
  /** Timesteps that were run; fewer than T after an early exit. */
  timestepsRun: number;
  /** The network learned from the sample. */
  learned: boolean;
  /** No input was active: nothing happened at all. */
  silent: boolean;
  /** It was known so well that nothing was learned, where only novel samples are. */
  familiar: boolean;
  /** Neurons that fired, in the order of their first spike, and their spikes. */
  readonly fired: Int32Array;
  readonly firedSpikes: Int32Array;
  firedCount: number;
  /** Spikes in their order, the first 512: timestep from 1 × 2^16 + neuron. */
  readonly raster: Uint32Array;
  spikesTold: number;
  /** The nearest neurons, best first. */
  readonly nearest: Int32Array;
  nearestCount: number;
  /** What it cost; a new object at every presentation. */
  operations: OperationCounts;
  /** The answer that is given: what later stages made of the votes. All above is net and knows nothing of it. */
  readonly given: GivenAnswer;
}

/**
 * What class neurons made of the net votes (kernel/class-votes.ts), where they were not read the net answer; and what a linear
 * readout made of that, where there is one.
 */
export interface GivenAnswer {
  /** As of {@link Presentation}. */
  answer: number;
  confidence: number;
  lead: number;
  /** The class neuron with the largest drive; -1: they were not read. */
  classAnswer: number;
  /** The answer of the votes, class neurons included. */
  voted: number;
  /** What a linear readout says alone, and together with the votes where it is trusted; -1: there is none. */
  linear: number;
  trusting: number;
  /** It is the linear readout that decided. */
  decided: boolean;
  /** What the presentation cost in all, net and later stages; a new object at every presentation. */
  operations: OperationCounts;
}

/** Who fired in a sample, and who came nearest. */
export type Firing = Pick<Presentation, 'fired' | 'firedSpikes' | 'firedCount' | 'nearest' | 'nearestCount'>;
