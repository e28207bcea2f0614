import { deterministicLog } from '../base/deterministic-functions.js';
import { badState, type Json } from '../base/snapshot.js';

// Four detectors that run on labels: three alarms that make learning renew neurons, and a window over values that are
// compared with an expectation. The detector that needs no labels is in margins.ts.

// Step 12 of docs/lean.md. Errors e (0 or 1) on labels of classes that have had at least 50 labels before:
//
//   fast += (e - fast) / min(n, 50)     slow += (e - slow) / min(n, 2000), frozen during an alarm;  both from 0
//   on:  n > 500, network full, fast > slow + 0.4 (1 - slow)
//   off: fast < slow, or N renewals; n, fast and slow start again
//
// While the alarm is on, every error renews a neuron. So does an unlabelled sample whose answer hardly leads.

/** Labels of a class before its errors count, since errors on a new class are normal. */
const knownAfter = 50;
const fastWindow = 50;
const slowWindow = 2000;
/** Labels before the slow error is trusted. */
const settled = 500;
/** The fast error must cover this share of the way from the slow error to 1. */
const on = 0.4;

/** State of the alarm. */
export interface AlarmState {
  readonly labelled: number;
  readonly fast: number;
  readonly slow: number;
  readonly renewed: number;
  readonly alarm: boolean;
}

/** A network of N neurons. */
export interface WatchedNetwork {
  readonly shape: { readonly neurons: number };
  /** All neurons have formed. */
  readonly full: boolean;
}

/**
 * Reads the state of an alarm from a snapshot.
 *
 * @param what - name of the field, for the error's sentence
 * @throws TopsparkError `bad_state` naming what was found and expected
 */
export function storedAlarm(found: Json | undefined, what: string): AlarmState {
  const given = new Map(Object.entries(typeof found === 'object' && found !== null ? found : {}));
  for (const [name, example] of Object.entries(new ChangeAlarm().state)) {
    const value: unknown = given.get(name);
    const sound = typeof value === typeof example && (typeof value !== 'number' || value >= 0);
    if (sound) continue;
    const text = value === undefined ? 'missing' : JSON.stringify(value).slice(0, 40);
    badState(`${what}.${name}`, text, `a ${typeof example} from 0`);
  }
  return Object.fromEntries(given) as unknown as AlarmState;
}

/** Detects that the world has changed: known classes are suddenly answered wrong. Mean errors are float64. */
export class ChangeAlarm {
  #labelled = 0;
  #fast = 0;
  #slow = 0;
  #renewed = 0;
  #alarm = false;
  #raised = 0;

  /** Alarms since construction; not part of the state. */
  get raised(): number {
    return this.#raised;
  }

  /** Whether the alarm is on. */
  get on(): boolean {
    return this.#alarm;
  }

  /** No alarm is on, and enough labels came since the last alarm (or the start) to know the error rate. */
  get settled(): boolean {
    return !this.#alarm && this.#labelled > settled;
  }

  /**
   * Takes the outcome of one label.
   *
   * @param labelsBefore - earlier labels of its class
   * @param network - size N, and whether all neurons have formed
   * @returns whether to renew the stalest neuron with this sample
   */
  watch(labelsBefore: number, right: boolean, network: WatchedNetwork): boolean {
    if (labelsBefore < knownAfter) return false;
    const error = right ? 0 : 1;
    this.#labelled++;
    this.#fast += (error - this.#fast) / Math.min(this.#labelled, fastWindow);
    if (!this.#alarm) this.#slow += (error - this.#slow) / Math.min(this.#labelled, slowWindow);
    const bad = this.#fast > this.#slow + on * (1 - this.#slow);
    const good = this.#fast < this.#slow;
    if (bad && !this.#alarm && this.#labelled > settled && network.full) {
      this.#alarm = true;
      this.#raised++;
      this.#renewed = 0;
    }
    if (this.#alarm && (good || this.#renewed >= network.shape.neurons)) this.#end();
    if (!this.#alarm || right) return false;
    this.#renewed++;
    return true;
  }

  /** Counts a renewal that no label caused. Returns whether it is allowed: at most N per alarm. */
  renew(neurons: number): boolean {
    if (!this.#alarm || this.#renewed >= neurons) return false;
    this.#renewed++;
    return true;
  }

  /** The state. */
  get state(): AlarmState {
    const [labelled, fast, slow] = [this.#labelled, this.#fast, this.#slow];
    return { labelled, fast, slow, renewed: this.#renewed, alarm: this.#alarm };
  }

  set state(state: AlarmState) {
    this.#labelled = state.labelled;
    this.#fast = state.fast;
    this.#slow = state.slow;
    this.#renewed = state.renewed;
    this.#alarm = state.alarm;
  }

  #end(): void {
    this.#alarm = false;
    this.#labelled = 0;
    this.#fast = 0;
    this.#slow = 0;
  }
}

// Step 12 of docs/lean.md for single classes: a class that was answered well is suddenly answered wrong, while the
// others stay as before. A CUSUM of its errors in bits (E. S. Page, Biometrika 41, 1954) tests whether the share of
// errors p has risen half-way to 1:
//
//   wrong: S += log2((1 + p) / (2 p))     right: S -= 1     0 <= S <= 20, p >= 0.02
//   on: S = 20, all neurons have formed     off: S = 0
//   p += (error - p) / min(n, 200) over the labels n of the class; S counts from n = 50; an alarm freezes p and n
//
// If errors are independent, false alarms are at least 2^20 labels of a class apart on average (G. Lorden, Ann. Math.
// Stat. 42, 1971). An alarm allows as many renewals as the class owns neurons. After the last one, all start at 0.

/** Labels n of a class before S counts; maximum number of labels that p averages over; minimum of p. */
const knownClass = 50;
const classWindow = 200;
const leastErrors = 0.02;
/** S at which the alarm goes on [bit]. */
const sure = 20;

/** State of each class; the arrays are stored. */
export interface ClassAlarmState {
  /** Labels n. */
  readonly labels: Float64Array;
  /** Share of errors p. */
  readonly errors: Float64Array;
  /** S [bit]. */
  readonly suspicion: Float64Array;
  /** 1: the alarm is on. */
  readonly on: Float64Array;
  /** Renewals that are left; above 0 until the last renewal of an alarm. */
  readonly renewals: Float64Array;
}

/** Detects that a single class looks different now. */
export class ClassAlarms {
  readonly state: ClassAlarmState;
  #raised = 0;

  /** @param classes - maximum number of classes */
  constructor(classes: number) {
    const array = (): Float64Array => new Float64Array(classes);
    const [labels, errors, suspicion, on, renewals] = [array(), array(), array(), array(), array()];
    this.state = { labels, errors, suspicion, on, renewals };
  }

  /** Alarms since construction; not part of the state. */
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
   * @param owned - neurons of the class; 0 until all neurons have formed, so that nothing is renewed
   * @returns whether to renew the stalest neuron of the class with this sample
   */
  watch(label: number, right: boolean, owned: number): boolean {
    const { labels, errors, suspicion, on, renewals } = this.state;
    const p = Math.max(leastErrors, errors[label]);
    if (labels[label] >= knownClass) {
      const bits = right ? -1 : deterministicLog((1 + p) / (2 * p)) / Math.LN2;
      suspicion[label] = Math.min(sure, Math.max(0, suspicion[label] + bits));
    }
    if (renewals[label] === 0) {
      const n = ++labels[label];
      errors[label] += (Number(!right) - errors[label]) / Math.min(n, classWindow);
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

  /** Forgets everything. */
  reset(): void {
    for (const array of Object.values({ ...this.state })) array.fill(0);
  }

  /** Removes a class; later classes move up by one. */
  remove(label: number): void {
    for (const array of Object.values({ ...this.state })) {
      array.copyWithin(label, label + 1);
      array[array.length - 1] = 0;
    }
  }
}

// An alarm for labels that are not drawn at random: their errors do not show how often answers are wrong, so it uses no
// error rate. Two signs together show that the world has changed: answers lead by less than before, and corrections
// come from most classes. A class is known after 50 labels.
//
//   every learned sample, lead l of the net answer:
//     Lf += (l - Lf) / min(n, 200) ;  while shut also Ls += (l - Ls) / min(n, 5000)
//     n >= 2000:  opens at Lf < 0.7 Ls ,  shuts at Lf > 0.85 Ls
//   every label:
//     G += ((class known ? wrong : 0.5) - G) / 50 , from 0.5
//     Wide = known classes that were answered wrong among the last 50 labels
//   on:   open, all neurons have formed, the class known, G > 0.6 , Wide >= 2 , 3 Wide >= 2 (classes so far), and a
//         label that was not drawn at random came within the last 1000 samples
//   off:  shut, or N renewals; then G = 0
//
// New classes open the gate, too. Then only few classes are answered wrong, and Wide keeps the alarm off. All numbers
// are float64 and computed in this order.

const fastLeads = 200;
const slowLeads = 5000;
/** Samples before leads are compared. */
const settledLeads = 2000;
const opensBelow = 0.7;
const shutsAbove = 0.85;
/** Number of latest labels that Wide counts over. */
const recentLabels = 50;
const mostlyWrong = 0.6;
const unknownError = 0.5;
/** A person must have corrected, answered or taught within this number of samples. */
const chosenWithin = 1000;

/** A label, as the gate sees it. */
export interface GateLabel {
  /** Index of the class, and number of its earlier labels. */
  readonly label: number;
  readonly labelsBefore: number;
  /** The given answer was wrong. */
  readonly wrong: boolean;
  /** The sample was not drawn at random. */
  readonly chosen: boolean;
  /** Classes so far; N where all neurons have formed, else 0. */
  readonly classes: number;
  readonly neurons: number;
}

/** Detects that the world has changed, from leads and from the classes that corrections come from. */
export class WorldGate {
  #samples = 0;
  #fast = 0;
  #slow = 0;
  #open = false;
  #wrong = unknownError;
  /** Class of each of the last labels where a known class was answered wrong; -1: right, or class not known. */
  readonly #recent = new Float64Array(recentLabels).fill(-1);
  #labels = 0;
  #chosenAt = -Infinity;
  #on = false;
  #renewed = 0;
  #raised = 0;

  /** Alarms since construction; not part of the state. */
  get raised(): number {
    return this.#raised;
  }

  /** Answers lead by so much less than before that silence does not confirm them. */
  get open(): boolean {
    return this.#open;
  }

  /** The world has changed. */
  get on(): boolean {
    return this.#on;
  }

  /** @param lead - of the net answer of a sample that was learned [votes] */
  see(lead: number): void {
    this.#samples++;
    this.#fast += (lead - this.#fast) / Math.min(this.#samples, fastLeads);
    if (!this.#open) this.#slow += (lead - this.#slow) / Math.min(this.#samples, slowLeads);
    if (this.#samples < settledLeads) return;
    if (this.#fast < opensBelow * this.#slow) this.#open = true;
    else if (this.#fast > shutsAbove * this.#slow) this.#open = false;
    if (this.#on && !this.#open) this.#end();
  }

  /** @returns whether to renew the stalest neuron with the sample of the label */
  watch({ label, labelsBefore, wrong, chosen, classes, neurons }: GateLabel): boolean {
    const isKnown = labelsBefore >= knownAfter;
    this.#wrong += ((isKnown ? Number(wrong) : unknownError) - this.#wrong) / recentLabels;
    this.#recent[this.#labels++ % recentLabels] = isKnown && wrong ? label : -1;
    if (chosen) this.#chosenAt = this.#samples;
    if (!this.#on && this.#open && neurons > 0 && isKnown && this.#wrong > mostlyWrong && this.#isWide(classes)) {
      if (this.#samples - this.#chosenAt <= chosenWithin) {
        this.#on = true;
        this.#raised++;
        this.#renewed = 0;
      }
    }
    return this.#on && isKnown && wrong && this.renew(neurons);
  }

  /** Counts a renewal. Returns whether it is allowed: at most N per alarm. */
  renew(neurons: number): boolean {
    if (!this.#on) return false;
    if (this.#renewed >= neurons) {
      this.#end();
      return false;
    }
    this.#renewed++;
    return true;
  }

  /** Removes a class; later classes move up by one. */
  removeClass(label: number): void {
    this.#recent.forEach((each, at) => {
      if (each === label) this.#recent[at] = -1;
      else if (each > label) this.#recent[at]--;
    });
  }

  /** n, Lf, Ls, open, G, labels, n at the last chosen label (-1: none), on, renewals; then the last labels. */
  get state(): readonly number[] {
    const chosenAt = Math.max(-1, this.#chosenAt);
    return [
      ...[this.#samples, this.#fast, this.#slow, Number(this.#open), this.#wrong, this.#labels, chosenAt],
      ...[Number(this.#on), this.#renewed, ...this.#recent],
    ];
  }

  set state([samples, fast, slow, open, wrong, labels, chosenAt, on, renewed, ...recent]: readonly number[]) {
    this.#samples = samples;
    this.#fast = fast;
    this.#slow = slow;
    this.#open = open === 1;
    this.#wrong = wrong;
    this.#labels = labels;
    this.#chosenAt = chosenAt < 0 ? -Infinity : chosenAt;
    this.#on = on === 1;
    this.#renewed = renewed;
    this.#recent.set(recent);
  }

  #isWide(classes: number): boolean {
    const wide = new Set(this.#recent.filter((label) => label >= 0)).size;
    return wide >= 2 && 3 * wide >= 2 * classes;
  }

  #end(): void {
    this.#on = false;
    this.#renewed = 0;
    this.#wrong = 0;
  }
}

// ADWIN: the window holds the last n values. It has changed if it can be split into an older part of n₀ and a newer
// part of n₁ values whose means differ by more than
//
//   ε = √(2 σ² ln(2/δ') / m) + 2 ln(2/δ') / (3 m),   1/m = 1/n₀ + 1/n₁,   δ' = δ / ln n
//
// σ² is the variance over the window; the values lie in a range of 1. Then the oldest values are dropped until no such
// split is left. The window is kept as an exponential histogram of O(log n) buckets.
// Source: Bifet & Gavaldà, Learning from time-changing data with adaptive windowing, SIAM SDM 2007.

/** Maximum number of buckets of one size; where there are more, the two oldest are merged. */
const mostOfOneSize = 5;
/** Values between two checks, and minimum number of values in each part of a split. */
const checkEvery = 8;
const leastPart = 8;

interface Bucket {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

/** A window that grows while the mean stays the same, and drops its oldest values when the mean has changed. */
export class AdaptiveWindow {
  #buckets: Bucket[] = []; // oldest first; a later bucket is never larger
  #total: Bucket = { count: 0, sum: 0, squares: 0 };
  #unchecked = 0;

  /** @param delta - δ: probability of a false alarm, 0..1 */
  constructor(readonly delta = 0.002) {}

  /** Values in the window. */
  get count(): number {
    return this.#total.count;
  }

  /** Mean of the values; 0 while there are none. */
  get mean(): number {
    return this.count > 0 ? this.#total.sum / this.count : 0;
  }

  /**
   * Adds a value.
   *
   * @returns mean of the window after a change less the mean before it; 0: no change was found
   */
  add(value: number): number {
    const bucket = { count: 1, sum: value, squares: value * value };
    this.#buckets.push(bucket);
    this.#total = merged(this.#total, bucket);
    this.#compress();
    if (++this.#unchecked < checkEvery) return 0;
    this.#unchecked = 0;
    const before = this.mean;
    let dropped = false;
    while (this.#changed()) {
      this.#drop();
      dropped = true;
    }
    return dropped ? this.mean - before : 0;
  }

  /** Adds a number to every value, since the expectation that they are compared with has changed. */
  shift(by: number): void {
    this.#buckets = this.#buckets.map((bucket) => shifted(bucket, by));
    this.#total = shifted(this.#total, by);
  }

  /** Values since the last check; then count, sum and squares of all values and of each bucket, oldest first. */
  get state(): readonly number[] {
    return [this.#unchecked, ...[this.#total, ...this.#buckets].flatMap((b) => [b.count, b.sum, b.squares])];
  }

  set state([unchecked, ...numbers]: readonly number[]) {
    const rows = Array.from({ length: numbers.length / 3 }, (_, k) => numbers.slice(3 * k, 3 * k + 3));
    const [total, ...buckets] = rows.map(([count, sum, squares]) => ({ count, sum, squares }));
    this.#unchecked = unchecked;
    this.#total = total;
    this.#buckets = buckets;
  }

  /** Forgets everything. */
  reset(): void {
    this.#buckets = [];
    this.#total = { count: 0, sum: 0, squares: 0 };
    this.#unchecked = 0;
  }

  #compress(): void {
    const buckets = this.#buckets;
    for (let end = buckets.length; end > 0;) {
      const { count } = buckets[end - 1];
      let start = end;
      while (start > 0 && buckets[start - 1].count === count) start--;
      if (end - start <= mostOfOneSize) return;
      buckets.splice(start, 2, merged(buckets[start], buckets[start + 1]));
      end = start + 1;
    }
  }

  #changed(): boolean {
    const { count, sum, squares } = this.#total;
    if (count < 2 * leastPart) return false;
    const variance = Math.max(0, squares / count - (sum / count) ** 2);
    const term = Math.log((2 * Math.log(count)) / this.delta);
    let older = { count: 0, sum: 0, squares: 0 };
    for (const bucket of this.#buckets) {
      older = merged(older, bucket);
      const newer = count - older.count;
      if (older.count < leastPart) continue;
      if (newer < leastPart) return false;
      const inverse = 1 / older.count + 1 / newer;
      const bound = Math.sqrt(2 * variance * term * inverse) + (2 / 3) * term * inverse;
      if (Math.abs(older.sum / older.count - (sum - older.sum) / newer) > bound) return true;
    }
    return false;
  }

  #drop(): void {
    const oldest = this.#buckets.shift();
    if (oldest === undefined) return;
    const { count, sum, squares } = this.#total;
    this.#total = { count: count - oldest.count, sum: sum - oldest.sum, squares: squares - oldest.squares };
  }
}

function merged(a: Bucket, b: Bucket): Bucket {
  return { count: a.count + b.count, sum: a.sum + b.sum, squares: a.squares + b.squares };
}

function shifted({ count, sum, squares }: Bucket, by: number): Bucket {
  return { count, sum: sum + count * by, squares: squares + 2 * by * sum + count * by * by };
}
