const second = 1_000_000_000n;

/** Messages that come late on busy machines and over radio come less late than this [ns]. */
export const lateness = second;

/** A step ahead by more than this is no pause: a robot that slept, or one stamp that is wrong [ns]. */
const leap = 3600n * second;

/** Messages in a row by which stamps have moved elsewhere; fewer are a second publisher's, or wrong. */
const standardRow = 3;
const longestRow = 1000;

/**
 * What a stamp is to those of its sensor before it: `next`, `late` (before the newest: messages come out of order, or two
 * publishers take turns), `ahead` (further on than any pause) or `restart`: a recording starts again, or a clock was set back.
 */
export type StampPlace = 'next' | 'late' | 'ahead' | 'restart';

/**
 * The stamps of one sensor in the order in which its messages come. A step back is a restart where it is further than
 * messages are late and those that follow are there too; a leap ahead counts in the same way. So one wrong stamp, two messages
 * that change places, and a second publisher whose clock is behind disturb nothing. Where messages between two clocks look
 * like a restart all the same, more in a row are asked for from then on.
 */
export class TimeLine {
  #newest: bigint | undefined;
  /** Messages in a row that are elsewhere: their number, and the newest of them. */
  #elsewhere = { count: 0, stamp: 0n };
  #row = standardRow;
  /** Newest stamp before the last restart: whoever goes on from there was never gone. */
  #left: bigint | undefined;
  /** Longest step ahead since the last restart [ns]. */
  #step = 0n;
  #starts = 0;

  /** Newest stamp [ns]; `undefined`: there was none. Set, the line goes on from there. */
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

  /** What a stamp is; nothing changes. */
  place(stamp: bigint): StampPlace {
    const newest = this.#newest;
    if (newest === undefined) return 'next';
    const moved = this.#count(stamp) >= this.#row;
    if (stamp >= newest) return stamp - newest <= leap || moved ? 'next' : 'ahead';
    return newest - stamp > lateness && moved ? 'restart' : 'late';
  }

  /** Takes a stamp that has this place. */
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

  // Back at the line that was left, and not by going there: there are two of them.
  #goOn(stamp: bigint, step: bigint): void {
    if (this.#left !== undefined && stamp >= this.#left - lateness) {
      if (step > lateness && step > 3n * this.#step) this.#row = Math.min(longestRow, 2 * this.#row);
      this.#left = undefined;
    }
    if (step > this.#step) this.#step = step;
  }

  // Of a row that a stamp makes longer, or begins. Within a row they go on as on any line.
  #count(stamp: bigint): number {
    const { count, stamp: last } = this.#elsewhere;
    const goesOn = count > 0 && stamp >= last - lateness && stamp <= last + leap;
    return goesOn ? count + 1 : 1;
  }
}
