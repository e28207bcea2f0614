import { deterministicLog } from '../base/deterministic-functions.js';

// Step 12, class by class: a class that was answered well is suddenly answered wrong, while all others are as before.
// A CUSUM of its errors in bits (E. S. Page, Biometrika 41, 1954), for a share of errors p that rises half-way to 1:
//
//   wrong: S += log2((1 + p) / (2 p))     right: S -= 1     0 <= S <= 20, p from 0.02
//   on: S = 20, all neurons have formed     off: S = 0
//   p += (error - p) / min(n, 200) over the labels n of the class; S counts from n = 50, p stands still from an alarm on
//
// False alarms are 2^20 labels of a class apart or more in the mean, where errors come independently (G. Lorden,
// Ann. Math. Stat. 42, 1971). An alarm allows as many renewals as the class owns neurons; with the last one it starts anew.

const known = 50;
const window = 200;
const least = 0.02;
/** S of an alarm [bit]. */
const sure = 20;

/** What is remembered of each class; arrays that are stored. */
export interface ClassAlarmState {
  /** Labels n. */
  readonly labels: Float64Array;
  /** Share of errors p. */
  readonly errors: Float64Array;
  /** S [bit]. */
  readonly suspicion: Float64Array;
  /** 1: the alarm is on. */
  readonly on: Float64Array;
  /** Renewals that are left. */
  readonly renewals: Float64Array;
}

/** Notices that one class looks different now. */
export class ClassAlarms {
  readonly state: ClassAlarmState;
  #raised = 0;

  /** @param classes - most classes */
  constructor(classes: number) {
    const array = (): Float64Array => new Float64Array(classes);
    const [labels, errors, suspicion, on, renewals] = [array(), array(), array(), array(), array()];
    this.state = { labels, errors, suspicion, on, renewals };
  }

  /** Alarms since it was made; no part of what it remembers. */
  get raised(): number {
    return this.#raised;
  }

  /** Whether the alarm of any class is on. */
  get on(): boolean {
    return this.state.on.includes(1);
  }

  /**
   * Takes the outcome of one label.
   *
   * @param label - index of the class
   * @param owned - neurons that the class owns; 0 while not all have formed: nothing is renewed then
   * @returns whether the stalest neuron of the class is to be renewed with this sample
   */
  watch(label: number, right: boolean, owned: number): boolean {
    const { labels, errors, suspicion, on, renewals } = this.state;
    const p = Math.max(least, errors[label]);
    if (labels[label] >= known) {
      const bits = right ? -1 : deterministicLog((1 + p) / (2 * p)) / Math.LN2;
      suspicion[label] = Math.min(sure, Math.max(0, suspicion[label] + bits));
    }
    if (renewals[label] === 0) {
      const n = ++labels[label];
      errors[label] += (Number(!right) - errors[label]) / Math.min(n, window);
      if (suspicion[label] === sure && owned > 0) {
        this.#raised++;
        on[label] = 1;
        renewals[label] = owned;
      }
    } else if (suspicion[label] === 0) on[label] = 0;
    if (renewals[label] === 0 || right) return false;
    renewals[label]--;
    if (renewals[label] === 0) for (const array of Object.values({ ...this.state })) array[label] = 0;
    return true;
  }

  /** Starts anew. */
  reset(): void {
    for (const array of Object.values({ ...this.state })) array.fill(0);
  }

  /** A class is no more: those behind it move up. */
  remove(label: number): void {
    for (const array of Object.values({ ...this.state })) {
      array.copyWithin(label, label + 1);
      array[array.length - 1] = 0;
    }
  }
}
