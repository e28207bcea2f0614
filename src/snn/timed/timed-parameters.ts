/** The kernel's parameters of one sample with spikes in time (kernel/timed/point.ts). A policy derives them from T. */
export interface TimedParameters {
  /** T. */
  readonly steps: number;
  /** exp(−1/τm): share of a voltage that remains after a step. */
  readonly decay: number;
  /** Σ p_i: input spikes per step, r_in / 10 Hz. */
  readonly density: number;
  /** 1 / g: instead of multiplying every weight by the gain, thresholds, reset and inhibition are divided by it. */
  readonly unit: number;
  /** Steps after a spike in which a neuron takes no input. */
  readonly refractory: number;
  /** exp(−T/τθ): share of a threshold that remains after a learned sample. */
  readonly thetaDecay: number;
  /** Steps in one window of the adaptive rule. */
  readonly window: number;
  /** Lead in votes that ends a decision; 0: never. */
  readonly exit: number;
}
