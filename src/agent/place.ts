import type { ClassEditEvent, DecisionEvent, PlaceEvent } from './events.js';

/** Longest time that one answer counts for [ns], so that a single answer after a pause does not decide. */
const longestCount = 1e9;

interface Candidate {
  label: string;
  readonly since: bigint;
  /** Whole nanoseconds, so that nothing is rounded. */
  credit: number;
  /** Sum of the confidences of answers that agreed, and number of all answers since. */
  sure: number;
  answers: number;
}

/** The part of a decision that {@link PlaceFilter} reads. */
export type PlaceAnswer = Pick<DecisionEvent, 'stamp' | 'frameId' | 'label' | 'confidence'>;

/**
 * Where the robot is, for navigation: filters flicker out of the answers. It is a majority vote over time (Boyer and
 * Moore 1981); an answer weighs the time since the last sample. A candidate c gains by answers that agree and loses by
 * others,
 *
 *   credit := credit + dt   where the answer is c, else   credit - dt
 *
 * and becomes the place when its credit reaches the dwell. It is replaced when its credit is used up. Only stamps are
 * read, so that a replay gives the same places. Only one candidate is stored, however many answers come.
 */
export class PlaceFilter {
  #now: PlaceEvent = { kind: 'place', stamp: 0n, frameId: '', label: '', since: 0n, confidence: 0 };
  #candidate: Candidate | undefined;
  #last: bigint | undefined;

  /** @param dwell - time for which answers must agree, less that of other answers [s]; 0: the first answer counts */
  constructor(public dwell: number) {}

  /** The place; none is known at first. */
  get now(): PlaceEvent {
    return this.#now;
  }

  /**
   * Takes an answer; an empty one means 'I do not know'.
   *
   * @returns the place, where it has changed
   */
  hear({ stamp, frameId, label, confidence }: PlaceAnswer): PlaceEvent | undefined {
    const passed = Number(stamp - (this.#last ?? stamp));
    const time = Math.min(longestCount, Math.max(0, passed));
    this.#last = stamp;
    const candidate = this.#weigh(label, stamp, time);
    if (candidate === undefined) return undefined;
    candidate.answers++;
    if (candidate.label === label) candidate.sure += confidence;
    if (candidate.credit < 1e9 * this.dwell) return undefined;
    this.#candidate = undefined;
    const { since, sure, answers } = candidate;
    return this.#moveTo({ stamp, frameId, label: candidate.label, since, confidence: sure / answers });
  }

  #weigh(label: string, stamp: bigint, time: number): Candidate | undefined {
    const candidate = this.#candidate;
    if (candidate?.label === label) candidate.credit += time;
    else if (candidate !== undefined && candidate.credit > time) candidate.credit -= time;
    else if (label === this.#now.label) this.#candidate = undefined;
    else this.#candidate = { label, since: stamp, credit: 0, sure: 0, answers: 0 };
    return this.#candidate;
  }

  /**
   * A class was forgotten or renamed.
   *
   * @returns the place, where it has changed
   */
  edit({ name, newName }: ClassEditEvent): PlaceEvent | undefined {
    const candidate = this.#candidate;
    if (candidate?.label === name) candidate.label = newName;
    const named = this.#now.label === name && name !== newName;
    if (candidate?.label === (named ? newName : this.#now.label)) this.#candidate = undefined;
    if (!named) return undefined;
    const stamp = this.#last ?? 0n;
    const { frameId, since, confidence } = this.#now;
    const known = newName === '' ? { since: stamp, confidence: 0 } : { since, confidence };
    return this.#moveTo({ stamp, frameId, label: newName, ...known });
  }

  /**
   * Everything was forgotten, or replaced by a restored state.
   *
   * @returns the place, where it has changed
   */
  reset(): PlaceEvent | undefined {
    return this.edit({ name: this.#now.label, newName: '' });
  }

  #moveTo(place: Omit<PlaceEvent, 'kind'>): PlaceEvent {
    return (this.#now = { kind: 'place', ...place });
  }
}
