import { stampText } from '../../base/time.js';
import type { SensorEvent } from '../sensor-event.js';
import type { RefusalEvent } from '../../base/refusal.js';
import { lateness } from './time-line.js';

/**
 * What to do if another sensor has no message for a primary one: keep waiting, decide without it, or refuse the sample.
 */
export const syncPolicies = ['wait', 'without', 'refuse'] as const;

/** One of {@link syncPolicies}. */
export type SyncPolicy = (typeof syncPolicies)[number];

/** How messages of several sensors are matched. */
export interface SyncSettings {
  /** Largest distance between two stamps [s]. */
  readonly slop: number;
  readonly policy: SyncPolicy;
  /** Number of messages of each sensor that are kept for a match, at least 1. */
  readonly queue: number;
}

/** A message of the primary sensor, with messages of the others at about the same time. */
export interface Sample {
  /** Stamp and frame of the primary sensor's message. */
  readonly stamp: bigint;
  readonly frameId: string;
  /** Monotonic time at which the primary message was taken [s]. */
  readonly taken: number;
  /** How often the primary sensor's stamps had started again before. */
  readonly start: number;
  /** The primary message, then those of the other sensors in order; `undefined`: decided without it. */
  readonly parts: readonly [SensorEvent, ...(SensorEvent | undefined)[]];
}

/** Outcomes, in order. */
export interface Settled {
  /** Complete samples, and refusals of those that cannot be completed. */
  readonly outcomes: (Sample | RefusalEvent)[];
  /** Messages of other sensors used in a sample for the first time, by the sensor's index in `names`. */
  readonly used: number[];
  /** Messages of other sensors dropped without use. */
  readonly dropped: { readonly sensor: number; readonly refusal: RefusalEvent }[];
}

interface Waiting {
  readonly event: SensorEvent;
  readonly start: number;
}

interface Heard {
  readonly event: SensorEvent;
  used: boolean;
}

/**
 * Matches messages by their stamps. A primary message becomes a sample as soon as every other sensor has sent something
 * within the slop; the nearest of several messages counts. It stops waiting for a sensor whose stamps have passed it.
 * Unless the policy is to wait, it also stops for a sensor that was missing last time, or once any sensor has passed
 * it. Messages out of order are sorted in by their stamps. If the stamps of a sensor start again, its earlier messages
 * are dropped. If those of the primary sensor do, nothing waits any longer. Every message ends up in a sample, or in a
 * refusal that is counted.
 */
export class Synchroniser {
  readonly #slop: bigint;
  readonly #waiting: Waiting[] = [];
  /** Messages of the other sensors; index 0 is the first of them. */
  readonly #heard: Heard[][];
  /** Newest stamp of each sensor, the primary first. */
  readonly #newest: (bigint | undefined)[];
  /** For each sensor: how often its stamps have started again. */
  readonly #starts: number[];
  readonly #missed: boolean[];
  /** Second newest stamp of the primary sensor. A message swapped with the next one may still come. */
  #before: bigint | undefined;
  #settled: Settled = nothing();

  /** @param names - names of the sensors, the primary first; at least two */
  constructor(
    readonly names: readonly string[],
    readonly settings: SyncSettings,
  ) {
    this.#slop = BigInt(Math.round(settings.slop * 1e9));
    this.#heard = names.slice(1).map(() => []);
    this.#newest = names.map(() => undefined);
    this.#starts = names.map(() => 0);
    this.#missed = names.slice(1).map(() => false);
  }

  /** Number of messages that wait for a match or for their first use. @param sensor - its index in `names` */
  waiting(sensor: number): number {
    if (sensor === 0) return this.#waiting.length;
    return this.#heard[sensor - 1].filter(({ used }) => !used).length;
  }

  /**
   * @param sensor - its index in `names`
   * @param start - how often its stamps have started again
   * @returns outcomes that the message causes
   */
  add(sensor: number, event: SensorEvent, start = 0): Settled {
    this.#settled = nothing();
    if (start > this.#starts[sensor]) this.#startAgain(sensor, event.stamp, start);
    const newest = this.#newest[sensor];
    if (newest === undefined || event.stamp > newest) {
      this.#newest[sensor] = event.stamp;
      if (sensor === 0) this.#before = newest;
    }
    if (sensor === 0) insert(this.#waiting, { event, start });
    else this.#addOther(sensor - 1, { event, used: false });
    this.#settle();
    const over = this.#waiting.length > this.settings.queue ? this.#waiting.shift() : undefined;
    if (over !== undefined) this.#decide(over, 'sync.queue is full');
    this.#trim();
    return this.#settled;
  }

  /** Drops everything that waits. */
  reset(): Settled {
    this.#settled = nothing();
    // This is ordinary: the node was stopped.
    for (let count = this.#waiting.splice(0).length; count > 0; count--) {
      this.#settled.outcomes.push(refusal(this.names[0], 'sensor_missing', ''));
    }
    for (const k of this.#heard.keys()) this.#drop(k, 0, this.#heard[k].length);
    this.#newest.fill(undefined);
    this.#before = undefined;
    this.#missed.fill(false);
    return this.#settled;
  }

  #startAgain(sensor: number, stamp: bigint, start: number): void {
    this.#starts[sensor] = start;
    if (sensor > 0) {
      this.#forget(sensor);
      return;
    }
    for (const each of this.#waiting.splice(0)) this.#decide(each, `stamps of ${this.names[0]} started again`);
    // Other sensors may have started again before the primary one, or may do so soon.
    for (let k = 1; k < this.names.length; k++) {
      const newest = this.#newest[k];
      if (newest !== undefined && newest > stamp + lateness) this.#forget(k);
    }
    this.#newest[0] = undefined;
    this.#before = undefined;
    this.#missed.fill(false);
  }

  #forget(sensor: number): void {
    this.#drop(sensor - 1, 0, this.#heard[sensor - 1].length);
    this.#newest[sensor] = undefined;
  }

  #addOther(other: number, heard: Heard): void {
    this.#missed[other] = false;
    const first = this.#firstNeeded(other);
    const { stamp } = heard.event;
    if (first !== undefined && stamp < first && stamp < (this.#newest[other + 1] ?? stamp)) {
      const [name, newest] = [this.names[other + 1], stampText(this.#newest[other + 1] ?? stamp)];
      const found = `message of ${stampText(stamp)} came after that of ${newest}`;
      const message = `${found}, too late for ${this.names[0]}: expected stamps in order, from one publisher`;
      this.#settled.dropped.push({ sensor: other + 1, refusal: refusal(name, `${name}_late`, message) });
      return;
    }
    insert(this.#heard[other], heard);
    if (this.#heard[other].length > this.settings.queue) this.#makeRoom(other);
  }

  // The message nearest to a waiting primary one stays, so that a fast sensor does not lose it while a slow one is
  // late.
  #makeRoom(other: number): void {
    const queue = this.#heard[other];
    const wanted = new Set(this.#waiting.map(({ event }) => this.#nearest(queue, event.stamp)));
    if (queue.reduce((count, each) => count + Number(!wanted.has(each)), 0) <= this.settings.queue) return;
    this.#drop(
      other,
      queue.findIndex((each) => !wanted.has(each)),
      1,
    );
  }

  #settle(): void {
    while (this.#waiting.length > 0 && this.#decide(this.#waiting[0])) this.#waiting.shift();
  }

  // Returns false where the sample has to wait. With a reason it is decided now in any case.
  #decide(primary: Waiting, reason?: string): boolean {
    const { stamp, frameId, taken } = primary.event;
    const others = this.#heard.map((queue) => this.#nearest(queue, stamp));
    const lacking = [...others.keys()].filter((k) => others[k] === undefined);
    if (reason === undefined && !lacking.every((k) => this.#hopeless(k, stamp))) return false;
    if (lacking.length > 0 && this.settings.policy !== 'without') {
      this.#refuse(stamp, lacking, reason);
    } else {
      for (const [k, heard] of others.entries()) {
        if (heard === undefined || heard.used) continue;
        heard.used = true;
        this.#settled.used.push(k + 1);
      }
      const parts = others.map((heard) => heard?.event);
      this.#settled.outcomes.push({ stamp, frameId, taken, start: primary.start, parts: [primary.event, ...parts] });
      for (const k of lacking) {
        const name = this.names[k + 1];
        const message = `${this.names[0]} of ${stampText(stamp)} is decided without it: ${this.#why(k, stamp)}`;
        this.#settled.outcomes.push(refusal(name, `${name}_missing`, message));
      }
    }
    for (const k of lacking) this.#missed[k] = true;
    return true;
  }

  #nearest(queue: readonly Heard[], stamp: bigint): Heard | undefined {
    let best: Heard | undefined;
    let least = this.#slop + 1n;
    for (const heard of queue) {
      const apart = distance(heard.event.stamp, stamp);
      // With equal stamps the newest message counts: a driver that does not stamp leaves 0 in all of them.
      if (apart < least || heard.event.stamp === best?.event.stamp) [best, least] = [heard, apart];
    }
    return best;
  }

  #hopeless(other: number, stamp: bigint): boolean {
    const past = (newest: bigint | undefined): boolean => newest !== undefined && newest > stamp + this.#slop;
    if (this.settings.policy === 'wait') return past(this.#newest[other + 1]);
    return this.#missed[other] || this.#newest.some(past);
  }

  #refuse(stamp: bigint, lacking: readonly number[], reason?: string): void {
    const [topic] = this.names;
    const missing = lacking.map((k) => this.names[k + 1]).join(' and no ');
    const causes = [...(reason === undefined ? [] : [reason]), ...lacking.map((k) => this.#why(k, stamp))].join('; ');
    const message = `${topic} of ${stampText(stamp)} has no ${missing}: ${causes}`;
    this.#settled.outcomes.push({ ...refusal(topic, 'sensor_missing', message), stamp });
  }

  // Says why a sensor has no message for a stamp.
  #why(other: number, stamp: bigint): string {
    const { slop, queue } = this.settings;
    const name = this.names[other + 1];
    const newest = this.#newest[other + 1];
    const expected = `sync.slop is ${slop} s`;
    if (newest === undefined) return `no ${name} has come`;
    if (newest === 0n && stamp > 0n) return `${name} has stamp 0, expected a driver that stamps its messages`;
    if (newest < stamp - this.#slop) {
      const latest = this.#newest.reduce((most = newest, each) => (each !== undefined && each > most ? each : most));
      return `${name} lags by ${seconds((latest ?? newest) - newest)}; ${expected}`;
    }
    const heard = this.#heard[other];
    const apart = heard.map(({ event }) => distance(event.stamp, stamp));
    if (apart.length === 0) return `${name} has gone past it, to ${stampText(newest)}; ${expected}`;
    const nearest = apart.reduce((least, each) => (each < least ? each : least));
    const away = `the nearest ${name} is ${seconds(nearest)} away; ${expected}`;
    return heard.length < queue || heard[0].event.stamp <= stamp ? away : `${away}, sync.queue ${queue} messages`;
  }

  /** Stamp before which messages of another sensor are useless; `undefined`: unknown. */
  #firstNeeded(other: number): bigint | undefined {
    const [primary] = this.#newest;
    const newest = this.#newest[other + 1];
    const next = this.#waiting.at(0)?.event.stamp ?? this.#before ?? primary;
    if (next === undefined || primary === undefined || newest === undefined) return undefined;
    // The sensor has started again before the primary one, or has another clock, so stamps cannot decide.
    if (newest < primary - lateness) return undefined;
    const oldest = this.#before !== undefined && this.#before < next ? this.#before : next;
    return oldest - this.#slop;
  }

  #trim(): void {
    for (const [k, queue] of this.#heard.entries()) {
      const first = this.#firstNeeded(k);
      if (first === undefined) continue;
      const needed = queue.findIndex(({ event }) => event.stamp >= first);
      this.#drop(k, 0, needed < 0 ? queue.length : needed);
    }
  }

  // Dropping is ordinary: a sensor faster than the primary one has messages to spare.
  #drop(other: number, from: number, count: number): void {
    const name = this.names[other + 1];
    for (const { used } of this.#heard[other].splice(from, count)) {
      if (!used) this.#settled.dropped.push({ sensor: other + 1, refusal: refusal(name, `${name}_unused`, '') });
    }
  }
}

const nothing = (): Settled => ({ outcomes: [], used: [], dropped: [] });

const refusal = (topic: string, cause: string, message: string): RefusalEvent => ({
  ...{ kind: 'refusal', topic, cause, message },
});

const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);

/** With three digits: `0.15 s`. */
const seconds = (nanoseconds: bigint): string => `${Number((Number(nanoseconds) / 1e9).toPrecision(3))} s`;

/** Inserts by stamp, after equal ones. */
function insert<Entry extends { readonly event: SensorEvent }>(queue: Entry[], entry: Entry): void {
  let at = queue.length;
  while (at > 0 && queue[at - 1].event.stamp > entry.event.stamp) at--;
  queue.splice(at, 0, entry);
}
