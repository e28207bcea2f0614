import type { PageView } from '../protocol.js';

/** State at one moment; `null`: not known. */
export interface SeenMoment {
  /** Time since the page was opened [s]. */
  readonly time: number;
  readonly answer: string;
  readonly mode: string;
  readonly timesteps: number | null;
  readonly accuracy: number | null;
  readonly accuracyLow: number | null;
  readonly accuracyHigh: number | null;
  readonly battery: number | null;
}

/** Moments kept, and the time between two [s]: ten minutes. */
const [most, apart] = [1200, 0.5];

/** The page's own history, for its timeline. */
export class History {
  readonly moments: SeenMoment[] = [];
  /** Energy reported by its source since the page was opened [J]. */
  joules = 0;

  /** Adds the current state. */
  note(time: number, { decision, mode, silence }: Pick<PageView, 'decision' | 'mode' | 'silence'>): void {
    const last = this.moments.at(-1);
    if (last !== undefined && time - last.time < apart) return;
    const heard = silence === '';
    // Time without contact is not counted.
    if (heard && last !== undefined) this.joules += (mode?.sourcePower ?? 0) * Math.min(2, time - last.time);
    this.moments.push({
      time,
      answer: heard ? (decision?.label ?? '') : '',
      mode: heard ? (mode?.name ?? '') : '',
      timesteps: heard ? (mode?.timesteps ?? null) : null,
      accuracy: heard ? (mode?.accuracy ?? null) : null,
      accuracyLow: heard ? (mode?.accuracyLow ?? null) : null,
      accuracyHigh: heard ? (mode?.accuracyHigh ?? null) : null,
      battery: heard ? (mode?.battery ?? null) : null,
    });
    if (this.moments.length > most) this.moments.shift();
  }

  /** Time until the battery is empty, at the observed rate [h]; `undefined`: not known, or it is charging. */
  get hoursLeft(): number | undefined {
    const known = this.moments.filter((each): each is SeenMoment & { battery: number } => each.battery !== null);
    const [first, last] = [known.at(0), known.at(-1)];
    if (first === undefined || last === undefined || last.time - first.time < 30) return undefined;
    // Least squares: the charge is reported in steps.
    const mean = (of: (each: SeenMoment & { battery: number }) => number): number =>
      known.reduce((sum, each) => sum + of(each), 0) / known.length;
    const [time, charge] = [mean((each) => each.time), mean((each) => each.battery)];
    const slope =
      mean((each) => (each.time - time) * (each.battery - charge)) / mean((each) => (each.time - time) ** 2);
    return slope < 0 ? last.battery / -slope / 3600 : undefined;
  }
}
