// Constants of a network. The sizes of lists are fixed here; the closed forms in N and D come from the policy
// (timestep/lean-policy.ts), written once after creation.

/** Every eighth event is read first, by all neurons. */
export const STRANDS: i32 = 8;
/** Trust of a decision in the drive of an eighth of the events (first-look.ts). */
export const FIRST_TRUST: f32 = 0.7;
/** Neurons that vote and are credited without a spike. */
export const NEAREST: i32 = 10;
/** Neurons that share their labels with each other. */
export const SPREADING: i32 = 5;
/** Lead of the nearest neurons' votes from which a sample is familiar, and spikes after which a neuron has formed. */
export const FAMILIAR_LEAD: f32 = 5;
export const FORMED_SPIKES: i32 = 50;

/** Class neurons that read all events. */
export const CLASSES_READ: i32 = 6;
/** Part of the neighbours' votes that class neurons take over where they have always been right alone: the largest mu. */
export const CLASS_SHARE: f32 = 0.7;
/** Initial credit of class neurons and net, and the part kept per label. */
export const CLASS_CREDIT: f32 = 2.1;
export const NET_CREDIT: f32 = 3;
export const CREDIT_KEEP: f32 = 0.99;
/** A class neuron has no vote where its drive is below the best by more than this part. */
export const CLASS_REACH: f32 = 0.2;
/** Number of labels that a class neuron learns all of; after that one in so many. */
export const CLASS_LABELS: f32 = 16;
export const CLASS_EVERY: i32 = 4;
/** Floor of its learning rate, and its half-trace as a multiple of k. */
export const CLASS_RATE: f32 = 0.005;
export const CLASS_TRACE: f32 = 3;
/** Weight of an unlabelled sample beside a label, the lead that it needs, and most weight of unlabelled samples in a class. */
export const SELF_WEIGHT: f32 = 0.1;
export const SELF_LEAD: f32 = 0.05;
export const SELF_MOST: f32 = 4;

/** The same where samples are vectors of features and a class has few labels L: at most that / L. */
export const SELF_FEW: f32 = 16;
/** Part of the common drive that class neurons lose with one label a class, and samples over which its mean is taken. */
export const COMMON_SHARE: f32 = 0.4;
export const COMMON_SAMPLES: f32 = 200;

/** Samples are vectors of features. */
export let features: i32 = 0;
/** Class neurons learn from unlabelled samples too. */
export let selfLearning: i32 = 0;

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
