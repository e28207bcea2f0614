// Constants of a network. The sizes of lists are fixed here. The values that depend on N and D come from the policy
// (timestep/policy/lean-policy.ts) and are written once, after creation.

/** All neurons read every eighth event in the coarse pass. */
export const STRANDS: i32 = 8;
/** Factor of the drive in the coarse pass of a decision (first-look.ts). */
export const FIRST_TRUST: f32 = 0.7;
/** Number of nearest neurons, which vote and get credit even without a spike. */
export const NEAREST: i32 = 10;
/** Number of nearest neurons that spread their labels among each other. */
export const SPREADING: i32 = 5;
/** A sample is familiar from this lead in the votes of the nearest, and a neuron has formed after this many spikes. */
export const FAMILIAR_LEAD: f32 = 5;
export const FORMED_SPIKES: i32 = 50;

/** Number of class neurons that read all events. */
export const CLASSES_READ: i32 = 6;
/** Largest mu: part of the neighbours' votes that class neurons replace where they are much better than the net. */
export const CLASS_SHARE: f32 = 0.7;
/** Initial credit of the class neurons and of the net, and the part of the credit that a label keeps. */
export const CLASS_CREDIT: f32 = 2.1;
export const NET_CREDIT: f32 = 3;
export const CREDIT_KEEP: f32 = 0.99;
/** A class neuron has no vote where its drive is below the largest by more than this share of it. */
export const CLASS_REACH: f32 = 0.2;
/** A class neuron learns every label up to this n_c, and after that only one in CLASS_EVERY. */
export const CLASS_LABELS: f32 = 16;
export const CLASS_EVERY: i32 = 4;
/** Minimum learning rate of a class neuron, and its half-trace as a multiple of k. */
export const CLASS_RATE: f32 = 0.005;
export const CLASS_TRACE: f32 = 3;
/**
 * Weight of an unlabelled sample (a label: 1), lead of drives that it needs (share), largest sum of weights per class.
 */
export const SELF_WEIGHT: f32 = 0.1;
export const SELF_LEAD: f32 = 0.05;
export const SELF_MOST: f32 = 4;

/** Where samples are vectors of features and a class has few labels L_c, that sum may reach SELF_FEW / L_c. */
export const SELF_FEW: f32 = 16;
/** Share of the common drive that is subtracted at one label per class, and number of samples of its mean. */
export const COMMON_SHARE: f32 = 0.4;
export const COMMON_SAMPLES: f32 = 200;

/** 1: samples are vectors of features. */
export let features: i32 = 0;
/** 1: class neurons learn from unlabelled samples, too. */
export let selfLearning: i32 = 0;

/** S = sum_i W_ij. */
export let columnSum: f32 = 0;
/** k / 100, so that f_i = x_i / (x_i + traceHalf X). */
export let traceHalf: f32 = 0;
/** Vth. */
export let threshold: f32 = 0;
/** Vreset. */
export let reset: f32 = 0;
/** Distance of the fresh neuron's threshold above Vth. */
export let thetaFresh: f32 = 0;
/** theta+: rise of a neuron's threshold per spike. */
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
/** Factor of a neuron's evidence per spike in a labelled sample. */
export let forget: f32 = 0;
/** Rate at which messages follow the neighbours. */
export let spreadRate: f32 = 0;
/** lambda: amount of own evidence that weighs as much as the neighbours' message. */
export let lambda: f32 = 0;
/** Initial evidence of a renewed neuron for the class of its sample. */
export let renewEvidence: f32 = 0;
