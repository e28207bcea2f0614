import type { AccuracyEstimate } from 'topspark/accuracy/accuracy-monitor.js';
import type { ModeDecision } from 'topspark/timestep/controller/controller.js';
import { modeNames, type ModeName } from 'topspark/timestep/controller/modes.js';
import { samePoint } from 'topspark/timestep/policy/operating-point.js';
import type { DayPlan } from './day-plan.js';
import type { PointResult } from './shadow.js';

/** An hour of the day; in a short day a twelfth of it. */
export interface HourResult {
  /** Start, seconds since midnight. */
  readonly from: number;
  readonly decisions: number;
  /** Share of right answers, 0..1; NaN without a decision. */
  readonly accuracy: number;
  /** The agent's own estimate at the end of the hour, from its labels, 0..1. */
  readonly estimate: number;
  /** Bounds of the estimate, and the basis on which it was made. */
  readonly low: number;
  readonly high: number;
  readonly reason: string;
  /** Share of the hour in each mode, 0..1. */
  readonly modes: Readonly<Record<ModeName, number>>;
  /** Whether the agent detected that its answers became worse. */
  readonly drift: boolean;
  /** Answers that each point would have given; empty without shadow runs. */
  readonly points: readonly PointResult[];
}

/** One moment of the day, for the chart. */
export interface DayMoment {
  /** Seconds since midnight. */
  readonly time: number;
  readonly charge: number;
  readonly mode: ModeName;
  readonly timesteps: number;
  readonly events: number;
  /** Share of right answers since the moment before, 0..1; NaN without a decision. */
  readonly accuracy: number;
  readonly estimate: number;
}

/** Results of a day's decisions. */
export interface DayOutcome {
  /** Number of decisions, and the share of right ones, 0..1. */
  readonly decisions: number;
  readonly accuracy: number;
  /** Changes of mode or operating point. */
  readonly switches: number;
  /** Time in each mode [s]. */
  readonly modeSeconds: Readonly<Record<ModeName, number>>;
  readonly hours: readonly HourResult[];
  readonly moments: readonly DayMoment[];
}

const parts = 12;
const momentsAnHour = 6;
const noSeconds = (): Record<ModeName, number> => ({ FULL: 0, BALANCED: 0, SAVER: 0, CRITICAL: 0 });

class Count {
  right = 0;
  answers = 0;

  add(right: boolean): void {
    this.right += Number(right);
    this.answers++;
  }

  get share(): number {
    return this.right / this.answers;
  }
}

/** Records the outcome of every frame. */
export class DayLog {
  readonly #hour: number;
  readonly #step: number;
  readonly #hours: HourResult[] = [];
  readonly #moments: DayMoment[] = [];
  readonly #seconds = noSeconds();
  readonly #all = new Count();
  #inHour = new Count();
  #inMoment = new Count();
  #modes = noSeconds();
  #drift = false;
  #frames = 0;
  #switches = 0;
  #last: ModeDecision | undefined;

  constructor(readonly plan: DayPlan) {
    this.#hour = Math.round(((plan.end - plan.start) / parts) * plan.frameRate);
    this.#step = Math.max(1, Math.floor(this.#hour / momentsAnHour));
  }

  /** Decisions so far. */
  get decisions(): number {
    return this.#all.answers;
  }

  /**
   * Adds a frame.
   *
   * @param right - whether the answer was right; `undefined`: no decision
   * @param estimate - returns the agent's estimate of its accuracy
   * @param points - returns the results of the other points in an hour; called at its end
   */
  add(
    time: number,
    mode: ModeDecision,
    charge: number,
    right: boolean | undefined,
    estimate: () => AccuracyEstimate,
    points: () => readonly PointResult[],
  ): void {
    const { frameRate } = this.plan;
    const same = this.#last === undefined || (mode.mode === this.#last.mode && samePoint(mode.point, this.#last.point));
    this.#switches += Number(!same);
    this.#last = mode;
    this.#modes[mode.mode] += 1 / this.#hour;
    this.#seconds[mode.mode] += 1 / frameRate;
    this.#drift ||= mode.drift;
    if (right !== undefined) for (const count of [this.#all, this.#inHour, this.#inMoment]) count.add(right);
    this.#frames++;
    if (this.#frames % this.#step === 0) {
      const { timesteps, events } = mode.point;
      const accuracy = this.#inMoment.share;
      this.#moments.push({ time, charge, mode: mode.mode, timesteps, events, accuracy, estimate: estimate().accuracy });
      this.#inMoment = new Count();
    }
    if (this.#frames % this.#hour === 0) this.#endHour(time, estimate(), points());
  }

  /** The results of the day. */
  result(): DayOutcome {
    const { share, answers } = this.#all;
    const counts = { accuracy: share, decisions: answers, switches: this.#switches };
    return { ...counts, modeSeconds: this.#seconds, hours: this.#hours, moments: this.#moments };
  }

  #endHour(time: number, believed: AccuracyEstimate, points: readonly PointResult[]): void {
    const { accuracy: estimate, low, high, reason } = believed;
    const { answers, share } = this.#inHour;
    const from = Math.round(time + 1 / this.plan.frameRate - this.#hour / this.plan.frameRate);
    const modes = Object.fromEntries(modeNames.map((name) => [name, this.#modes[name]])) as Record<ModeName, number>;
    const known = { estimate, low, high, reason };
    this.#hours.push({ from, decisions: answers, accuracy: share, ...known, modes, drift: this.#drift, points });
    this.#inHour = new Count();
    this.#modes = noSeconds();
    this.#drift = false;
  }
}
