import { TopsparkError } from './errors.js';

/** Source of time. It is passed in everywhere, so that simulated time and tests need nothing else. */
export interface Clock {
  /**
   * Time of the robot [s since 1970]: ROS time in the node. For stamps and dates, such as the end of a mission. It
   * jumps when the clock is set, so it never measures durations.
   */
  date(): number;
  /**
   * Elapsed time of the robot [s], any origin; it never goes back. For durations: caps, timeouts, dwell, rate limits.
   * It is steady, whatever happens to the system's clock; it follows simulated time only where the robot's time is
   * simulated.
   */
  elapsed(): number;
  /** Monotonic time [s], never simulated. For latencies and other durations of the process. */
  monotonic(): number;
}

/** Steady time of this process [s], any origin; see {@link Clock.monotonic}. */
export const monotonic = (): number => performance.now() / 1000;

/** The robot's two times at one moment [s]; see {@link Clock}. */
export type Moment = Readonly<Record<'date' | 'elapsed', number>>;

/** Both times of the robot now. */
export const momentOf = (clock: Clock): Moment => ({ date: clock.date(), elapsed: clock.elapsed() });

/** A clock with one source for all its times, for tests and replays. */
export const clockFrom = (time: () => number): Clock => ({ date: time, elapsed: time, monotonic: time });

/**
 * Turns a time that may jump back, as when simulations and bags start again, into elapsed time: a jump back takes no
 * time. Until the first jump the elapsed time is that time itself.
 */
export class Elapsed {
  #last: number | undefined;
  #offset = 0;

  /**
   * @param time - the time now [s]
   * @param begins - whether the time starts again here: the difference from the last one is then no elapsed time
   * @returns elapsed time [s]; it never goes back
   */
  read(time: number, begins = false): number {
    if (this.#last !== undefined && (begins || time < this.#last)) this.#offset += this.#last - time;
    this.#last = time;
    return time + this.#offset;
  }
}

/** builtin_interfaces/msg/Time. */
export interface Stamp {
  readonly sec: number;
  readonly nanosec: number;
}

const nanosecondsPerSecond = 1_000_000_000n;

/**
 * @returns nanoseconds, exact; negative before 1970
 * @throws {@link TopsparkError} `stamp_invalid` where nanosec is a second or more: the stamp sent back would differ
 */
export function toNanoseconds({ sec, nanosec }: Stamp): bigint {
  if (nanosec >= 1e9) {
    const found = `the stamp is ${sec} s and ${nanosec} ns`;
    throw new TopsparkError('stamp_invalid', 'data', `${found}, expected fewer than 1000000000 ns: mend header.stamp`);
  }
  return BigInt(sec) * nanosecondsPerSecond + BigInt(nanosec);
}

/** Range of a stamp: sec is an int32. */
const [earliest, latest] = [-(2n ** 31n) * nanosecondsPerSecond, 2n ** 31n * nanosecondsPerSecond - 1n];

/** The stamp of a time; beyond the range of stamps, 1901 to 2038, the nearest one. */
export function toStamp(nanoseconds: bigint): { sec: number; nanosec: number } {
  const held = nanoseconds < earliest ? earliest : nanoseconds > latest ? latest : nanoseconds;
  const nanosec = ((held % nanosecondsPerSecond) + nanosecondsPerSecond) % nanosecondsPerSecond;
  return { sec: Number((held - nanosec) / nanosecondsPerSecond), nanosec: Number(nanosec) };
}

/** A stamp as text: `12.000000034 s`. */
export function stampText(stamp: bigint): string {
  const size = stamp < 0n ? -stamp : stamp;
  const fraction = String(size % nanosecondsPerSecond).padStart(9, '0');
  return `${stamp < 0n ? '-' : ''}${size / nanosecondsPerSecond}.${fraction} s`;
}
