import { beforeEach, describe, expect, it } from 'vitest';
import type { SensorEncoder } from '../../../src/sensing/sensor.js';
import { sensorEncoder } from '../../../src/sensing/sensor-kinds.js';
import type { EventPacketMessage } from '../../../src/sensing/events/event-messages.js';
import { Silence } from '../../../src/sensing/refuse.js';
import { cause } from './encoded.js';
import { evt3, packet, type TestEvent } from './event-packets.js';

const [columns, rows] = [8, 6];
let encoder: SensorEncoder;
const make = (values = {}): void => {
  const standard = { encoding: 'plain', width: columns, height: rows, window: 0.05, hop: 0.05, pixel_rate: 100 };
  ({ encoder } = sensorEncoder({ name: 'events', values: { ...standard, ...values } }));
};
beforeEach(() => {
  make();
});

const ms = 1_000_000n;
/** Hears a packet of a time [ms], at which its events begin. */
function hear(time: number, events: readonly TestEvent[], changes: Partial<EventPacketMessage> = {}): boolean {
  const shifted = events.map((event) => ({ ...event, t: 1000 * time + event.t }));
  return (
    encoder.hear?.(packet(time, evt3(shifted), { seq: BigInt(time) / 10n, ...changes }), BigInt(time) * ms) ?? false
  );
}

/** The planes of a sample at that time [ms]: on, off. */
function shown(time: number): { readonly on: number[]; readonly off: number[] } {
  const into = new Uint8Array(encoder.rows * encoder.columns).fill(9);
  encoder.encode({}, into, BigInt(time) * ms, '');
  return { on: [...into.subarray(0, columns * rows)], off: [...into.subarray(columns * rows)] };
}

/** Events of the cell at (column, row), which has 25 pixels, each event from another pixel. */
const cell = (column: number, row: number, on: boolean, count = 20): TestEvent[] =>
  Array.from({ length: count }, (_, k) => ({ x: 5 * column + (k % 5), y: 5 * row + Math.floor(k / 5), on, t: k }));
const place = (column: number, row: number): number => row * columns + column;

describe('an event camera', () => {
  it('makes a sample of a full window, then one every hop, without the packet that completes it', () => {
    const complete: number[] = [];
    for (let time = 1000; time < 1200; time += 10) {
      if (hear(time, cell(Math.floor((time - 1000) / 30), 2, true))) complete.push(time);
    }
    expect(complete).toEqual([1050, 1100, 1150]);
    // From 1000 on: columns 0, 0, 0, 1, 1. The packet at 1050 belongs to the next window.
    expect(
      shown(1050)
        .on.map((level, k) => [k, level])
        .filter(([, level]) => level > 0),
    ).toEqual([
      [place(0, 2), 255],
      [place(1, 2), 170],
    ]);
    expect(shown(1100).on[place(1, 2)]).toBeGreaterThan(0);
    expect(encoder.details).toMatchObject({ Events: 400, 'Events shown': 300, 'Events kept for the next window': 100 });
  });

  it('shows on and off events in separate planes', () => {
    hear(1000, [...cell(1, 1, true), ...cell(6, 4, false, 10)]);
    hear(1050, []);
    const { on, off } = shown(1050);
    expect([on.indexOf(255), on.reduce((sum, level) => sum + level, 0)]).toEqual([place(1, 1), 255]);
    expect([off[place(6, 4)], off.reduce((sum, level) => sum + level, 0)]).toEqual([128, 128]);
  });

  it('crops the picture about its centre', () => {
    // The middle 40 columns of 60 × 30 pixels.
    const wide = { width: 60, height: 30 };
    hear(1000, [...cell(0, 0, true), ...cell(2, 0, true), ...cell(9, 5, true), ...cell(11, 5, true)], wide);
    hear(1050, [], wide);
    const seen = shown(1050).on.flatMap((level, k) => (level > 0 ? [k] : []));
    expect(seen).toEqual([place(0, 0), place(7, 5)]);
  });

  it('crops to a share of the picture, and divides pixels among the cells that they overlap', () => {
    // The middle 10 × 7.5 of 40 × 30 pixels: cells of 1.25 pixels.
    make({ crop: 0.25 });
    const dot = (x: number, y: number): TestEvent[] => Array.from({ length: 5 }, (_, t) => ({ x, y, on: true, t }));
    hear(
      1000,
      [0, 15, 16, 17, 24, 25].flatMap((x) => dot(x, 12)),
    );
    hear(1050, []);
    const { on } = shown(1050);
    // Vertically the part begins at 11.25: row 12 covers cells 0.6 to 1.4. Horizontally it begins at 15: columns 15,
    // 16, 17 and 24 cover cells 0 to 0.8, 0.8 to 1.6, 1.6 to 2.4 and 7.2 to 8. Each cell gets its share of 5 events.
    const row = [1.25, 1.25, 0.5, 0, 0, 0, 0, 1].map((pixels) => Math.floor((255 * pixels) / 1.25 + 0.5));
    expect(on.slice(0, 2 * columns)).toEqual([...row, ...row]);
    expect(Math.max(...on.slice(2 * columns))).toBe(0);
  });

  it('crops about the centre of brightness if asked', () => {
    const seen = [
      [4, 3],
      [7, 2],
    ].map(([column, row]) => {
      make({ crop: 0.5, centred: true });
      hear(1000, [...cell(column - 1, row, true), ...cell(column, row, true), ...cell(column - 1, row + 1, true)]);
      hear(1050, []);
      return shown(1050).on;
    });
    expect(seen[0]).toEqual(seen[1]);
    // At any position, the centre of brightness becomes the centre of the picture.
    const sum = seen[0].reduce((all, level) => all + level, 0);
    const across = seen[0].reduce((all, level, at) => all + level * ((at % columns) + 0.5), 0);
    expect(across / sum).toBeCloseTo(columns / 2, 1);
  });

  it('omits flickering and broken pixels', () => {
    const hot = Array.from({ length: 60 }, (_, k) => ({ x: 22, y: 22, on: k % 2 === 0, t: k }));
    hear(1000, [...hot, ...cell(0, 0, true)]);
    hear(1050, []);
    const { on, off } = shown(1050);
    expect(on.reduce((sum, level) => sum + level, 0)).toBe(255);
    expect(Math.max(...off)).toBe(0);
  });

  it('reconstructs a moved object at its last position, with edges of every orientation', () => {
    make({ encoding: 'edges', width: 28, height: 28, window: 0.2, hop: 0.2, pixel_rate: 1000 });
    // A bright square of 10 pixels moves right by 12 and back by 6: on events at its front, off events at its back.
    const events: TestEvent[] = [];
    for (let step = 0; step < 18; step++) {
      const [right, from] = [step < 12, step < 12 ? 5 + step : 17 - (step - 12)];
      for (let y = 10; y < 20; y++) {
        for (let repeat = 0; repeat < 3; repeat++) {
          const t = step * 10_000 + y * 10 + repeat;
          events.push(
            { x: from + (right ? 10 : 9), y, on: right, t },
            { x: right ? from : from - 1, y, on: !right, t },
          );
        }
      }
    }
    encoder.hear?.(packet(1, evt3(events), { width: 32, height: 32 }), 1000n * ms);
    expect(encoder.hear?.(packet(2, new Uint8Array(), { width: 32, height: 32 }), 1200n * ms)).toBe(true);
    const into = new Uint8Array(encoder.rows * encoder.columns);
    encoder.encode({}, into, 1200n * ms, '');
    expect(Math.max(...into)).toBe(255);
    // Vertical edges (plane 0) and horizontal ones (plane 2) are alike, though it never moved up or down.
    const plane = into.length / 4;
    const strength = [0, 2].map((k) => into.subarray(k * plane, (k + 1) * plane).reduce((sum, x) => sum + x, 0));
    expect(Math.min(...strength) / Math.max(...strength)).toBeGreaterThan(0.5);
  });

  it('makes samples of a number of events if asked', () => {
    make({ count: 60, hop: 0.001, window: 1 });
    const complete: number[] = [];
    for (let time = 1000; time < 2100; time += 10) if (hear(time, cell(1, 1, true))) complete.push(time);
    // First the window of a second, then one sample for each 60 events.
    expect(complete).toEqual([2000, 2030, 2060, 2090]);
    expect(shown(2030).on[place(1, 1)]).toBe(255);
    expect(encoder.details).toMatchObject({ Events: 2200, 'Events shown': 240, 'Events between windows': 1940 });
  });

  it('counts and names lost packets, and makes no event of an incomplete row', () => {
    for (let time = 1000; time < 1040; time += 10) hear(time, cell(1, 1, true));
    // The row of its first events was in the lost packet.
    const rest = evt3(cell(1, 1, true).map((event) => ({ ...event, t: 1_070_000 }))).subarray(6);
    encoder.hear?.(packet(107, rest), 1070n * ms);
    const fault = encoder.takeFault?.();
    expect(fault).toMatchObject({
      code: 'events_lost',
      message: expect.stringContaining('3 packets from 104 on') as string,
    });
    expect(encoder.takeFault?.()).toBeUndefined();
    expect(encoder.details).toMatchObject({ 'Packets lost': 3, 'Events without time or place': 5, Events: 100 });
  });

  it('refuses packets out of order, and changes nothing', () => {
    for (let time = 1000; time <= 1040; time += 10) hear(time, cell(1, 1, true));
    const before = JSON.stringify([encoder.heard?.values, encoder.details]);
    expect(() => hear(1020, cell(5, 5, true))).toThrow(cause('events_late'));
    expect(() => hear(1040, cell(5, 5, true), { seq: 101n })).toThrow(cause('events_late'));
    expect(JSON.stringify([encoder.heard?.values, encoder.details])).toBe(before);
    // A restarted driver counts from 0.
    expect(() => hear(1050, cell(1, 1, true), { seq: 0n })).not.toThrow();
    expect(encoder.takeFault?.()).toBeUndefined();
  });

  it.each([
    ['of another encoding', { encoding: 'trigger' }, 'events_encoding'],
    ['of the other byte order', { is_bigendian: true }, 'events_big_endian'],
    ['of a picture smaller than the planes', { width: 7 }, 'events_picture'],
    ['of a picture that is too large', { width: 4000, height: 4000 }, 'events_picture'],
    ['of a picture that nobody makes', { width: 2 ** 32 - 1 }, 'events_picture'],
  ])('refuses packets %s', (_, changes, code) => {
    hear(1000, cell(1, 1, true));
    const before = JSON.stringify([encoder.heard?.values, encoder.details]);
    expect(() => hear(1010, cell(1, 1, true), changes)).toThrow(cause(code));
    expect(JSON.stringify([encoder.heard?.values, encoder.details])).toBe(before);
  });

  it('accounts for every event: shown, outside, without place, unknown, forgotten', () => {
    make({ max_events: 1024 });
    hear(1000, [...cell(1, 1, true), { x: 40, y: 1, on: true, t: 30 }, { x: 1, y: 30, on: true, t: 31 }]);
    const flood = Array.from({ length: 3000 }, (_, k) => ({ x: k % 40, y: Math.floor(k / 40) % 30, on: true, t: k }));
    hear(1010, flood);
    encoder.hear?.(packet(102, Uint8Array.of(0, 0x10, 7)), 1020n * ms);
    expect(encoder.takeFault?.()).toMatchObject({ code: 'events_strange' });
    expect(hear(1050, [], { seq: 103n })).toBe(true);
    expect(encoder.takeFault?.()).toMatchObject({
      code: 'events_overrun',
      message: expect.stringContaining('1024') as string,
    });
    const details = encoder.details ?? {};
    expect(details).toMatchObject({ Events: 3022, 'Events outside of the picture': 2, 'Words of no kind': 2 });
    expect(details).toMatchObject({ 'Events shown': 1024, 'Events forgotten': 1996 });
    const parts = [
      'shown',
      'between windows',
      'kept for the next window',
      'outside of the picture',
      'without time or place',
    ];
    const sum = [...parts, 'forgotten'].reduce((all, part) => all + details[`Events ${part}`], 0);
    expect(sum).toBe(details['Events']);
  });

  it('is silent if hardly anything moved', () => {
    hear(1000, cell(1, 1, true, 10));
    hear(1050, []);
    expect(() => shown(1050)).toThrow(Silence);
    expect(() => shown(1050)).toThrow(cause('events_few'));
  });

  it('continues from a checkpoint in the middle of a window and a row', () => {
    const all = Array.from({ length: 12 }, (_, k) =>
      evt3(cell(k % 8, 2, k % 2 === 0).map((e) => ({ ...e, t: 1e6 + 10_000 * k + e.t }))),
    );
    const bytes = Buffer.concat(all);
    const cut = (k: number): Uint8Array => bytes.subarray(k * 26, (k + 1) * 26);
    const live = (from: number, to: number): string[] => {
      const seen: string[] = [];
      for (let k = from; k < to; k++) {
        const stamp = (1000n + 5n * BigInt(k)) * ms;
        if (!encoder.hear?.(packet(k, cut(k)), stamp)) continue;
        const into = new Uint8Array(encoder.rows * encoder.columns);
        encoder.encode({}, into, stamp, '');
        seen.push(Buffer.from(into).toString('hex'));
      }
      return seen;
    };
    const whole = live(0, 24);
    expect(whole.length).toBe(2);
    make();
    const begun = live(0, 7);
    const { heard } = encoder;
    make();
    encoder.heard = heard;
    expect([...begun, ...live(7, 24)]).toEqual(whole);
  });

  it('survives any values in a checkpoint', () => {
    for (const values of [
      [],
      [1e300, NaN, 7],
      Array(50).fill(Infinity),
      Array.from({ length: 40 }, (_, k) => k * 1e9),
    ]) {
      encoder.heard = { stamps: BigInt64Array.of(1000n * ms), values: Float64Array.from(values as number[]), due: 0n };
      expect(() => hear(1010, cell(1, 1, true))).not.toThrow();
      expect(() => shown(1010)).not.toThrow(TypeError);
    }
  });
});
