// Parameters of the operating point. They are written when the point changes.

/** T. */
export let steps: i32 = 0;
/** E. */
export let events: i32 = 0;
/** K. */
export let keep: i32 = 0;
/** d: factor of v per step. */
export let decay: f32 = 0;
/** 1 - d. */
export let leak: f32 = 0;
/** v after T steps per unit of drive per step: (1 - d^T) / (1 - d). */
export let reach: f32 = 0;
/** g: drive per step and per event. */
export let drive: f32 = 0;
/** Drive per step of the fresh neuron. */
export let freshDrive: f32 = 0;
/** Lead in votes that ends a decision after the coarse pass, and after the full pass or a spike; 0: never. */
export let exitFirst: f32 = 0;
export let exit: f32 = 0;
