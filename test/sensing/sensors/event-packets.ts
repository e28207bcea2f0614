import type { EventPacketMessage } from '../../../src/sensing/events/event-messages.js';

/** An event for tests: pixel, polarity and time [µs]. */
export interface TestEvent {
  readonly x: number;
  readonly y: number;
  readonly on: boolean;
  readonly t: number;
}

/** Words of EVT 3.0: single events, or vectors of the events of one row and time. */
export function evt3(events: readonly TestEvent[], vectors = false): Uint8Array {
  const words: number[] = [];
  let [high, low, row] = [-1, -1, -1];
  for (let k = 0; k < events.length;) {
    const { t, x, y, on } = events[k];
    if (Math.floor(t / 4096) % 4096 !== high) words.push(0x8000 | (high = Math.floor(t / 4096) % 4096));
    if (t % 4096 !== low) words.push(0x6000 | (low = t % 4096));
    if (y !== row) words.push((row = y));
    const same = vectors ? events.slice(k).findIndex((each) => each.t !== t || each.y !== y || each.on !== on) : 1;
    const together = events.slice(k, same < 0 ? undefined : k + same).filter((each) => each.x >= x && each.x < x + 20);
    if (together.length < 2) words.push(0x2000 | x | (Number(on) << 11));
    else {
      const bits = together.reduce((mask, each) => mask | (1 << (each.x - x)), 0);
      words.push(0x3000 | x | (Number(on) << 11), 0x4000 | (bits & 0xfff), 0x5000 | (bits >> 12));
    }
    k += Math.max(1, together.length);
  }
  return new Uint8Array(Uint16Array.from(words).buffer);
}

/** Events of 64 bits each, from their two halves. */
const wide = (events: readonly TestEvent[], halves: (event: TestEvent) => readonly [number, number]): Uint8Array =>
  new Uint8Array(Uint32Array.from(events.flatMap(halves)).buffer);

export const libcaer = (events: readonly TestEvent[]): Uint8Array =>
  wide(events, ({ x, y, on, t }) => [((x << 17) | (y << 2) | (Number(on) << 1) | 1) >>> 0, t]);

export const mono = (events: readonly TestEvent[]): Uint8Array =>
  wide(events, ({ x, y, on, t }) => [1000 * t, (x | (y << 16) | (Number(on) << 31)) >>> 0]);

/** Words of `libcaer_cmp`. Times are relative to the start of the packet. */
export function libcaerCmp(events: readonly TestEvent[]): Uint8Array {
  const words = events.flatMap(({ x, y, on, t }) => [
    ...[t >> 12, 0x1000 | (t & 0xfff), 0x2000 | x, 0x3000 | y | (Number(on) << 11)],
  ]);
  return new Uint8Array(Uint16Array.from(words).buffer);
}

/** A packet of a camera of 40 × 30 pixels. */
export const packet = (
  seq: number,
  bytes: Uint8Array,
  changes: Partial<EventPacketMessage> = {},
): EventPacketMessage => ({
  ...{ width: 40, height: 30, seq: BigInt(seq), encoding: 'evt3', is_bigendian: false, events: bytes },
  ...changes,
});
