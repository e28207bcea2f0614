import type { ClassEditEvent, DecisionEvent, PlaceEvent } from './events.js';

/** Longest time that one answer counts for [ns]: after a pause a single one must not decide. */
const longestCount = 1e9;

interface Candidate {
  label: string;
  readonly since: bigint;
  /** In whole nanoseconds, so that nothing is rounded. */
  credit: number;
  /** Sum of the confidences of answers that said so, and all answers since. */
  sure: number;
  answers: number;
}

/** What {@link PlaceFilter} reads of a decision. */
export type PlaceAnswer = Pick<DecisionEvent, 'stamp' | 'frameId' | 'label' | 'confidence'>;

/**
 * Where the robot is: answers without their flicker, for navigation. A majority vote in time (Boyer and Moore 1981, with the time
 * since the sample before as the weight of an answer): a candidate c gains what agrees with it and loses what does not,
 *
 *   credit := credit + dt   where the answer is c, else   credit - dt
 *
 * and is the place once its credit has reached the dwell. It gives way where its credit is used up. Stamps alone are read, so that a replay tells
 * the same; it remembers one candidate, however many answers come.
 */
export class PlaceFilter {
  #now: PlaceEvent = { kind: 'place', stamp: 0n, frameId: '', label: '', since: 0n, confidence: 0 };
  #candidate: Candidate | undefined;
  #last: bigint | undefined;

  /** @param dwell - time for which answers must agree, net of those that do not [s]; 0: the first is believed */
  constructor(public dwell: number) {}

  /** The place that was told last; at first none is known. */
  get now(): PlaceEvent {
    return this.#now;
  }

  /**
   * Hears an answer; an empty one is 'I do not know'.
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
    return this.#tell({ stamp, frameId, label: candidate.label, since, confidence: sure / answers });
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
   * A class was forgotten or is called otherwise.
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
    return this.#tell({ stamp, frameId, label: newName, ...known });
  }

  /**
   * Everything was forgotten, or replaced by what was learned elsewhere.
   *
   * @returns the place, where it has changed
   */
  reset(): PlaceEvent | undefined {
    return this.edit({ name: this.#now.label, newName: '' });
  }

  #tell(place: Omit<PlaceEvent, 'kind'>): PlaceEvent {
    return (this.#now = { kind: 'place', ...place });
  }
}
