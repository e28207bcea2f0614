import type { Picture } from './glyphs.js';

/** The true class of the image with this stamp. */
export interface TruthHeard {
  readonly kind: 'truth';
  /** Stamp of the image [ns]. */
  readonly stamp: bigint;
  readonly label: string;
}

/** The agent's decision on the image with this stamp. */
export interface DecisionHeard {
  readonly kind: 'decision';
  /** Stamp of the image [ns]. */
  readonly stamp: bigint;
  /** Name of the class; empty while nothing is known. */
  readonly label: string;
  /** T of the operating point, and the timesteps that were run. */
  readonly timesteps: number;
  readonly timestepsRun: number;
}

/** The mode in force, latched and published once a second. */
export interface ModeHeard {
  readonly kind: 'mode';
  /** Time when the agent published it [ns]. */
  readonly stamp: bigint;
  readonly name: string;
  readonly timesteps: number;
  readonly events: number;
  readonly keep: number;
  readonly reason: string;
}

/** The agent's status, published once a second. */
export interface StatusHeard {
  readonly kind: 'status';
  /** Time when the agent made it [ns]. */
  readonly stamp: bigint;
  readonly received: number;
  /** Messages refused or skipped, by cause. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly neuronsUsed: number;
  readonly neurons: number;
  /** Estimate from labels, 0..1, with 95 % bounds; NaN while there is none. */
  readonly accuracy: number;
  readonly accuracyLow: number;
  readonly accuracyHigh: number;
  /** Number of labels behind the estimate. */
  readonly accuracySamples: number;
  /** [J] */
  readonly energyUsed: number;
  /** Saved against the unscaled network at T = 350 [J]. */
  readonly energySaved: number;
  /** Latency from message to decision [s]; NaN while there is none. */
  readonly latencyP50: number;
  readonly latencyP99: number;
}

/** The battery's state of charge, 0..1. */
export interface BatteryHeard {
  readonly kind: 'battery';
  readonly charge: number;
}

/** The newest picture of the camera. */
export interface ImageHeard {
  readonly kind: 'image';
  readonly picture: Picture;
}

/** Everything that the demo receives over ROS. */
export type DemoEvent = TruthHeard | DecisionHeard | ModeHeard | StatusHeard | BatteryHeard | ImageHeard;
