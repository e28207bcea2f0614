import { TopsparkError } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import type { AgentEvent } from './events.js';

/** Age beyond which a sample is not the current one that a person means [s]. */
const recent = 5;

/** Longest time that one call teaches [s]. */
export const longestTeaching = 3600;

/** A lesson. */
export interface Lesson {
  /** Name of the class. */
  readonly name: string;
  /** Teaches the newest sample and those with stamps at most this much later [s]; 0: the newest alone. */
  readonly duration: number;
  /** Called at the end with the number of samples taught, and the reason of the last refusal; empty: none. */
  readonly done: (taught: number, why: string) => void;
}

/** Parts that {@link Teaching} works with. */
export interface TeachingParts {
  /** Stamp of the newest decided sample [ns], and the time since its message was taken [s]. */
  readonly newest: () => { readonly stamp: bigint | undefined; readonly age: number };
  /** Names the sample of that stamp; returns whether it was taught, and other events. */
  readonly teach: (stamp: bigint, name: string) => { readonly taught: boolean; readonly events: AgentEvent[] };
}

/**
 * 'This is the kitchen': names the newest sample and those that come within a duration. The lesson ends by stamps, so
 * that the speed of decisions does not matter; where no samples come, it ends by the clock.
 */
export class Teaching {
  /** The lesson under way; `undefined`: none. */
  lesson: (Lesson & { readonly until: bigint; readonly deadline: number; taught: number; why: string }) | undefined;

  constructor(readonly parts: TeachingParts) {}

  /**
   * Begins a lesson, and ends an earlier one.
   *
   * @param elapsed - elapsed time [s]
   * @returns the outcome for the newest sample
   * @throws {@link TopsparkError} `teach_no_sample`, `teach_duration`; the earlier lesson has ended all the same
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

  /** A sample was decided: names it while a lesson is under way. */
  decided(stamp: bigint): AgentEvent[] {
    if (this.lesson === undefined) return [];
    if (stamp <= this.lesson.until) return this.#name(stamp);
    this.end();
    return [];
  }

  /** Ends a lesson whose time is over by the clock, where no sample ends it. */
  tick(elapsed: number): void {
    if (this.lesson !== undefined && elapsed > this.lesson.deadline) this.end();
  }

  /** Ends the lesson. */
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
