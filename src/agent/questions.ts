import { Random } from '../base/random.js';

// R4: which samples people are asked about. Half of them are the first samples after times drawn at random, so that the
// estimates of accuracy, confidence and 'unknown' stay unbiased. The others have answers with the smallest leads, or
// belong to groups that were met and never named. H: most questions an hour, M: most questions a minute, t: stamp of a
// sample, dt: time since the last one [s].
//
//   L = 7200 / H: in each slot s = floor(t / L) one random check, at the first sample from (s + u_s) L on
//                u_s: drawn, 0..1
//   others:      b += dt / L ,  at most min(20, M - 1), from 1 ;  asking takes 1
//   unsure:      lead < theta and b >= 1
//                theta from 3, every sample theta = max(0.01, theta + (p - [lead < theta]) / 2)
//                p = min(1, dt / L): share of samples that may be asked about for this reason
//   group:       nothing like it has a name, and b >= 1
//
// Random checks depend on stamps alone and never wait: a check that falls into a time without questions is dropped, not
// postponed. The other kinds leave room for one. Doubles, in this order; no clock.

/** Why a sample is asked about, in the order of `Question.why`. */
export const questionReasons = ['unsure', 'unknown_group', 'random_check'] as const;

/** One of {@link questionReasons}. */
export type QuestionReason = (typeof questionReasons)[number];

/** Limits of questions. */
export interface QuestionBudget {
  /** Most questions in a minute, at least 2. */
  readonly perMinute: number;
  /** Most questions in an hour, half of them random checks; 0: no questions. */
  readonly perHour: number;
}

/** A sample that might be asked about. */
export interface Askable {
  /** Stamp [s]. */
  readonly time: number;
  /** Lead of the given answer [votes]; 0 while there is none. */
  readonly lead: number;
  /** Similar samples were met before, and none has a name. */
  readonly group: boolean;
  /** Nobody may be asked now, or its label would teach nothing. */
  readonly quiet: boolean;
}

const minute = 60;
const hour = 3600;
const mostSaved = 20;
const firstThreshold = 3;
const leastThreshold = 0.01;
const noSlot = -1;

/** State of the questions: numbers, and the times of the last questions [s]. */
export interface QuestionState {
  readonly threshold: number;
  readonly saved: number;
  /** Slot of the last random check, and stamp of the last sample; NaN: there was none. */
  readonly slot: number;
  readonly last: number;
  readonly asked: readonly number[];
}

/** State before the first sample. */
export const noQuestions: QuestionState = { threshold: firstThreshold, saved: 1, slot: noSlot, last: NaN, asked: [] };

/** Chooses the samples that people are asked about. */
export class Questions {
  #budget: QuestionBudget;
  #state: { -readonly [Key in keyof QuestionState]: QuestionState[Key] } = { ...noQuestions };
  /** When the random check of a slot is due [s]. */
  #due = { slot: noSlot, time: 0 };

  constructor(budget: QuestionBudget) {
    this.#budget = budget;
  }

  /** Sets the limits from now on. */
  set budget(budget: QuestionBudget) {
    this.#budget = budget;
    this.#due.slot = noSlot;
  }

  /**
   * Takes the next sample.
   *
   * @returns why to ask about it; `undefined`: it is not asked about
   */
  see({ time, lead, group, quiet }: Askable): QuestionReason | undefined {
    const { perMinute, perHour } = this.#budget;
    if (!(perHour > 0)) return undefined;
    const state = this.#state;
    const slotTime = (2 * hour) / perHour;
    const passed = time > state.last ? time - state.last : 0;
    state.last = time;
    state.saved = Math.min(mostSaved, Math.max(1, perMinute - 1), state.saved + passed / slotTime);
    const unsure = lead < state.threshold;
    const share = Math.min(1, passed / slotTime);
    state.threshold = Math.max(leastThreshold, state.threshold + (share - Number(unsure)) / 2);
    const slot = Math.floor(time / slotTime);
    const check = slot !== state.slot && time >= this.#dueIn(slot, slotTime);
    if (check) state.slot = slot;
    if (quiet) return undefined;
    if (check && this.#room(time, 1)) return this.#ask(time, 'random_check');
    if (!(unsure || group) || state.saved < 1 || !this.#room(time, 2)) return undefined;
    state.saved--;
    return this.#ask(time, group ? 'unknown_group' : 'unsure');
  }

  /** The state; a copy. */
  get state(): QuestionState {
    return { ...this.#state };
  }

  set state(state: QuestionState) {
    this.#state = { ...state };
  }

  // Whether so many more questions may be asked now.
  #room(time: number, more: number): boolean {
    const { perMinute, perHour } = this.#budget;
    // Stamps may start again: later times are dropped too.
    const asked = this.#state.asked.filter((each) => each > time - hour && each <= time);
    this.#state.asked = asked;
    const lastMinute = asked.filter((each) => each > time - minute).length;
    return lastMinute + more <= perMinute && asked.length + more <= Math.max(1, perHour);
  }

  #ask(time: number, why: QuestionReason): QuestionReason {
    this.#state.asked = [...this.#state.asked, time];
    return why;
  }

  #dueIn(slot: number, slotTime: number): number {
    if (this.#due.slot !== slot) this.#due = { slot, time: (slot + new Random(slot).uniform()) * slotTime };
    return this.#due.time;
  }
}
