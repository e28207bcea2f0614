import { columnOf, rowOf, type EventBatch } from './event-batch.js';

/** Packets kept: eight seconds at a thousand a second. */
const mostPackets = 8192;

/** Events from `from` up to, not including, `end`, by their numbers since the start. */
export interface EventRange {
  readonly from: number;
  readonly end: number;
}

/**
 * The last events of a camera in their order, with times of the robot. The first event of a packet has the stamp of its
 * message; the camera's clock gives the time of the others after it.
 */
export class EventHistory {
  /** Address of each event, see `addressOf`; the k-th since the start is at k & {@link EventHistory.mask}. */
  readonly address: Uint32Array;
  /** Time of each event [µs since the epoch]; a whole number. */
  readonly time: Float64Array;
  readonly mask: number;
  #total = 0;
  /** Stamp of each of the last packets [ns], and the number of its first event. */
  readonly #stamps = new BigInt64Array(mostPackets);
  readonly #firsts = new Float64Array(mostPackets);
  #packets = 0;
  /** Offset from the camera's times to the robot's for the current packet [µs]; NaN before its first event. */
  #offset = NaN;

  /** @param capacity - events kept, rounded up to a power of two */
  constructor(capacity: number) {
    const size = 2 ** Math.ceil(Math.log2(capacity));
    this.address = new Uint32Array(size);
    this.time = new Float64Array(size);
    this.mask = size - 1;
  }

  /** Events since the start. */
  get total(): number {
    return this.#total;
  }

  /** Stamp of the newest packet [ns]; `undefined`: none yet. */
  get newest(): bigint | undefined {
    return this.#packets === 0 ? undefined : this.#stamps[(this.#packets - 1) % mostPackets];
  }

  /** Begins a packet. Stamps of packets must not decrease. */
  begin(stamp: bigint): void {
    const slot = this.#packets++ % mostPackets;
    this.#stamps[slot] = stamp;
    this.#firsts[slot] = this.#total;
    this.#offset = NaN;
  }

  /**
   * Takes events of the current packet, except those outside the picture.
   *
   * @returns the number of events outside
   */
  add({ address, time, count }: EventBatch, width: number, height: number): number {
    if (Number.isNaN(this.#offset)) this.#offset = microseconds(this.newest ?? 0n) - time[0];
    const offset = this.#offset;
    const { address: places, time: times, mask } = this;
    let total = this.#total;
    for (let k = 0; k < count; k++) {
      const place = address[k];
      if (columnOf(place) >= width || rowOf(place) >= height) continue;
      const slot = total++ & mask;
      places[slot] = place;
      times[slot] = Math.floor(time[k] + offset);
    }
    const outside = count - (total - this.#total);
    this.#total = total;
    return outside;
  }

  /**
   * Finds the events before a packet: at most `most`, and none earlier than `span` before it.
   *
   * @param stamp - stamp of the packet [ns]; if several packets have it, the newest counts
   * @param span - [µs]
   * @returns `undefined` if the packet is no longer kept
   */
  before(stamp: bigint, span: number, most: number): EventRange | undefined {
    const oldest = Math.max(0, this.#packets - mostPackets);
    let packet = this.#packets - 1;
    while (packet >= oldest && this.#stamps[packet % mostPackets] !== stamp) packet--;
    if (packet < oldest) return undefined;
    const end = this.#firsts[packet % mostPackets];
    const begin = microseconds(stamp) - span;
    // A packet that begins before the window may reach into it.
    while (packet > oldest && microseconds(this.#stamps[packet % mostPackets]) >= begin) packet--;
    let from = Math.max(this.#firsts[packet % mostPackets], end - most, this.#total - this.mask - 1);
    while (from < end && this.time[from & this.mask] < begin) from++;
    return { from: Math.min(from, end), end };
  }

  /** Forgets everything. */
  clear(): void {
    this.#total = 0;
    this.#packets = 0;
  }

  /** Restores a packet with its events and those of earlier packets, oldest first. */
  restore(stamp: bigint, events: Iterable<{ readonly address: number; readonly time: number }>): void {
    this.clear();
    this.begin(stamp);
    for (const { address, time } of events) {
      const slot = this.#total++ & this.mask;
      this.address[slot] = address;
      this.time[slot] = time;
    }
  }
}

/** [ns] to [µs], rounded down. */
export const microseconds = (stamp: bigint): number => Number(stamp / 1000n);
