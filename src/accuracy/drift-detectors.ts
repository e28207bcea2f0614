import { deterministicLog } from '../base/deterministic-functions.js';
import { badState, type Json } from '../base/snapshot.js';

// Four detectors that run on labels: three alarms that make learning renew neurons, and a window for values that are
// compared with an expectation. The detectors that need no labels are in margins.ts.

// Step 12 of docs/lean.md. Errors e (0 or 1) on labels of classes that are known well:
//
//   fast += (e - fast) / min(n, 50)     slow += (e - slow) / min(n, 2000), frozen during an alarm;  both from 0
//   on:  n > 500, network full, fast > slow + 0.4 (1 - slow)
//   off: fast < slow, or N renewals; n, fast and slow start again
//
// While it is on, every error renews a neuron, and so does a sample without a label whose answer hardly leads.

/** Labels of a class before its errors count: a new class is no alarm. */
const knownAfter = 50;
const fastWindow = 50;
const slowWindow = 2000;
/** Labels before the slow error is believed. */
const settled = 500;
/** Share of the way from the slow error to 1 that the fast one must cover. */
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
  /** All of them have formed. */
  readonly full: boolean;
}

/**
 * Reads the state of an alarm from a snapshot.
 *  @param what - where it stands
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

/** Notices that the world has changed: known classes are suddenly answered wrong. Error means in doubles. */
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

  /** No alarm is on, and enough labels came since the last one, or the start, to know the error rate. */
  get settled(): boolean {
    return !this.#alarm && this.#labelled > settled;
  }

  /**
   * Takes the outcome of one label.
   *
   * @param labelsBefore - labels of its class before this one
   * @param network - size N, and whether all neurons have formed
   * @returns whether the stalest neuron is to be renewed with this sample
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

  /** Notes a renewal that no label asked for; returns whether it may happen: at most N in an alarm. */
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

// Step 12 by class: a class that was answered well is suddenly answered wrong, while all others stay as before.
// A CUSUM of its errors in bits (E. S. Page, Biometrika 41, 1954), for a share of errors p that rises half-way to 1:
//
//   wrong: S += log2((1 + p) / (2 p))     right: S -= 1     0 <= S <= 20, p from 0.02
//   on: S = 20, all neurons have formed     off: S = 0
//   p += (error - p) / min(n, 200) over the labels n of the class; S counts from n = 50, p stands still from an alarm on
//
// False alarms are 2^20 labels of a class apart or more in the mean, where errors come independently (G. Lorden,
// Ann. Math. Stat. 42, 1971). An alarm allows as many renewals as the class owns neurons; after the last one it starts again.

/** Labels n of a class before S counts, most labels that p averages over, and the least p. */
const knownClass = 50;
const classWindow = 200;
const leastErrors = 0.02;
/** S of an alarm [bit]. */
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
  /** Renewals that are left. */
  readonly renewals: Float64Array;
}

/** Notices that a single class looks different now. */
export class ClassAlarms {
  readonly state: ClassAlarmState;
  #raised = 0;

  /** @param classes - most classes */
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
   * @param owned - neurons of the class; 0 until all neurons have formed: nothing is renewed then
   * @returns whether the stalest neuron of the class is to be renewed with this sample
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

  /** Starts again. */
  reset(): void {
    for (const array of Object.values({ ...this.state })) array.fill(0);
  }

  /** A class is removed: those after it move up. */
  remove(label: number): void {
    for (const array of Object.values({ ...this.state })) {
      array.copyWithin(label, label + 1);
      array[array.length - 1] = 0;
    }
  }
}

// R3: an alarm that needs no error rate, for labels that are not drawn at random: their errors do not show how often
// answers are wrong. Two signs together show that the world has changed: answers hardly lead, and corrections come from
// most classes.
//
//   every learned sample, lead l of the net answer:  Lf += (l - Lf) / min(n, 200) ;  while shut Ls += (l - Ls) / min(n, 5000)
//     n >= 2000:  opens at Lf < 0.7 Ls ,  shuts at Lf > 0.85 Ls
//   every label:  G += ((50 labels of its class before ? wrong : 0.5) - G) / 50 , from 0.5
//     Wide = classes with a wrong label, known by 50 before, among the last 50 labels
//   on:   open, all neurons have formed, the class known, G > 0.6 , Wide >= 2 , 3 Wide >= 2 (classes heard), and a label that is
//         no random one came within the last 1000 samples
//   off:  shut, or N renewals; G starts again then
//
// New classes open the gate too: few classes are answered wrong then, and Wide keeps the alarm off. Doubles, in this order.

const fastLeads = 200;
const slowLeads = 5000;
/** Samples before leads are compared. */
const settledLeads = 2000;
const opensBelow = 0.7;
const shutsAbove = 0.85;
/** Labels that Wide looks back over. */
const recentLabels = 50;
const mostlyWrong = 0.6;
const unknownError = 0.5;
/** Samples since a person last corrected, answered or taught. */
const chosenWithin = 1000;

/** A label, as the gate sees it. */
export interface GateLabel {
  /** Index of the class, and labels of it before this one. */
  readonly label: number;
  readonly labelsBefore: number;
  /** The given answer was wrong. */
  readonly wrong: boolean;
  /** It was not drawn at random. */
  readonly chosen: boolean;
  /** Classes so far; N once all neurons have formed, else 0. */
  readonly classes: number;
  readonly neurons: number;
}

/** Notices that the world has changed, by leads and by the classes that corrections come from. */
export class WorldGate {
  #samples = 0;
  #fast = 0;
  #slow = 0;
  #open = false;
  #wrong = unknownError;
  /** Class of each of the last labels that was wrong and known; -1: right, or hardly known. */
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

  /** Answers lead so much less than before that silence confirms nothing. */
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

  /** @returns whether the stalest neuron is to be renewed with the sample of the label */
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

  /** Notes a renewal; returns whether it may happen: at most N in an alarm. */
  renew(neurons: number): boolean {
    if (!this.#on) return false;
    if (this.#renewed >= neurons) {
      this.#end();
      return false;
    }
    this.#renewed++;
    return true;
  }

  /** A class is removed: those after it move up. */
  removeClass(label: number): void {
    this.#recent.forEach((each, at) => {
      if (each === label) this.#recent[at] = -1;
      else if (each > label) this.#recent[at]--;
    });
  }

  /** n, Lf, Ls, open, G, labels, samples at the last label that was chosen (-1: none), on, renewals; then the last labels. */
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

// ADWIN: the window of the last n values is split where its two parts, of n₀ and n₁ values, differ in mean by more than
//
//   ε = √(2 σ² ln(2/δ') / m) + 2 ln(2/δ') / (3 m),   1/m = 1/n₀ + 1/n₁,   δ' = δ / ln n
//
// and the older part is dropped. σ²: variance over the window; the values lie in a range of 1. The window is kept as an
// exponential histogram of O(log n) buckets.
// Source: Bifet & Gavaldà, Learning from time-changing data with adaptive windowing, SIAM SDM 2007.

/** Buckets of one size; the two oldest are merged when there are more. */
const mostOfOneSize = 5;
/** Values between two checks, and the least in each part of a split. */
const checkEvery = 8;
const leastPart = 8;

interface Bucket {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

/** A window that grows while the mean stays the same, and drops its older part when the mean has changed. */
export class AdaptiveWindow {
  #buckets: Bucket[] = []; // oldest first, sizes never growing
  #total: Bucket = { count: 0, sum: 0, squares: 0 };
  #unchecked = 0;

  /** @param delta - δ: chance of a false alarm, 0..1 */
  constructor(readonly delta = 0.002) {}

  /** Values in the window. */
  get count(): number {
    return this.#total.count;
  }

  /** Their mean; 0 while there is none. */
  get mean(): number {
    return this.count > 0 ? this.#total.sum / this.count : 0;
  }

  /**
   * Adds a value.
   *  @returns the change of the mean where one is found, newer less older; otherwise 0
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

  /** Shifts every value by a number: the expectation that they are compared with has changed. */
  shift(by: number): void {
    this.#buckets = this.#buckets.map((bucket) => shifted(bucket, by));
    this.#total = shifted(this.#total, by);
  }

  /** Values since the last check, then count, sum and squares of all and of each bucket, oldest first. */
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
