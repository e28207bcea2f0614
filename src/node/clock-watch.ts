import type { Clock } from '../base/time.js';

/** Departure of the system's clock from steady time between two checks that is not a jump: clocks are slewed [s]. */
const least = 1;

/** Seconds for which simulated time must stand still before a warning. */
const patience = 5;

/** How long a jump stays in the diagnostics [s]. */
const news = 60;

/** The node's clock, and whether simulation drives it. */
export type WatchedClock = Pick<Clock, 'date' | 'monotonic'> & { readonly simulated: boolean };

/** Diagnostics of the clocks. */
export interface ClockReport {
  readonly simulated: boolean;
  /** Jumps of the system's clock since the start. */
  readonly jumps: number;
  /** How often simulated time went back. */
  readonly restarts: number;
  /** Real time for which simulated time has stood still [s]. */
  readonly still: number;
  /** Current problem; `undefined` where all is well. */
  readonly trouble: string | undefined;
}

/**
 * Notices clock faults that nothing else reports: the system's clock was set, or simulated time went back, stands still
 * or has not begun.
 */
export class ClockWatch {
  readonly #clock: WatchedClock;
  readonly #warn: (sentence: string) => void;
  readonly #system: () => number;
  #jumps = 0;
  #restarts = 0;
  #jump: { readonly sentence: string; readonly at: number } | undefined;
  #offset: number;
  #date = NaN;
  #moved: number;
  #reported = false;

  /**
   * @param warn - called once for each jump, and once for time that stands still
   * @param system - the system's clock [s since 1970]
   */
  constructor(clock: WatchedClock, warn: (sentence: string) => void, system: () => number = () => Date.now() / 1000) {
    this.#clock = clock;
    this.#warn = warn;
    this.#system = system;
    this.#moved = clock.monotonic();
    this.#offset = system() - this.#moved;
  }

  /** Checks the clocks; call it about once a second. */
  look(): ClockReport {
    const now = this.#clock.monotonic();
    this.#lookAtSystem(now);
    const { simulated } = this.#clock;
    if (simulated) this.#lookAtSimulation(now);
    else [this.#date, this.#moved, this.#reported] = [NaN, now, false];
    const still = now - this.#moved;
    const fresh = this.#jump && now - this.#jump.at < news ? this.#jump.sentence : undefined;
    const trouble = still >= patience ? this.#stillness(still) : fresh;
    return { simulated, jumps: this.#jumps, restarts: this.#restarts, still, trouble };
  }

  #lookAtSystem(now: number): void {
    const system = this.#system();
    const offset = system - now;
    const size = offset - this.#offset;
    this.#offset = offset;
    if (Math.abs(size) <= least) return;
    this.#jumps++;
    const way = size < 0 ? 'set back' : 'set forward, or the machine slept,';
    const sentence = `the system's clock was ${way} by ${Math.abs(size).toFixed(1)} s, to ${dateText(system)}`;
    this.#jump = { sentence, at: now };
    const meaning =
      'stamps, the end of a mission and scheduled work use the new time; caps, timeouts and other durations are not affected';
    this.#warn(
      `${sentence}: ${meaning}; labels and sensors are matched by stamps, set the clocks of their machines too`,
    );
  }

  #lookAtSimulation(now: number): void {
    const date = this.#clock.date();
    if (date < this.#date) this.#restarts++;
    if (date !== this.#date) [this.#moved, this.#reported] = [now, false];
    this.#date = date;
    const still = now - this.#moved;
    if (still < patience || this.#reported) return;
    this.#reported = true;
    this.#warn(this.#stillness(still));
  }

  #stillness(still: number): string {
    const what =
      this.#date === 0
        ? `use_sim_time is true, but nothing came on /clock for ${still.toFixed(0)} s`
        : `simulated time stands still at ${this.#date.toFixed(3)} s for ${still.toFixed(0)} s`;
    return `${what}: limits, timeouts and caps stand still with it; is the simulation or the bag paused?`;
  }
}

const dateText = (system: number): string => new Date(1000 * system).toISOString();
