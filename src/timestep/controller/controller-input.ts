import type { Moment } from '../../base/time.js';
import type { MissionPlan } from './mission.js';
import type { ModeName } from './modes.js';

/** Measures on which a target may be set: the share of right answers, or its mean over the classes. */
export const accuracyMeasures = ['accuracy', 'recall'] as const;

/** Name of a measure. */
export type AccuracyMeasure = (typeof accuracyMeasures)[number];

/**
 * What the controller knows at one moment. A number that is not finite counts as unknown. Dwell goes by the time that has
 * passed, the mission by the date, which jumps where the clock is set.
 */
export interface ControllerInput extends Moment {
  /** State of charge, 0..1; `undefined` while no believable reading is at hand. */
  readonly charge: number | undefined;
  /** Charging or full: every cap is lifted. */
  readonly charging: boolean;
  /** A mode set by the user, `AUTO` when the controller chooses. */
  readonly forced: ModeName | 'AUTO';
  /** End [s since 1970] and reserve [0..1] of the mission; `undefined`: none. */
  readonly mission: { readonly until: number; readonly reserve: number } | undefined;
  /** Accuracy or mean recall that is wanted, 0..1. */
  readonly target: number;
  /** The measure that it is set on. */
  readonly measure: AccuracyMeasure;
  /** Observed less expected in that measure, shrunk by its uncertainty, and its standard deviation. */
  readonly correction: number;
  readonly deviation: number;
  /** By how much answers seem to have become worse, from their margins alone, 0..1. */
  readonly warning: number;
  /** The world has changed: expectations are not to be believed now. */
  readonly drift: boolean;
  /** Latest answer after its message [s]; 0: any. */
  readonly deadline: number;
  /** Time from message to decision beside what the profile says of the network [s]. */
  readonly overhead: number;
}

/** What the controller remembers. */
export interface ControllerState {
  readonly mode: ModeName;
  /** Time that had passed at the last change of the mode, and of the point [s]. */
  readonly modeSince: number;
  readonly pointSince: number;
  /** Index of the point in the profile, -1 before the first and without a profile. */
  readonly point: number;
  readonly mission: MissionPlan | undefined;
}

/** Settings that do not change while it runs. */
export interface ControllerSettings {
  /** The charge must pass a threshold by this much before a dearer mode returns, 0..0.2. */
  readonly hysteresis: number;
  /** Time before a change that nothing urgent asks for [s]. */
  readonly dwell: number;
}

/** Before anything was decided. */
export const firstState: ControllerState = {
  ...{ mode: 'FULL', modeSince: -Infinity, point: -1, pointSince: -Infinity, mission: undefined },
};
