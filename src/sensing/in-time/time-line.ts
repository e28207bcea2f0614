const second = 1_000_000_000n;

/** Largest usual delay of messages, on busy machines and over radio [ns]. */
export const lateness = second;

/** Longest step ahead that may be a pause. With a longer one the robot slept, or a stamp is wrong [ns]. */
const leap = 3600n * second;

/** Messages in a row that prove a jump of stamps; fewer come from a second publisher, or are wrong. */
const standardRow = 3;
const longestRow = 1000;

/**
 * Position of a stamp relative to earlier ones of its sensor: `next`, `late` (before the newest: messages out of order,
 * or two publishers), `ahead` (further than any pause), or `restart` (a recording starts again, or a clock was set
 * back).
 */
export type StampPlace = 'next' | 'late' | 'ahead' | 'restart';

/**
 * The stamps of one sensor in the order of its messages. A step back is a restart if it exceeds the usual delay and the
 * next messages follow it; a leap ahead is judged in the same way. So one wrong stamp, two swapped messages, or a
 * second publisher with a slow clock do no harm. If messages of two clocks nevertheless look like a restart, more
 * messages in a row are required from then on.
 */
export class TimeLine {
  #newest: bigint | undefined;
  /** Messages in a row away from the line: their number, and the newest stamp. */
  #elsewhere = { count: 0, stamp: 0n };
  #row = standardRow;
  /** Newest stamp before the last restart. A publisher that continues from there had never stopped. */
  #left: bigint | undefined;
  /** Longest step ahead since the last restart [ns]. */
  #step = 0n;
  #starts = 0;

  /** Newest stamp [ns]; `undefined`: none. Setting it continues the line from there. */
  get newest(): bigint | undefined {
    return this.#newest;
  }

  set newest(stamp: bigint | undefined) {
    this.#newest = stamp;
    this.#elsewhere = { count: 0, stamp: 0n };
  }

  /** How often stamps have started again. */
  get starts(): number {
    return this.#starts;
  }

  /** Position of a stamp; changes nothing. */
  place(stamp: bigint): StampPlace {
    const newest = this.#newest;
    if (newest === undefined) return 'next';
    const moved = this.#count(stamp) >= this.#row;
    if (stamp >= newest) return stamp - newest <= leap || moved ? 'next' : 'ahead';
    return newest - stamp > lateness && moved ? 'restart' : 'late';
  }

  /** Takes a stamp with this position. */
  take(stamp: bigint, place: StampPlace): void {
    const newest = this.#newest ?? stamp;
    const far = stamp > newest + leap || stamp < newest - lateness;
    if (far && (place === 'late' || place === 'ahead')) {
      this.#elsewhere = { count: this.#count(stamp), stamp };
      return;
    }
    if (place === 'restart') {
      this.#starts++;
      this.#left = newest;
      this.#step = stamp - this.#elsewhere.stamp;
    } else if (place === 'next') this.#goOn(stamp, stamp - newest);
    this.#elsewhere = { count: 0, stamp: 0n };
    if (place === 'next' || place === 'restart') this.#newest = stamp;
  }

  // The stamp is back at the line before the restart, without small steps to it: there are two publishers.
  #goOn(stamp: bigint, step: bigint): void {
    if (this.#left !== undefined && stamp >= this.#left - lateness) {
      if (step > lateness && step > 3n * this.#step) this.#row = Math.min(longestRow, 2 * this.#row);
      this.#left = undefined;
    }
    if (step > this.#step) this.#step = step;
  }

  // Position relative to a row that the stamp continues or begins. Within a row stamps go on as on any line.
  #count(stamp: bigint): number {
    const { count, stamp: last } = this.#elsewhere;
    const goesOn = count > 0 && stamp >= last - lateness && stamp <= last + leap;
    return goesOn ? count + 1 : 1;
  }
}
