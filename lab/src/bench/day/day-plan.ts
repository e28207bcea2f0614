/**
 * Which samples get labels: random ones, wrong answers, half of the budget each, or those that the robot asks about.
 */
export const dayLabels = ['random', 'corrections', 'half', 'asked'] as const;

/** One of {@link dayLabels}. */
export type DayLabels = (typeof dayLabels)[number];

/** A robot's day: its battery, camera and labels. Times are seconds since midnight, UTC. */
export interface DayPlan {
  readonly start: number;
  readonly end: number;
  /** Frames of the camera per second [1/s]. */
  readonly frameRate: number;
  /** Drain by the rest of the robot, and gain at the charger, as charge per second [1/s]. */
  readonly drain: number;
  readonly charger: number;
  /** Energy of a full battery [J]; decisions drain it too. */
  readonly capacity: number;
  /** Time in which the robot stands at its charger. */
  readonly charging: readonly [from: number, to: number];
  /** Largest share of samples that get labels, how they are chosen, and times without labels. */
  readonly labels: number;
  readonly labelling: DayLabels;
  readonly silences: readonly (readonly [from: number, to: number])[];
  /** Largest delay of labels [s]. Delays vary from 0 on, so labels come out of order; a few come twice or too late. */
  readonly labelDelay: number;
  /** From this time on, images of this class are shown mirrored. */
  readonly change: number;
  readonly changedClass: number;
}

const hour = 3600;

/** The day of the benchmark: the battery discharges twice, so that every mode occurs, and the world changes at noon. */
export const fullDay: DayPlan = {
  ...{ start: 8 * hour, end: 20 * hour, frameRate: 1, drain: 0.133 / hour, charger: 0.65 / hour, capacity: 360_000 },
  ...{
    charging: [14 * hour, 15 * hour],
    labels: 0.1,
    labelling: 'random',
    labelDelay: 20,
    change: 12 * hour,
    changedClass: 3,
  },
  silences: [
    [10 * hour, 11 * hour],
    [16 * hour, 17 * hour],
  ],
};

/** The same in a twelfth of the time, for tests: an hour becomes five minutes. */
export const shortDay: DayPlan = {
  ...fullDay,
  ...{ start: fullDay.start / 12, end: fullDay.end / 12, drain: 12 * fullDay.drain, charger: 12 * fullDay.charger },
  ...{ charging: [(14 * hour) / 12, (15 * hour) / 12], labels: 0.5, change: fullDay.change / 12, labelDelay: 5 },
  silences: fullDay.silences.map(([from, to]) => [from / 12, to / 12] as const),
};

/**
 * The same plan with a battery of only 150 J and no charger. Decisions are most of its drain, as on a
 * small sensor that does little else, so that a plan can make a difference.
 */
export function smallBattery(plan: DayPlan): DayPlan {
  const length = (plan.end - plan.start) / (12 * hour);
  return { ...plan, drain: 0.03 / hour / length, capacity: 150 * length, charging: [0, 0] };
}

/** Number of frames in a day. */
export function framesOf({ start, end, frameRate }: DayPlan): number {
  return Math.round((end - start) * frameRate);
}

/** Whether a time lies in one of some spans. */
export function within(time: number, ...spans: readonly (readonly [from: number, to: number])[]): boolean {
  return spans.some(([from, to]) => time >= from && time < to);
}
