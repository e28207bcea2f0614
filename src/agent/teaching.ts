import { TopsparkError } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import type { AgentEvent } from './events.js';

/** A sample older than this is not what a person means by 'now' [s]. */
const recent = 5;

/** Longest time that one call teaches [s]. */
export const longestTeaching = 3600;

/** What somebody teaches. */
export interface Lesson {
  /** Name of the class. */
  readonly name: string;
  /** Samples are taught whose stamps are at most so much later than that of the newest one now [s]; 0: that one alone. */
  readonly duration: number;
  /** Hears how many samples were taught, once it has ended, and why the last one was not that was refused; empty: none was. */
  readonly done: (taught: number, why: string) => void;
}

/** What {@link Teaching} works with. */
export interface TeachingParts {
  /** Stamp of the newest sample that was decided [ns], and the time since its message was taken [s]. */
  readonly newest: () => { readonly stamp: bigint | undefined; readonly age: number };
  /** Names the sample of that stamp; tells whether it was taught, and what else came of it. */
  readonly teach: (stamp: bigint, name: string) => { readonly taught: boolean; readonly events: AgentEvent[] };
}

/**
 * 'This is the kitchen': names the newest sample and those that come within a duration. Stamps say when it is over, so that it
 * does not depend on how fast samples are decided; where none come any more the clock does.
 */
export class Teaching {
  /** What is taught now; `undefined`: nothing. */
  lesson: (Lesson & { readonly until: bigint; readonly deadline: number; taught: number; why: string }) | undefined;

  constructor(readonly parts: TeachingParts) {}

  /**
   * Begins; what was taught before ends.
   *
   * @param elapsed - time that has passed [s]
   * @returns what came of the newest sample
   * @throws {@link TopsparkError} `teach_no_sample`, `teach_duration`; what was taught before has ended all the same
   */
  begin(lesson: Lesson, elapsed: number): AgentEvent[] {
    this.end();
    const { name, duration } = lesson;
    if (!(duration >= 0 && duration <= longestTeaching)) {
      const found = `duration is ${duration} s`;
      throw new TopsparkError('teach_duration', 'usage', `${found}, expected 0 to ${longestTeaching} s`);
    }
    const { stamp: newest, age } = this.parts.newest();
    if (newest === undefined || age > recent) {
      const found = `there was no sample in the last ${recent} s to be called ${quoted(name)}`;
      throw new TopsparkError('teach_no_sample', 'usage', `${found}: is the sensor running, and the node active?`);
    }
    const until = newest + BigInt(Math.round(duration * 1e9));
    this.lesson = { ...lesson, until, deadline: elapsed + duration + 1, taught: 0, why: '' };
    const events = this.#name(newest);
    if (duration === 0) this.end();
    return events;
  }

  /** A sample was decided: it is named while something is taught. */
  decided(stamp: bigint): AgentEvent[] {
    if (this.lesson === undefined) return [];
    if (stamp <= this.lesson.until) return this.#name(stamp);
    this.end();
    return [];
  }

  /** Ends what has lasted long enough by the clock, though no sample says so. */
  tick(elapsed: number): void {
    if (this.lesson !== undefined && elapsed > this.lesson.deadline) this.end();
  }

  /** Ends what is taught. */
  end(): void {
    const lesson = this.lesson;
    this.lesson = undefined;
    lesson?.done(lesson.taught, lesson.why);
  }

  #name(stamp: bigint): AgentEvent[] {
    const lesson = this.lesson;
    if (lesson === undefined) return [];
    const { taught, events } = this.parts.teach(stamp, lesson.name);
    lesson.taught += Number(taught);
    for (const event of events) if (event.kind === 'refusal' && !taught) lesson.why = event.message;
    return events;
  }
}
