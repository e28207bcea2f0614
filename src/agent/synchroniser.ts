import type { RefusalEvent, SensorEvent } from './events.js';
import { stampText } from './stamp-text.js';

/** What is done about a primary message for which another sensor has nothing: go on waiting, decide without, refuse. */
export const syncPolicies = ['wait', 'without', 'refuse'] as const;

/** One of {@link syncPolicies}. */
export type SyncPolicy = (typeof syncPolicies)[number];

/** How messages of several sensors are brought together. */
export interface SyncSettings {
  /** How far apart two stamps may lie [s]. */
  readonly slop: number;
  readonly policy: SyncPolicy;
  /** Messages of each sensor that are kept for a match, at least 1. */
  readonly queue: number;
}

/** A message of the primary sensor with what the others sent about the same time. */
export interface Sample {
  /** Stamp and frame of the primary sensor's message. */
  readonly stamp: bigint;
  readonly frameId: string;
  /** Monotonic time at which the primary message was taken [s]. */
  readonly taken: number;
  /** The primary message, then those of the other sensors in their order; `undefined`: decided without. */
  readonly parts: readonly [SensorEvent, ...(SensorEvent | undefined)[]];
}

/**
 * Matches messages by their stamps. A primary message is a sample as soon as every other sensor has sent something
 * within the slop; of several the nearest counts. It has nothing to hope for from a sensor that has gone past it or,
 * unless the policy is to wait, that was silent when it was last missed, or when any sensor has gone past it.
 * Samples keep the order of their primary messages. Stamps that jump back, as when a recording starts again, start
 * everything anew.
 */
export class Synchroniser {
  readonly #slop: bigint;
  readonly #waiting: SensorEvent[] = [];
  /** Of the other sensors; index 0 stands for the first of them. */
  readonly #heard: SensorEvent[][];
  /** Newest stamp of each sensor, the primary first. */
  readonly #newest: (bigint | undefined)[];
  readonly #missed: boolean[];

  /** @param names - of the sensors, the primary first; at least two */
  constructor(
    readonly names: readonly string[],
    readonly settings: SyncSettings,
  ) {
    this.#slop = BigInt(Math.round(settings.slop * 1e9));
    this.#heard = names.slice(1).map(() => []);
    this.#newest = names.map(() => undefined);
    this.#missed = names.slice(1).map(() => false);
  }

  /**
   * @param sensor - its index in `names`
   * @returns what is settled with it, in order
   */
  add(sensor: number, event: SensorEvent): (Sample | RefusalEvent)[] {
    const newest = this.#newest[sensor];
    if (newest !== undefined && event.stamp < newest) this.reset();
    this.#newest[sensor] = event.stamp;
    const queue = sensor === 0 ? this.#waiting : this.#heard[sensor - 1];
    queue.push(event);
    if (sensor > 0) this.#missed[sensor - 1] = false;
    const settled = this.#settle();
    const late = queue.length > this.settings.queue ? queue.shift() : undefined;
    if (late !== undefined && sensor === 0) settled.push(this.#refusal(late, this.#lacking(late)));
    this.#trim();
    return settled;
  }

  /** Forgets everything that waits. */
  reset(): void {
    this.#waiting.length = 0;
    for (const queue of this.#heard) queue.length = 0;
    this.#newest.fill(undefined);
    this.#missed.fill(false);
  }

  #settle(): (Sample | RefusalEvent)[] {
    const settled: (Sample | RefusalEvent)[] = [];
    for (;;) {
      const outcome = this.#waiting.length > 0 ? this.#judge(this.#waiting[0]) : undefined;
      if (outcome === undefined) return settled;
      this.#waiting.shift();
      settled.push(outcome);
    }
  }

  // undefined: wait.
  #judge(primary: SensorEvent): Sample | RefusalEvent | undefined {
    const others = this.#heard.map((queue) => this.#nearest(queue, primary.stamp));
    const lacking = [...others.keys()].filter((k) => others[k] === undefined);
    if (!lacking.every((k) => this.#hopeless(k, primary.stamp))) return undefined;
    for (const k of lacking) this.#missed[k] = true;
    if (lacking.length > 0 && this.settings.policy !== 'without') return this.#refusal(primary, lacking);
    const { stamp, frameId, taken } = primary;
    return { stamp, frameId, taken, parts: [primary, ...others] };
  }

  #nearest(queue: readonly SensorEvent[], stamp: bigint): SensorEvent | undefined {
    let best: SensorEvent | undefined;
    let least = this.#slop + 1n;
    for (const event of queue) {
      const apart = event.stamp > stamp ? event.stamp - stamp : stamp - event.stamp;
      if (apart < least) [best, least] = [event, apart];
    }
    return best;
  }

  #hopeless(other: number, stamp: bigint): boolean {
    const past = (newest: bigint | undefined): boolean => newest !== undefined && newest > stamp + this.#slop;
    if (this.settings.policy === 'wait') return past(this.#newest[other + 1]);
    return this.#missed[other] || this.#newest.some(past);
  }

  #lacking(primary: SensorEvent): number[] {
    return [...this.#heard.keys()].filter((k) => this.#nearest(this.#heard[k], primary.stamp) === undefined);
  }

  #refusal(primary: SensorEvent, lacking: readonly number[]): RefusalEvent {
    const [topic] = this.names;
    const missing = lacking.map((k) => this.names[k + 1]).join(' and no ');
    const message = `${topic} of ${stampText(primary.stamp)} has no ${missing} within ${this.settings.slop} s`;
    return { kind: 'refusal', topic, cause: 'sensor_missing', message };
  }

  // Stamps only grow: what lies before the next primary message that can come is of no use to any.
  #trim(): void {
    const next = this.#waiting.at(0)?.stamp ?? this.#newest[0];
    if (next === undefined) return;
    for (const queue of this.#heard) while (queue.length > 0 && queue[0].stamp < next - this.#slop) queue.shift();
  }
}
