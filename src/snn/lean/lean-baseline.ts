/** Constants of a network, as the kernel takes them (kernel/constants.ts): each is rounded to float32. */
export interface LeanBaseline {
  /** S: sum of a neuron's weights. */
  readonly columnSum: number;
  /** k / 100: an input of x among X in all has the expected trace x / (x + traceHalf·X). */
  readonly traceHalf: number;
  /** Vth and Vreset. */
  readonly threshold: number;
  readonly reset: number;
  /** Threshold of the fresh neuron above Vth. */
  readonly thetaFresh: number;
  /** θ₊ per spike. */
  readonly thetaPlus: number;
  /** Factor of every threshold per learned sample, and a further one where no neuron fired. */
  readonly thetaKeep: number;
  readonly silentKeep: number;
  /** Threshold of an imprinted neuron per unit of its own drive on the sample. */
  readonly imprintShare: number;
  /** η = max(rateLast, 1 / (rateFirst + spikes so far)). */
  readonly rateFirst: number;
  readonly rateLast: number;
  /** Weight of the nearest neurons' votes. */
  readonly voteWeight: number;
  /** Evidence kept per spike of a labelled sample. */
  readonly forget: number;
  /** Rate at which a neuron's message follows its neighbours. */
  readonly spreadRate: number;
  /** λ: evidence that weighs as much as the neighbours' message. */
  readonly lambda: number;
  /** Evidence that a renewed neuron begins with. */
  readonly renewEvidence: number;
}
