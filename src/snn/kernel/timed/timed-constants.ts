// Constants of a network with spikes in time. The policy (timestep/policy/timed-policy.ts) writes them once, after
// creation. Vth, Vreset, theta+, S, k / 100 and the constants of votes and labels are in ../constants.

/** Encodings: Bernoulli spikes; phase accumulators; constant current; one spike per input, the brightest first. */
export const POISSON: i32 = 0;
export const REGULAR: i32 = 1;
export const DIRECT: i32 = 2;
export const FIRST_SPIKE: i32 = 3;

/** Learning rules: pair STDP; STDP with expected traces; adaptive rates, once per window. */
export const PAIR: i32 = 0;
export const EXPECTED: i32 = 1;
export const ADAPTIVE: i32 = 2;

/** Largest weight. */
export const MOST_WEIGHT: f32 = 1;
/** Maximum number of timesteps of a sample. */
export const MOST_STEPS: i32 = 1000;
/** Maximum number of input spikes of a sample. r_in is at most 900 Hz: 90,000 ± 300 spikes in 1000 steps. */
export const MOST_SPIKES: i32 = 1 << 17;

export let encoding: i32 = 0;
export let rule: i32 = 0;
/** Inhibition: amount by which a spike lowers the voltage of every other neuron. */
export let inhibition: f32 = 0;
/** eta_post and eta_pre. */
export let ratePost: f32 = 0;
export let ratePre: f32 = 0;
/** n_th of the adaptive rule. */
export let spikesPerFactor: f32 = 0;
/** Decay of the adaptive rule: factor of every weight at each KEEP_EVERY-th learned sample. */
export let weightKeep: f32 = 0;
export const KEEP_EVERY: f64 = 32;
