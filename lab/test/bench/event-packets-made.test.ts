import { expect, it } from 'vitest';
import { Random } from '../../../src/base/random.js';
import { columnOf, EventBatch, rowOf } from '../../../src/sensing/events/event-batch.js';
import { Evt3Decoder } from '../../../src/sensing/events/evt3-decoder.js';
import { EventPackets } from '../../src/bench/events/event-packets-made.js';

it('makes packets with the stated number of events, at times from the time of sending', () => {
  const packets = new EventPackets(640, 480, 1000, new Random(3));
  const decoder = new Evt3Decoder();
  for (let k = 0; k < 40; k++) {
    const times: number[] = [];
    const batch = new EventBatch(4096, ({ count, time, address }) => {
      times.push(...time.subarray(0, count));
      expect(address.subarray(0, count).every((each) => columnOf(each) < 640 && rowOf(each) < 480)).toBe(true);
    });
    const { bytes, events, seq } = packets.next(5000 + 2000.5 * k);
    decoder.decode(bytes, batch);
    expect(seq).toBe(BigInt(k));
    expect(times).toHaveLength(events);
    expect(events).toBeGreaterThan(999);
    expect(events).toBeLessThan(1050);
    expect([times[0], times.at(-1)]).toEqual([5000, 5600].map((time) => time + Math.floor(2000.5 * k)));
  }
  expect(decoder.faults).toEqual({ strange: 0, unplaced: 0 });
});
