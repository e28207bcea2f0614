// What does not change in a network's life. The sizes of lists are fixed here; the closed forms in N and D come from
// the policy (timestep/lean-policy.ts), written once after creation.

/** Every eighth event is read first, by all neurons. */
export const STRANDS: i32 = 8;
/** What a decision believes of the drive that an eighth of the events shows (first-look.ts). */
export const FIRST_TRUST: f32 = 0.7;
/** Neurons that vote and are credited without a spike. */
export const NEAREST: i32 = 10;
/** Neurons that pass their labels on to each other. */
export const SPREADING: i32 = 5;
/** Lead of the nearest neurons' votes from which a sample is familiar, and spikes after which a neuron has formed. */
export const FAMILIAR_LEAD: f32 = 5;
export const FORMED_SPIKES: i32 = 50;

/** S = sum_i W_ij. */
export let columnSum: f32 = 0;
/** k / 100, so that f_i = x_i / (x_i + traceHalf X). */
export let traceHalf: f32 = 0;
/** Vth. */
export let threshold: f32 = 0;
/** Vreset. */
export let reset: f32 = 0;
/** Threshold of the fresh neuron above Vth. */
export let thetaFresh: f32 = 0;
/** theta+ of a spike. */
export let thetaPlus: f32 = 0;
/** Factor of all thresholds per sample. */
export let thetaKeep: f32 = 0;
/** Further factor after a sample without a spike. */
export let silentKeep: f32 = 0;
/** Threshold of an imprinted neuron per unit of its own drive sum_i xhat_i W_ij. */
export let imprintShare: f32 = 0;
/** eta = max(rateLast, 1 / (rateFirst + s_j)). */
export let rateFirst: f32 = 0;
export let rateLast: f32 = 0;
/** Weight of the nearest neurons' votes. */
export let voteWeight: f32 = 0;
/** Evidence kept per spike of a labelled sample. */
export let forget: f32 = 0;
/** Rate at which messages follow the neighbours. */
export let spreadRate: f32 = 0;
/** lambda: evidence that weighs as much as the neighbours' message. */
export let lambda: f32 = 0;
/** Evidence that a renewed neuron begins with. */
export let renewEvidence: f32 = 0;
