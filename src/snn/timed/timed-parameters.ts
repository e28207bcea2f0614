/** Parameters of one sample with spikes in time for the kernel (kernel/timed/point.ts); a policy derives them from T. */
export interface TimedParameters {
  /** T. */
  readonly steps: number;
  /** exp(−1/τm): share of a voltage that a step keeps. */
  readonly decay: number;
  /** Σ p_i: input spikes per step, r_in / 10 Hz. */
  readonly density: number;
  /** 1 / g: thresholds, reset and inhibition are divided by the gain instead of multiplying every weight by it. */
  readonly unit: number;
  /** Steps after a spike in which a neuron takes no input. */
  readonly refractory: number;
  /** exp(−T/τθ): share of a threshold kept after a learned sample. */
  readonly thetaDecay: number;
  /** Steps of a window of the adaptive rule. */
  readonly window: number;
  /** Lead in votes that ends a decision; 0: never. */
  readonly exit: number;
}
