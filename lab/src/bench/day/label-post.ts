import { Random } from 'topspark/base/random.js';
import type { LabelKind } from 'topspark/classifier/label-kinds.js';
import type { QuestionEvent } from 'topspark/agent/events.js';
import { within, type DayPlan } from './day-plan.js';

/** A label that is on its way. */
export interface PostedLabel {
  readonly due: number;
  readonly stamp: bigint;
  readonly name: string;
  readonly kind: LabelKind;
}

/** Shares of labels that are sent twice, and that come so late that their sample is forgotten. */
const twice = 0.02;
const tooLate = 0.01;
const forgotten = 1800;
/** Most corrections that may be saved up. */
const mostSaved = 20;

/**
 * Labels as a person or a slower system gives them: for some samples only, late, out of order, twice, or far too late.
 */
export class LabelPost {
  readonly #random: Random;
  #posted: PostedLabel[] = [];
  /** Corrections saved up so far. */
  #saved = 0;

  constructor(
    readonly plan: DayPlan,
    seed: number,
  ) {
    this.#random = new Random(seed);
  }

  /**
   * Decides whether a sample that was decided gets a label.
   *
   * @param right - whether the answer was right
   * @param question - the robot's question about it, if any
   */
  shown(stamp: bigint, name: string, time: number, right: boolean, question: QuestionEvent | undefined): void {
    const [named, delay, late, again] = Array.from({ length: 4 }, () => this.#random.uniform());
    const kind = this.#kindOf(named, right, question);
    if (kind === undefined || within(time, ...this.plan.silences)) return;
    const due = time + delay * this.plan.labelDelay + (late < tooLate ? forgotten : 0);
    this.#posted.push({ due, stamp, name, kind });
    if (again < twice) this.#posted.push({ due: due + 1, stamp, name, kind });
  }

  #kindOf(named: number, right: boolean, question: QuestionEvent | undefined): LabelKind | undefined {
    const { labels, labelling } = this.plan;
    if (labelling === 'asked') return question?.answer;
    const half = labelling === 'half' ? labels / 2 : labels;
    if (labelling !== 'corrections' && named < half) return 'random';
    if (labelling === 'random') return undefined;
    this.#saved = Math.min(mostSaved, this.#saved + half);
    if (right || this.#saved < 1) return undefined;
    this.#saved--;
    return 'correction';
  }

  /** Removes and returns the labels that arrive by this time. */
  arrived(time: number): readonly PostedLabel[] {
    const arrived = this.#posted.filter(({ due }) => due <= time);
    if (arrived.length > 0) this.#posted = this.#posted.filter(({ due }) => due > time);
    return arrived.sort((a, b) => a.due - b.due);
  }
}
