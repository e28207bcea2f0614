import { Random } from 'topspark/base/random.js';
import { within, type DayPlan } from './day-plan.js';

/** A label on its way. */
export interface PostedLabel {
  readonly due: number;
  readonly stamp: bigint;
  readonly name: string;
}

/** Shares of the labels that are sent twice, and that come so late that their sample is forgotten. */
const twice = 0.02;
const tooLate = 0.01;
const forgotten = 1800;

/** Labels as a person or a slower system gives them: some samples only, late, out of order, twice, or far too late. */
export class LabelPost {
  readonly #random: Random;
  #posted: PostedLabel[] = [];

  constructor(
    readonly plan: DayPlan,
    seed: number,
  ) {
    this.#random = new Random(seed);
  }

  /** A sample was decided; it may be named. */
  shown(stamp: bigint, name: string, time: number): void {
    const [named, delay, late, again] = Array.from({ length: 4 }, () => this.#random.uniform());
    if (named >= this.plan.labels || within(time, ...this.plan.silences)) return;
    const due = time + delay * this.plan.labelDelay + (late < tooLate ? forgotten : 0);
    this.#posted.push({ due, stamp, name });
    if (again < twice) this.#posted.push({ due: due + 1, stamp, name });
  }

  /** Labels that arrive by this time. */
  arrived(time: number): readonly PostedLabel[] {
    const arrived = this.#posted.filter(({ due }) => due <= time);
    if (arrived.length > 0) this.#posted = this.#posted.filter(({ due }) => due > time);
    return arrived.sort((a, b) => a.due - b.due);
  }
}
