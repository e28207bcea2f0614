/** Which samples get labels: random ones, wrong answers, half of each, or those that the robot asks about. */
export const dayLabels = ['random', 'corrections', 'half', 'asked'] as const;

/** One of {@link dayLabels}. */
export type DayLabels = (typeof dayLabels)[number];

/** A robot's day: what its battery, camera and labels do. Times are seconds since midnight, UTC. */
export interface DayPlan {
  readonly start: number;
  readonly end: number;
  /** Camera [1/s]. */
  readonly frameRate: number;
  /** Drain of everything else on the robot, and of the charger, in charge per second. */
  readonly drain: number;
  readonly charger: number;
  /** Energy of a full battery [J]; deciding drains it too. */
  readonly capacity: number;
  /** While the robot stands at its charger. */
  readonly charging: readonly [from: number, to: number];
  /** Share of the samples that are named at most, how, and times in which none is. */
  readonly labels: number;
  readonly labelling: DayLabels;
  readonly silences: readonly (readonly [from: number, to: number])[];
  /** Labels come after a time of 0 to this [s], out of order; a few twice, a few too late. */
  readonly labelDelay: number;
  /** From then on images of this class are shown mirrored. */
  readonly change: number;
  readonly changedClass: number;
}

const hour = 3600;

/** The day of the benchmark: two discharges, so that every mode is in force, and a change of the world at noon. */
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

/** The same in a twelfth of the time, an hour to five minutes, for tests. */
export const shortDay: DayPlan = {
  ...fullDay,
  ...{ start: fullDay.start / 12, end: fullDay.end / 12, drain: 12 * fullDay.drain, charger: 12 * fullDay.charger },
  ...{ charging: [(14 * hour) / 12, (15 * hour) / 12], labels: 0.5, change: fullDay.change / 12, labelDelay: 5 },
  silences: fullDay.silences.map(([from, to]) => [from / 12, to / 12] as const),
};

/**
 * A day on a battery of 150 J, a minute of a lamp, that is not charged. Deciding is most of its drain, as on a small sensor
 * that does little else, so a plan can make a difference.
 */
export function smallBattery(plan: DayPlan): DayPlan {
  const length = (plan.end - plan.start) / (12 * hour);
  return { ...plan, drain: 0.03 / hour / length, capacity: 150 * length, charging: [0, 0] };
}

/** Images that the camera takes in a day. */
export function framesOf({ start, end, frameRate }: DayPlan): number {
  return Math.round((end - start) * frameRate);
}

/** Whether a time lies in one of these. */
export function within(time: number, ...spans: readonly (readonly [from: number, to: number])[]): boolean {
  return spans.some(([from, to]) => time >= from && time < to);
}
