/** Constants of a lean network (kernel/constants.ts); the kernel rounds each to float32. */
export interface LeanBaseline {
  /** S: sum of a neuron's weights. */
  readonly columnSum: number;
  /** k / 100: an input of intensity x has the expected trace x / (x + traceHalf·X); X is the sum of intensities. */
  readonly traceHalf: number;
  /** Vth and Vreset. */
  readonly threshold: number;
  readonly reset: number;
  /** How far the threshold of the fresh neuron lies above Vth. */
  readonly thetaFresh: number;
  /** θ₊ per spike. */
  readonly thetaPlus: number;
  /** Factor of every threshold per learned sample, and a further factor where no neuron fired. */
  readonly thetaKeep: number;
  readonly silentKeep: number;
  /** Threshold of an imprinted neuron per unit of its own drive on the sample. */
  readonly imprintShare: number;
  /** η = max(rateLast, 1 / (rateFirst + spikes so far)). */
  readonly rateFirst: number;
  readonly rateLast: number;
  /** Weight of the votes of the nearest neurons. */
  readonly voteWeight: number;
  /** Evidence kept per spike of a labelled sample. */
  readonly forget: number;
  /** Rate at which a neuron's message follows its neighbours. */
  readonly spreadRate: number;
  /** λ: evidence that weighs as much as the neighbours' message. */
  readonly lambda: number;
  /** Evidence with which a renewed neuron begins. */
  readonly renewEvidence: number;
}
