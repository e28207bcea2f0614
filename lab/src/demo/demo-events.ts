import type { Picture } from './glyphs.js';

/** What the camera really showed in the image of this stamp. */
export interface TruthHeard {
  readonly kind: 'truth';
  /** Stamp of the image [ns]. */
  readonly stamp: bigint;
  readonly label: string;
}

/** What the agent decided about the image of this stamp. */
export interface DecisionHeard {
  readonly kind: 'decision';
  /** Stamp of the image [ns]. */
  readonly stamp: bigint;
  /** Class name; empty while nothing is known. */
  readonly label: string;
  /** T of the operating point, and the steps that were run. */
  readonly timesteps: number;
  readonly timestepsRun: number;
}

/** The mode in force, latched and once a second. */
export interface ModeHeard {
  readonly kind: 'mode';
  /** When the agent published it [ns]. */
  readonly stamp: bigint;
  readonly name: string;
  readonly timesteps: number;
  readonly events: number;
  readonly keep: number;
  readonly reason: string;
}

/** The agent's own account, once a second. */
export interface StatusHeard {
  readonly kind: 'status';
  /** When the agent made it [ns]. */
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
  /** Labels that the estimate rests on. */
  readonly accuracySamples: number;
  /** [J] */
  readonly energyUsed: number;
  /** [J], against the unscaled network at T = 350. */
  readonly energySaved: number;
  /** Message to decision [s]; NaN while there is none. */
  readonly latencyP50: number;
  readonly latencyP99: number;
}

/** The battery's state of charge, 0..1. */
export interface BatteryHeard {
  readonly kind: 'battery';
  readonly charge: number;
}

/** The picture that the camera sent last. */
export interface ImageHeard {
  readonly kind: 'image';
  readonly picture: Picture;
}

/** Everything that the demo receives over ROS. */
export type DemoEvent = TruthHeard | DecisionHeard | ModeHeard | StatusHeard | BatteryHeard | ImageHeard;
