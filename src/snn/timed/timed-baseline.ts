/** Encodings of intensities as spikes, in the kernel's order (kernel/timed/constants.ts). */
export const spikeEncodings = ['poisson', 'regular', 'direct', 'ttfs'] as const;

/** Name of a spike encoding; `ttfs` is time to first spike. */
export type SpikeEncoding = (typeof spikeEncodings)[number];

/** Plasticity rules, in the kernel's order. */
export const spikeRules = ['pair', 'expected', 'adaptive'] as const;

/** Name of a plasticity rule. */
export type SpikeRule = (typeof spikeRules)[number];

/** Maximum number of timesteps of a sample. */
export const mostTimesteps = 1000;

/** Constants of a network with spikes in time; the kernel rounds each to float32. */
export interface TimedBaseline {
  readonly encoding: SpikeEncoding;
  readonly rule: SpikeRule;
  /** S: sum of a neuron's weights. */
  readonly columnSum: number;
  /** k / 100: an input of intensity x has the expected trace x / (x + traceHalf·X); X is the sum of intensities. */
  readonly traceHalf: number;
  /** Vth and Vreset, above rest. */
  readonly threshold: number;
  readonly reset: number;
  /** A spike lowers the voltage of every other neuron by this amount. */
  readonly inhibition: number;
  /** θ₊ per spike. */
  readonly thetaPlus: number;
  /** η_post and η_pre. */
  readonly ratePost: number;
  readonly ratePre: number;
  /** n_th of the adaptive rule: spikes of the busiest neuron per unit of its potentiation factor. */
  readonly spikesPerFactor: number;
  /** Slow decay of the adaptive rule: share of every weight kept at each 32nd learned sample. */
  readonly weightKeep: number;
  /** Evidence kept per spike of a labelled sample. */
  readonly forget: number;
  /** λ: added to a neuron's total evidence, so that a neuron with little evidence has small votes. */
  readonly lambda: number;
  /** exp(−k/τ_stdp) after k steps, k = 0..mostTimesteps. */
  readonly trace: Float32Array;
}
