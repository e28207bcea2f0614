import type { OperatingPoint } from '../policy/operating-point.js';

/** Measurement of one trained network at one operating point. */
export interface ProfilePoint {
  readonly point: OperatingPoint;
  /** Number of samples behind the accuracy. */
  readonly samples: number;
  /** Share of right answers, 0..1. */
  readonly accuracy: number;
  /** Wilson bounds of the accuracy, 95 %. */
  readonly accuracyLow: number;
  readonly accuracyHigh: number;
  /** Mean recall over the classes, 0..1. */
  readonly recall: number;
  /** Energy of front end and network per sample, from operation counts [J]. */
  readonly energy: { readonly train: number; readonly infer: number };
  /** Part of that energy that the front end needs [J]; absent: the energy is that of the network alone. */
  readonly frontEndEnergy?: number;
  /** CPU time per sample of the presentation, and of a pretrained network before it [s]. */
  readonly latency: { readonly train: number; readonly infer: number };
  /** Part of that time that the pretrained network needs [s]; absent: the time is that of the presentation alone. */
  readonly frontEndLatency?: number;
}

/** Measured operating points of a trained network, from which the controller chooses. */
export interface OperatingProfile {
  /** Policy by which neuron parameters follow from a point: lean, none, paper, rate, or the name of a user's policy. */
  readonly policy: string;
  /** Points in any order, at least one. */
  readonly points: readonly ProfilePoint[];
}
