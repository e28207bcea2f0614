import { checkInteger } from '../base/errors.js';
import type { Presentation } from '../snn/presentation.js';
import { mostNearest, type SpikingNetwork } from '../snn/spiking-network.js';

/** Flags in `taught`: class neurons moved for the label; neurons were credited. */
export const movedClass = 1;
export const creditedNeurons = 2;

/** Value in `learned`: the sample was too familiar to learn. */
export const familiar = 2;

/** Value in `labelled`: the label repeated the last one, and taught nothing. */
export const repeated = 2;

/** Most timesteps of a sample, and so most neurons that can fire in it (one per step). */
const mostFired = 1000;

/** How far the stamp of a label may be from that of its sample [ns]. */
export interface LabelReach {
  /** Time that a sample covers: stamps in (its own − span, its own] name it. 0: a sample is of one moment. */
  readonly span: bigint;
  /** Largest distance to the nearest sample, where no sample covers the stamp. */
  readonly slop: bigint;
}

/** A label must carry the exact stamp of its sample. */
export const exactly: LabelReach = { span: 0n, slop: 0n };

/** The samples that a label may still name. */
export interface RememberedSamples {
  readonly samples: number;
  /** Capacity. */
  readonly capacity: number;
  /** Stamp of the newest one [ns]; `undefined`: there is none. */
  readonly newest: bigint | undefined;
  /** Mean time between samples [s]; NaN: there are fewer than two, or time went back. */
  readonly period: number;
}

/**
 * The last samples, so that a label may come late: a ring of preallocated arrays. A sample's slot is its number modulo
 * the capacity. Lists of fired neurons are usually short but may be long, so they are stored in a ring of their own,
 * which grows on demand.
 */
export class LabelBuffer {
  /** D bytes per slot. */
  readonly intensities: Uint8Array;
  readonly stamps: BigInt64Array;
  /** Clock of the network right after the sample. */
  readonly clocks: Float64Array;
  /** Class index of the net answer, and of the given one; -1: none. */
  readonly answers: Int32Array;
  readonly given: Int32Array;
  /** Answer of the class neurons; -1: they were not read. */
  readonly classAnswers: Int32Array;
  /** Answer of the votes, class neurons included, and the answer with a trusted linear readout; -1: none. */
  readonly voted: Int32Array;
  readonly trusting: Int32Array;
  /** 1: the linear readout has learned from the label, and this can be undone. */
  readonly linear: Uint8Array;
  /** Class index of the learned label; -1: none. Its effects: {@link movedClass} and {@link creditedNeurons}. */
  readonly labels: Int32Array;
  readonly taught: Uint8Array;
  /** Credit of the label for each of the nearest neurons. */
  readonly nearestCredits: Float32Array;
  /** Neuron that was imprinted with the sample for the label, -1: none; and when, by the clock of the network. */
  readonly renewed: Int32Array;
  readonly renewedClocks: Float64Array;
  /** 1: learned; 2: not learned, too familiar. */
  readonly learned: Uint8Array;
  /** 1 in `silent`: no input was active. In `labelled`, 1 or {@link repeated}: a label has come. */
  readonly silent: Uint8Array;
  readonly labelled: Uint8Array;
  readonly nearestCounts: Int32Array;
  readonly nearest: Int32Array;
  readonly firedCounts: Int32Array;
  /** Most neurons that can fire in a sample. */
  readonly firedRoom: number;
  /**
   * Start of each slot's list in the ring of lists; below: the ring, its used length, and the start of the next list.
   */
  readonly #starts: Int32Array;
  #fired = new Int32Array(0);
  #firedSpikes = new Int32Array(0);
  #listed = 0;
  #next = 0;
  #samples = 0;
  #first = 0;

  /**
   * @param capacity - most samples remembered
   * @param inputs - D
   * @param neurons - N
   */
  constructor(
    readonly capacity: number,
    readonly inputs: number,
    neurons: number,
  ) {
    this.firedRoom = Math.min(neurons, mostFired);
    this.intensities = new Uint8Array(capacity * inputs);
    this.stamps = new BigInt64Array(capacity);
    this.clocks = new Float64Array(capacity);
    this.answers = new Int32Array(capacity);
    this.given = new Int32Array(capacity);
    this.classAnswers = new Int32Array(capacity);
    this.voted = new Int32Array(capacity);
    this.trusting = new Int32Array(capacity);
    this.linear = new Uint8Array(capacity);
    this.labels = new Int32Array(capacity);
    this.taught = new Uint8Array(capacity);
    this.nearestCredits = new Float32Array(capacity * mostNearest);
    this.renewed = new Int32Array(capacity);
    this.renewedClocks = new Float64Array(capacity);
    this.learned = new Uint8Array(capacity);
    this.silent = new Uint8Array(capacity);
    this.labelled = new Uint8Array(capacity);
    this.nearestCounts = new Int32Array(capacity);
    this.nearest = new Int32Array(capacity * mostNearest);
    this.firedCounts = new Int32Array(capacity);
    this.#starts = new Int32Array(capacity);
  }

  /** Number of samples so far; the number of the next sample. */
  get samples(): number {
    return this.#samples;
  }

  /** Number of samples remembered now. */
  get length(): number {
    return Math.min(this.#samples - this.#first, this.capacity);
  }

  /** Stamps of the newest and of the oldest remembered sample [ns]; `undefined`: there is none. */
  get newest(): bigint | undefined {
    return this.length === 0 ? undefined : this.stamps[this.#slotOf(1)];
  }

  get oldest(): bigint | undefined {
    return this.length === 0 ? undefined : this.stamps[this.#slotOf(this.length)];
  }

  /** The samples that a label may still name. */
  get remembered(): RememberedSamples {
    const { length, capacity, newest, oldest } = this;
    const seconds = newest === undefined || oldest === undefined ? 0 : Number(newest - oldest) / 1e9;
    return { samples: length, capacity, newest, period: seconds > 0 ? seconds / (length - 1) : NaN };
  }

  /** Stores a sample in place of the oldest. */
  add(intensities: Uint8Array, stamp: bigint, presentation: Presentation, clock: number): void {
    const slot = this.open(presentation.firedCount);
    this.intensities.set(intensities, slot * this.inputs);
    this.stamps[slot] = stamp;
    this.clocks[slot] = clock;
    this.answers[slot] = presentation.answer;
    this.given[slot] = presentation.given.answer;
    this.classAnswers[slot] = presentation.given.classAnswer;
    this.voted[slot] = presentation.given.voted;
    this.trusting[slot] = presentation.given.trusting;
    this.linear[slot] = 0;
    this.learned[slot] = presentation.familiar ? familiar : Number(presentation.learned);
    this.silent[slot] = Number(presentation.silent);
    this.labelled[slot] = 0;
    this.labels[slot] = -1;
    this.taught[slot] = 0;
    this.renewed[slot] = -1;
    this.renewedClocks[slot] = 0;
    this.nearestCredits.fill(0, slot * mostNearest, (slot + 1) * mostNearest);
    this.nearestCounts[slot] = presentation.nearestCount;
    for (let q = 0; q < mostNearest; q++) {
      this.nearest[slot * mostNearest + q] = q < presentation.nearestCount ? presentation.nearest[q] : 0;
    }
    this.setFired(slot, presentation.fired, presentation.firedSpikes);
  }

  /**
   * Gives the oldest slot to the next sample, whose arrays the caller fills.
   *
   * @param firedCount - neurons that fired in it, 0..`firedRoom`
   */
  open(firedCount: number): number {
    const slot = this.#samples % this.capacity;
    if (this.length === this.capacity) this.#listed -= this.firedCounts[slot];
    if (this.#listed + firedCount > this.#fired.length) this.#grow(firedCount);
    this.#samples++;
    this.firedCounts[slot] = firedCount;
    this.#starts[slot] = this.#next;
    this.#listed += firedCount;
    this.#next = this.#fired.length === 0 ? 0 : (this.#next + firedCount) % this.#fired.length;
    return slot;
  }

  /** Writes the neurons that fired in the sample of a slot into a list. */
  readFired(slot: number, fired: Int32Array, spikes: Int32Array): void {
    for (let k = 0, at = this.#starts[slot]; k < this.firedCounts[slot]; k++, at++) {
      if (at === this.#fired.length) at = 0;
      fired[k] = this.#fired[at];
      spikes[k] = this.#firedSpikes[at];
    }
  }

  /** Lists the neurons of the sample of a slot for the network, without those renewed since. */
  list(slot: number, { lists, state }: Pick<SpikingNetwork, 'lists' | 'state'>): void {
    const { renewedAt } = state;
    const clock = this.clocks[slot];
    const left = (j: number): number => (renewedAt[j] >= clock ? -1 : j);
    this.readFired(slot, lists.fired, lists.firedSpikes);
    for (let k = 0; k < this.firedCounts[slot]; k++) lists.fired[k] = left(lists.fired[k]);
    const at = slot * mostNearest;
    for (let q = 0; q < this.nearestCounts[slot]; q++) lists.nearest[q] = left(this.nearest[at + q]);
  }

  /** Sets the neurons that fired in the sample of a slot, as many as it was opened for. */
  setFired(slot: number, fired: Int32Array, spikes: Int32Array): void {
    for (let k = 0, at = this.#starts[slot]; k < this.firedCounts[slot]; k++, at++) {
      if (at === this.#fired.length) at = 0;
      this.#fired[at] = fired[k];
      this.#firedSpikes[at] = spikes[k];
    }
  }

  /**
   * Slot of the sample that a stamp names, -1: none. That is the newest sample with exactly that stamp; else the first
   * one whose span includes the stamp; else the nearest within the slop. A stamp ahead of all samples may be at most
   * half the time between the last two samples ahead: its own sample may still come.
   */
  find(stamp: bigint, { span, slop } = exactly): number {
    let [inside, near, past] = [-1, -1, false];
    let [end, least] = [stamp + span, slop + 1n];
    for (let back = 1; back <= this.length; back++) {
      const slot = this.#slotOf(back);
      const own = this.stamps[slot];
      if (own === stamp) return slot;
      if (own > stamp && own < end) [inside, end] = [slot, own];
      const apart = size(own - stamp);
      if (apart < least) [near, least] = [slot, apart];
      past ||= own > stamp;
    }
    if (inside >= 0) return inside;
    return past || this.#mayBeAhead(least) ? near : -1;
  }

  /** Oldest and newest stamp, and the stamp nearest to `stamp` [ns]; `undefined`: no sample is remembered. */
  around(stamp: bigint): { readonly oldest: bigint; readonly newest: bigint; readonly nearest: bigint } | undefined {
    if (this.length === 0) return undefined;
    const first = this.stamps[this.#slotOf(1)];
    let [oldest, newest, nearest] = [first, first, first];
    for (let back = 2; back <= this.length; back++) {
      const own = this.stamps[this.#slotOf(back)];
      if (own < oldest) oldest = own;
      if (own > newest) newest = own;
      if (size(own - stamp) < size(nearest - stamp)) nearest = own;
    }
    return { oldest, newest, nearest };
  }

  /** Number of the sample in a slot in use. */
  numberOf(slot: number): number {
    const last = this.#samples - 1;
    return last - ((((last - slot) % this.capacity) + this.capacity) % this.capacity);
  }

  /** Intensities in a slot. */
  sample(slot: number): Uint8Array {
    return this.intensities.subarray(slot * this.inputs, (slot + 1) * this.inputs);
  }

  /**
   * Removes a class: those after it move up.
   *
   * @param into - class that replaces it; absent: none, -1
   */
  removeClass(label: number, into = -1): void {
    const left = into > label ? into - 1 : into;
    for (const classes of [this.answers, this.given, this.classAnswers, this.voted, this.trusting, this.labels]) {
      for (let slot = 0; slot < this.capacity; slot++) {
        if (classes[slot] === label) classes[slot] = left;
        else if (classes[slot] > label) classes[slot]--;
      }
    }
  }

  /** Forgets everything; with `samples`: everything except their number. */
  reset(samples = 0): void {
    this.#samples = this.#first = samples;
    this.#listed = this.#next = 0;
    // Unused slots are stored too.
    for (const array of [this.intensities, this.clocks, this.learned, this.silent, this.labelled]) array.fill(0);
    for (const array of [this.answers, this.given, this.classAnswers, this.labels, this.renewed]) array.fill(0);
    for (const array of [this.voted, this.trusting, this.linear]) array.fill(0);
    for (const array of [this.taught, this.nearestCredits, this.renewedClocks]) array.fill(0);
    for (const array of [this.nearestCounts, this.nearest, this.firedCounts]) array.fill(0);
    this.stamps.fill(0n);
  }

  // Slot of the sample that is `back` samples before the next one.
  #slotOf(back: number): number {
    return (this.#samples - back) % this.capacity;
  }

  #mayBeAhead(apart: bigint): boolean {
    if (this.length < 2) return true;
    return 2n * apart <= size(this.stamps[this.#slotOf(1)] - this.stamps[this.#slotOf(2)]);
  }

  // Slots are used in turn, and so are their lists: copies all lists into a larger ring, from the oldest on.
  #grow(wanted: number): void {
    const room = Math.max(64, 2 * (this.#listed + wanted));
    const [fired, spikes] = [new Int32Array(room), new Int32Array(room)];
    let at = 0;
    // The oldest of a full buffer makes room for the next sample.
    for (let back = Math.min(this.length, this.capacity - 1); back >= 1; back--) {
      const slot = this.#slotOf(back);
      this.readFired(slot, fired.subarray(at), spikes.subarray(at));
      this.#starts[slot] = at;
      at += this.firedCounts[slot];
    }
    [this.#fired, this.#firedSpikes, this.#next] = [fired, spikes, at];
  }
}

/** A labelled sample. */
export interface KeptSample {
  /** D bytes, row-major. */
  readonly intensities: Uint8Array;
  /** Name of its class. */
  readonly name: string;
  /** Whether the answer was right when the sample was new; absent: not known, as in older files. */
  readonly right?: boolean;
}

/** Samples of one class, oldest first: order of arrival, and slot of the intensities. */
interface KeptSlots {
  readonly name: string;
  readonly slots: { readonly order: number; readonly slot: number; readonly right: boolean | undefined }[];
}

/**
 * The most recent labelled samples, within a memory limit. A full reservoir replaces the oldest sample of its largest
 * class, so that a robot that stays in one room for an hour does not forget the others.
 */
export class LabelledReservoir {
  readonly #classes = new Map<string, KeptSlots>();
  #next = 0;
  /** Slots of `inputs` bytes: an array per sample would cost more than learning it. */
  #bytes = new Uint8Array(0);
  #inputs = 0;
  #slots = 0;
  readonly #free: number[] = [];

  /** @param capacity - most samples kept, 1..100000 */
  constructor(readonly capacity: number) {
    checkInteger('reservoir: capacity', capacity, 1, 100_000);
  }

  /** Copies of its samples, oldest first. Setting it replaces them by copies. */
  get samples(): readonly KeptSample[] {
    const all = [...this.#classes.values()].flatMap(({ name, slots }) => slots.map((each) => ({ ...each, name })));
    all.sort((a, b) => a.order - b.order);
    const [bytes, inputs] = [this.#bytes, this.#inputs];
    return all.map(({ slot, name, right }) => {
      const intensities = bytes.slice(slot * inputs, (slot + 1) * inputs);
      return { intensities, name, ...(right !== undefined && { right }) };
    });
  }

  set samples(samples: readonly KeptSample[]) {
    const taken = [...samples];
    this.clear();
    for (const { intensities, name, right } of taken) this.add(intensities, name, right);
  }

  /** Adds a copy of a sample. */
  add(intensities: Uint8Array, name: string, right?: boolean): void {
    let kept = this.#classes.get(name);
    if (kept === undefined) this.#classes.set(name, (kept = { name, slots: [] }));
    const slot = this.#free.pop() ?? this.#open(intensities.length);
    this.#bytes.set(intensities, slot * this.#inputs);
    kept.slots.push({ order: this.#next++, slot, right });
    if (this.#slots - this.#free.length > this.capacity) this.#giveUp();
  }

  #open(inputs: number): number {
    this.#inputs = inputs;
    const slot = this.#slots++;
    if (this.#slots * inputs > this.#bytes.length) {
      const before = this.#bytes;
      this.#bytes = new Uint8Array(Math.min(this.capacity + 1, 2 * this.#slots) * inputs);
      this.#bytes.set(before);
    }
    return slot;
  }

  // Drops the oldest sample of the largest class; with several largest classes, the oldest sample among them. The
  // choice depends on the content alone, so that a restored reservoir continues in the same way.
  #giveUp(): void {
    let largest: KeptSlots | undefined;
    for (const kept of this.#classes.values()) {
      if (largest && kept.slots.length < largest.slots.length) continue;
      if (largest?.slots.length === kept.slots.length && kept.slots[0].order > largest.slots[0].order) continue;
      largest = kept;
    }
    const given = largest?.slots.shift();
    if (given === undefined || largest === undefined) return;
    this.#free.push(given.slot);
    if (largest.slots.length === 0) this.#classes.delete(largest.name);
  }

  /** Forgets the samples of a class. */
  drop(name: string): void {
    for (const { slot } of this.#classes.get(name)?.slots ?? []) this.#free.push(slot);
    this.#classes.delete(name);
  }

  /** Renames a class; an existing class of the new name takes its samples. */
  rename(name: string, to: string): void {
    const moved = this.#classes.get(name);
    if (name === to || moved === undefined) return;
    const slots = [...(this.#classes.get(to)?.slots ?? []), ...moved.slots];
    slots.sort((a, b) => a.order - b.order);
    this.#classes.set(to, { name: to, slots });
    this.#classes.delete(name);
  }

  /** Forgets all samples. */
  clear(): void {
    this.#classes.clear();
    this.#free.length = this.#slots = 0;
  }
}

const size = (time: bigint): bigint => (time < 0n ? -time : time);
