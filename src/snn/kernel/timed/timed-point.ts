// Parameters that depend on T, beside steps, decay and exit in ../point. They are written when T changes.

/** sum_i p_i = r_in / 1000 * 100: input spikes per step, before p_i is cut at 1. */
export let density: f32 = 0;
/** 1 / g. Voltages are stored in units of g, so that weights are added without a factor. */
export let unit: f32 = 0;
/** t_ref: number of steps after a spike in which a neuron takes no input. */
export let refractory: i32 = 0;
/** Factor of all thresholds after a learned sample: exp(-T / tau_theta). */
export let thetaDecay: f32 = 0;
/** Number of steps in a window of the adaptive rule. */
export let window: i32 = 1;
