import { describe, expect, it } from 'vitest';
import { columnOf, EventBatch, polarityOf, rowOf, type EventDecoder } from '../../src/sensing/events/event-batch.js';
import { eventDecoder, eventEncodings } from '../../src/sensing/events/event-decoders.js';
import { readEventArray } from '../../src/sensing/events/event-messages.js';
import { Random } from '../../src/base/random.js';
import { evt3, libcaer, libcaerCmp, mono, type TestEvent } from './sensors/event-packets.js';

/** Events that a decoder reads from packets, in batches of this capacity. */
function decoded(decoder: EventDecoder, packets: readonly Uint8Array[], capacity = 64): TestEvent[] {
  const found: TestEvent[] = [];
  const batch = new EventBatch(capacity, ({ address, time, count }) => {
    for (let k = 0; k < count; k++) {
      const place = address[k];
      found.push({ x: columnOf(place), y: rowOf(place), on: polarityOf(place) === 1, t: time[k] });
    }
  });
  for (const bytes of packets) decoder.decode(bytes, batch);
  return found;
}

/** Random events in time order, with up to `step` − 1 µs between two. */
function events(count: number, step: number, seed = 1): TestEvent[] {
  const random = new Random(seed);
  let t = 5000;
  return Array.from({ length: count }, () => {
    t += random.below(step);
    return { x: random.below(1280), y: random.below(720), on: random.below(2) === 1, t };
  });
}

const encoders: Readonly<Record<string, (events: readonly TestEvent[]) => Uint8Array>> = {
  evt3,
  libcaer_cmp: libcaerCmp,
  libcaer,
  mono,
};

describe.each(eventEncodings)('events as %s', (encoding) => {
  const encode = encoders[encoding];
  const some = events(500, 9);

  it('decode to what was encoded, for any batch size', () => {
    for (const capacity of [1, 7, 4096])
      expect(decoded(eventDecoder(encoding), [encode(some)], capacity)).toEqual(some);
  });

  it('decode packet by packet, at any offset in memory', () => {
    const packets = [some.slice(0, 200), some.slice(200)].map(encode).map((bytes) => {
      const larger = new Uint8Array(bytes.length + 1);
      larger.set(bytes, 1);
      return larger.subarray(1);
    });
    expect(decoded(eventDecoder(encoding), packets)).toEqual(some);
  });

  it('continue from the state of another decoder', () => {
    const whole = encode(some);
    const at = 2 * Math.floor(whole.length / 5) - (encoding === 'evt3' ? 0 : (2 * Math.floor(whole.length / 5)) % 8);
    const first = eventDecoder(encoding);
    const begun = decoded(first, [whole.subarray(0, at)]);
    const second = eventDecoder(encoding);
    second.state = JSON.parse(JSON.stringify(first.state)) as number[];
    // Times are ignored: packets of libcaer_cmp begin at time 0.
    const rest = decoded(second, [whole.subarray(at)]).map((event) => ({ ...event, t: 0 }));
    expect([...begun, ...rest].map((event) => ({ ...event, t: 0 }))).toEqual(some.map((event) => ({ ...event, t: 0 })));
  });

  it('decode any bytes without a fault, and count invalid words', () => {
    const random = new Random(3);
    const decoder = eventDecoder(encoding);
    for (let k = 0; k < 200; k++) {
      const bytes = Uint8Array.from({ length: random.below(99) }, () => random.below(256));
      for (const { x, y, t } of decoded(decoder, [bytes])) {
        expect(x >= 0 && x < 2 ** 15 && y >= 0 && y < 2 ** 15 && Number.isFinite(t)).toBe(true);
      }
    }
    expect(decoder.faults.strange).toBeGreaterThan(50);
  });
});

describe('evt3', () => {
  it('decodes vectors of 12 and 8 columns', () => {
    const row = [0, 3, 11, 12, 19].map((dx) => ({ x: 100 + dx, y: 7, on: true, t: 5000 }));
    const bytes = evt3(row, true);
    expect(bytes.length).toBe(2 * 6);
    expect(decoded(eventDecoder('evt3'), [bytes])).toEqual(row);
  });

  it('continues when its 24-bit clock wraps, and treats small steps back as jitter', () => {
    const words = (high: number): Uint8Array => new Uint8Array(Uint16Array.of(0x8000 | high, 0x6005, 9, 0x2001).buffer);
    const times = decoded(eventDecoder('evt3'), [0xfff, 0xffa, 0, 1].map(words)).map(({ t }) => t);
    expect(times).toEqual([0xfff, 0xffa, 0x1000, 0x1001].map((high) => high * 4096 + 5));
  });

  it('makes no event without a time and a row, and forgets the row after a lost packet', () => {
    const decoder = eventDecoder('evt3');
    const some = events(20, 9);
    const bytes = evt3(some);
    const of = (...words: number[]): Uint8Array => new Uint8Array(Uint16Array.from(words).buffer);
    expect(decoded(decoder, [of(0x6005, 9, 0x2001, 0x3001, 0x4007)])).toEqual([]);
    expect(decoder.faults).toEqual({ strange: 0, unplaced: 4 });
    expect(decoded(decoder, [bytes])).toEqual(some);
    decoder.skip();
    expect(decoded(decoder, [of(0x2001)])).toEqual([]);
    expect(decoder.faults.unplaced).toBe(5);
  });
});

describe('libcaer', () => {
  it('adds 2^31 µs when the time steps back within a packet', () => {
    const bytes = libcaer([2 ** 31 - 2, 3].map((t) => ({ x: 1, y: 2, on: true, t })));
    expect(decoded(eventDecoder('libcaer'), [bytes]).map(({ t }) => t)).toEqual([2 ** 31 - 2, 2 ** 31 + 3]);
  });
});

it('readEventArray reads columns and messages alike, with times since the first event', () => {
  const some = events(50, 900_000);
  const messages = some.map(({ x, y, on, t }) => ({
    ...{ x, y, polarity: on, ts: { sec: 5 + Math.floor(t / 1e6), nanosec: (t % 1e6) * 1000 } },
  }));
  const columns = {
    x: Uint16Array.from(messages, ({ x }) => x),
    y: Uint16Array.from(messages, ({ y }) => y),
    'ts.sec': Int32Array.from(messages, ({ ts }) => ts.sec),
    'ts.nanosec': Uint32Array.from(messages, ({ ts }) => ts.nanosec),
    polarity: Uint8Array.from(messages, ({ polarity }) => Number(polarity)),
  };
  for (const given of [messages, { length: some.length, columns }]) {
    const found: number[] = [];
    const batch = new EventBatch(16, ({ time, address, count }) => {
      for (let k = 0; k < count; k++)
        found.push(time[k], columnOf(address[k]), rowOf(address[k]), polarityOf(address[k]));
    });
    readEventArray({ width: 1280, height: 720, events: given }, batch);
    expect(found).toEqual(some.flatMap(({ x, y, on, t }) => [t - some[0].t, x, y, Number(on)]));
  }
});

it('eventDecoder refuses an unknown encoding, and names the known ones', () => {
  expect(() => eventDecoder('trigger')).toThrow(/expected one of evt3, libcaer_cmp, libcaer, mono/);
});
