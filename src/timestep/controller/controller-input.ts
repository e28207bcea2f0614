import type { Moment } from '../../base/time.js';
import type { MissionPlan } from './mission.js';
import type { ModeName } from './modes.js';

/** Measures for the target: share of right answers, or its mean over classes. */
export const accuracyMeasures = ['accuracy', 'recall'] as const;

/** Name of a measure. */
export type AccuracyMeasure = (typeof accuracyMeasures)[number];

/**
 * Input of the controller at one moment. A number that is not finite counts as unknown. The dwell uses elapsed time;
 * the mission uses the date, which jumps when the clock is set.
 */
export interface ControllerInput extends Moment {
  /** State of charge, 0..1; `undefined` while there is no valid reading. */
  readonly charge: number | undefined;
  /** Charging or full: every cap is lifted. */
  readonly charging: boolean;
  /** A mode set by the user; `AUTO`: the controller chooses. */
  readonly forced: ModeName | 'AUTO';
  /** End [s since 1970] and reserve [0..1] of the mission; `undefined`: none. */
  readonly mission: { readonly until: number; readonly reserve: number } | undefined;
  /** Target accuracy or mean recall, 0..1. */
  readonly target: number;
  /** Measure of the target. */
  readonly measure: AccuracyMeasure;
  /** Observed less expected value of that measure, shrunk by its uncertainty; and its standard deviation. */
  readonly correction: number;
  readonly deviation: number;
  /** How much worse answers seem to have become, from their margins alone, 0..1. */
  readonly warning: number;
  /** The world has changed, so expectations are not trusted now. */
  readonly drift: boolean;
  /** Maximum time from a message to its answer [s]; 0: no deadline. */
  readonly deadline: number;
  /** Time from message to decision less the profile's time of the network [s]. */
  readonly overhead: number;
}

/** State of the controller. */
export interface ControllerState {
  readonly mode: ModeName;
  /** Elapsed time at the last change of the mode, and of the point [s]. */
  readonly modeSince: number;
  readonly pointSince: number;
  /** Index of the point in the profile; -1: no point yet, or not chosen from a profile. */
  readonly point: number;
  readonly mission: MissionPlan | undefined;
}

/** Settings that do not change while the controller runs. */
export interface ControllerSettings {
  /** The charge must exceed a threshold by this much before a dearer mode returns, 0..0.2. */
  readonly hysteresis: number;
  /** Minimum time between changes that are not urgent [s]. */
  readonly dwell: number;
}

/** State before the first decision. */
export const firstState: ControllerState = {
  ...{ mode: 'FULL', modeSince: -Infinity, point: -1, pointSince: -Infinity, mission: undefined },
};
