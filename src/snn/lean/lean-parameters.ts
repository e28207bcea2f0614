/** The kernel's parameters of one sample (kernel/point.ts). A policy derives them from the operating point. */
export interface LeanParameters {
  /** T. */
  readonly steps: number;
  /** E. */
  readonly events: number;
  /** K. */
  readonly keep: number;
  /** d: share of a voltage that remains after a step; and 1 − d. */
  readonly decay: number;
  readonly leak: number;
  /** Voltage after T steps per unit of drive per step. */
  readonly reach: number;
  /** g: drive per step and per event. */
  readonly drive: number;
  /** Drive per step of the fresh neuron. */
  readonly freshDrive: number;
  /** Lead in votes that ends a decision after the first events, and later; 0: never. */
  readonly exitFirst: number;
  readonly exit: number;
}
