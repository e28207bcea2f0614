import { beforeEach, describe, expect, it } from 'vitest';
import type { SensorEncoder } from '../../../src/sensing/sensor.js';
import { sensorEncoder } from '../../../src/sensing/sensor-kinds.js';
import type { ImuMessage } from '../../../src/sensing/motion/imu-sensor.js';
import { Silence } from '../../../src/sensing/refuse.js';
import { cause } from './encoded.js';

const cells = 9;
let encoder: SensorEncoder;

/** Shaking along x with the given amount and share of the sensor's 100 Hz, turning about z. */
function message(k: number, shake: number, period: number, changes: Partial<ImuMessage> = {}): ImuMessage {
  const unknown = new Float64Array(9);
  return {
    linear_acceleration: { x: shake * Math.sin((2 * Math.PI * (k + 0.25)) / period), y: 0, z: 10 },
    angular_velocity: { x: 0, y: 0, z: 2.5 },
    ...{ linear_acceleration_covariance: unknown, angular_velocity_covariance: unknown },
    ...changes,
  };
}
const stampOf = (k: number): bigint => BigInt(k) * 10_000_000n;
const hear = (k: number, shake = 5, period = 10, changes: Partial<ImuMessage> = {}): boolean =>
  encoder.hear?.(message(k, shake, period, changes), stampOf(k)) ?? false;

function encoded(k: number, changes: Partial<ImuMessage> = {}): number[] {
  const into = new Uint8Array(encoder.columns).fill(9);
  encoder.encode(message(k, 0, 10, changes), into, stampOf(k), '');
  return [...into];
}
/** The strongest cell of a feature: 0 mean, 1 deviation, 2 crossings. */
const best = (code: readonly number[], axis: number, feature: number): number => {
  const own = code.slice((3 * axis + feature) * cells, (3 * axis + feature + 1) * cells);
  return own.indexOf(Math.max(...own));
};

beforeEach(() => {
  ({ encoder } = sensorEncoder({ name: 'imu', values: { cells, window: 1, hop: 0.5 } }));
});

describe('an inertial sensor', () => {
  it('makes a sample of a full window, then one every hop', () => {
    const complete = Array.from({ length: 300 }, (_, k) => k).filter((k) => hear(k));
    expect(complete).toEqual([100, 150, 200, 250]);
  });

  it('codes mean, deviation and crossings of each quantity', () => {
    for (let k = 0; k <= 100; k++) hear(k);
    const code = encoded(100);
    expect(code).toHaveLength(18 * cells);
    expect([best(code, 0, 0), best(code, 2, 0), best(code, 5, 0)]).toEqual([4, 6, 6]); // 0, 10 of ±20, 2.5 of ±5
    expect(best(code, 0, 1)).toBe(Math.round(8 * Math.sqrt(5 / Math.SQRT2 / 20)));
    expect(best(code, 1, 1)).toBe(0);
    expect(best(code, 0, 2)).toBe(2); // 20 crossings in 100 steps: 0.2 of 8 cells
  });

  it('looks back from the given stamp', () => {
    for (let k = 0; k <= 100; k++) hear(k, 0);
    const still = encoded(100);
    for (let k = 101; k <= 200; k++) hear(k, 15);
    expect(encoded(200)).not.toEqual(still);
    expect(encoded(100)).toEqual(still);
  });

  it('is silent about quantities that it does not measure', () => {
    const covariance = Float64Array.of(-1, 0, 0, 0, 0, 0, 0, 0, 0);
    const changes = { angular_velocity_covariance: covariance, angular_velocity: { x: NaN, y: NaN, z: NaN } };
    for (let k = 0; k <= 100; k++) hear(k, 5, 10, changes);
    const code = encoded(100, changes);
    expect(code.slice(9 * cells)).toEqual(Array(9 * cells).fill(0));
    expect(code.slice(0, 9 * cells).some((byte) => byte > 0)).toBe(true);
  });

  it('is silent when a window has few messages', () => {
    for (let k = 0; k < 7; k++) hear(k);
    expect(() => encoded(6)).toThrow(Silence);
    hear(7);
    expect(encoded(7).some((byte) => byte > 0)).toBe(true);
  });

  it('makes a sample of a full window after a pause too', () => {
    const complete = (from: number, to: number): number[] =>
      Array.from({ length: to - from }, (_, k) => from + k).filter((k) => hear(k));
    complete(0, 240);
    expect(complete(341, 600)).toEqual([441, 491, 541, 591]);
    // Silence as long as the window is no pause.
    expect(complete(690, 760)).toEqual([690, 740]);
  });

  it('is reported at every hop when it sends too rarely', () => {
    const rare = Array.from({ length: 6 }, (_, k) => 250 * k);
    expect(rare.filter((k) => hear(k))).toEqual(rare.slice(1));
    expect(() => encoded(1250)).toThrow(cause('imu_few'));
  });

  it('makes samples of a window with more messages than it keeps', () => {
    ({ encoder } = sensorEncoder({ name: 'imu', values: { cells, window: 60, hop: 1 } }));
    const fast = (k: number): boolean => encoder.hear?.(message(k, 5, 10), BigInt(k) * 5_000_000n) ?? false;
    expect(Array.from({ length: 12_201 }, (_, k) => k).filter(fast)).toEqual([12_000, 12_200]);
  });

  it("continues from another's state, and forgets it", () => {
    for (let k = 0; k <= 130; k++) hear(k, k / 10);
    const { heard, ...first } = { heard: encoder.heard, code: encoded(130) };
    expect(heard?.stamps).toHaveLength(100);
    ({ encoder } = sensorEncoder({ name: 'imu', values: { cells, window: 1, hop: 0.5 } }));
    encoder.heard = heard;
    expect(encoded(130)).toEqual(first.code);
    expect([149, 150, 151].map((k) => hear(k))).toEqual([false, true, false]);
    encoder.heard = undefined;
    expect(() => encoded(151)).toThrow('holds 0 messages');
    expect(encoder.heard).toBeUndefined();
  });

  it('makes a sample every hop on average when the rate does not divide it', () => {
    // 30 Hz: 15 messages are a little less than 0.5 s.
    const complete = Array.from({ length: 30 * 60 + 2 }, (_, k) => k).filter(
      (k) => encoder.hear?.(message(k, 5, 10), BigInt(k) * 33_333_333n) ?? false,
    );
    expect(complete).toHaveLength(2 * 59 + 1);
  });

  it('sorts late messages into the window, and codes them as if they had come in order', () => {
    for (let k = 0; k <= 100; k++) hear(k);
    const inOrder = encoded(100);
    ({ encoder } = sensorEncoder({ name: 'imu', values: { cells, window: 1, hop: 0.5 } }));
    const order = Array.from({ length: 101 }, (_, k) => k);
    for (const k of [20, 40, 60, 80]) order.splice(k, 5, k + 1, k, k + 4, k + 2, k + 3);
    expect(order.filter((k) => hear(k))).toEqual([100]);
    expect(encoded(100)).toEqual(inOrder);
  });

  it('sorts late messages when more have come than it keeps', () => {
    ({ encoder } = sensorEncoder({ name: 'imu', values: { cells, window: 60, hop: 1 } }));
    const at = (k: number): bigint => BigInt(k) * 5_000_000n;
    for (let k = 0; k < 9000; k += 2) {
      for (const each of [k + 1, k]) encoder.hear?.(message(each, 5, 10), at(each));
    }
    const { stamps = [] } = encoder.heard ?? {};
    expect([...stamps]).toEqual(Array.from({ length: 8192 }, (_, k) => at(9000 - 8192 + k)));
  });

  it('refuses a message older than the window, and nothing changes', () => {
    for (let k = 0; k <= 120; k++) hear(k);
    const { heard } = encoder;
    expect(() => hear(20)).toThrow(cause('imu_late'));
    expect(() => hear(20)).toThrow(
      'message of 0.200000000 s came after that of 1.200000000 s, expected within imu.window',
    );
    expect(encoder.heard).toEqual(heard);
    expect(hear(21)).toBe(false);
  });

  it('accepts a packet with one stamp, and reports stamps that do not advance', () => {
    const same = (stamp: bigint): boolean => encoder.hear?.(message(0, 5, 10), stamp) ?? false;
    for (let k = 0; k < 100; k++) same(7n);
    expect(() => same(7n)).toThrow(
      'message of 0.000000007 s has the stamp of 100 before it, expected stamps that go on',
    );
    expect(same(8n)).toBe(false);
  });

  it('reports stamps that are all zero', () => {
    expect(hear(0)).toBe(false);
    expect(() => hear(0)).toThrow(cause('imu_stamp_stuck'));
  });

  it('reports once each pause before which no window was complete', () => {
    for (let k = 0; k < 90; k++) hear(k);
    expect(encoder.takeFault?.()).toBeUndefined();
    hear(250);
    expect(encoder.takeFault?.()).toMatchObject({
      code: 'imu_incomplete',
      message: 'messages came for 0.89 s, then none for 1.61 s; expected a whole imu.window of 1.00 s',
    });
    expect(encoder.takeFault?.()).toBeUndefined();
    for (let k = 251; k < 360; k++) hear(k);
    hear(500);
    expect(encoder.takeFault?.()).toBeUndefined();
  });

  it('reports that stamps started again before a window was complete', () => {
    for (let k = 0; k < 60; k++) hear(k);
    encoder.heard = undefined;
    expect(encoder.takeFault?.()).toMatchObject({ code: 'imu_incomplete' });
    encoder.heard = undefined;
    expect(encoder.takeFault?.()).toBeUndefined();
  });

  it('returns how far a sample looks back', () => {
    expect(encoder.span).toBe(1_000_000_000n);
  });

  it.each([NaN, Infinity, -1e7])('refuses a quantity of %d and forgets it', (value) => {
    const wrong = { linear_acceleration: { x: 0, y: value, z: 0 } };
    expect(() => hear(0, 0, 10, wrong)).toThrow(cause('imu_out_of_range'));
    expect(() => hear(0, 0, 10, wrong)).toThrow('linear_acceleration.y is');
    expect(() => encoded(0)).toThrow('holds 0 messages');
  });
});
