import { describe, expect, it } from 'vitest';
import { readBattery } from '../../src/energy/battery.js';

const message = { present: true, percentage: 0.5, charge: NaN, capacity: NaN, status: 2 };

describe('readBattery', () => {
  it('returns the charge', () => {
    expect(readBattery(message)).toEqual({ charge: 0.5, charging: false });
  });

  it.each([
    [0, false],
    [1, true],
    [2, false],
    [3, false],
    [4, true],
  ])('tells from status %d whether it is on mains: %s', (status, charging) => {
    expect(readBattery({ ...message, status }).charging).toBe(charging);
  });

  it('believes a charge whose present is false, as many drivers leave it', () => {
    expect(readBattery({ ...message, present: false, percentage: 0.2 })).toEqual({ charge: 0.2, charging: false });
    const counted = { ...message, present: false, percentage: NaN, charge: 1, capacity: 4 };
    expect(readBattery(counted).charge).toBe(0.25);
  });

  it.each([{}, { voltage: 0 }, { voltage: NaN, charge: 0, capacity: 0 }])(
    'reports no battery when nothing is measured either: %o',
    (change) => {
      const absent = { ...message, present: false, percentage: NaN, ...change };
      expect(() => readBattery(absent)).toThrow(expect.objectContaining({ code: 'battery_absent' }) as Error);
    },
  );

  it.each([
    [1.0000001, 1],
    [1.02, 1],
    [1.05, 1],
    [-0.01, 0],
    [-0.05, 0],
  ])('clamps %d to the end %d', (percentage, charge) => {
    expect(readBattery({ ...message, percentage }).charge).toBe(charge);
    const counted = { ...message, percentage: NaN, charge: percentage * 40, capacity: 40 };
    expect(readBattery(counted).charge).toBe(charge);
  });

  it.each([
    [100, 1],
    [104, 1],
    [87, 0.87],
    [1, 0.01],
    [0.8, 0.008],
  ])('reads %d, when full is 100, as %d', (percentage, charge) => {
    expect(readBattery({ ...message, percentage }, 100).charge).toBeCloseTo(charge, 12);
  });

  it('refuses a value that is no percentage when full is 100', () => {
    expect(() => readBattery({ ...message, percentage: 106 }, 100)).toThrow('percentage is 106, expected 0..100');
  });

  it('says that a voltage alone is no charge', () => {
    const alone = { ...message, percentage: NaN, voltage: 12.1 };
    for (const present of [true, false]) {
      expect(() => readBattery({ ...alone, present })).toThrow('give none, and 12.1 V alone give no charge');
    }
  });

  it('derives a NaN percentage from charge and capacity', () => {
    expect(readBattery({ ...message, percentage: NaN, charge: 3, capacity: 4 }).charge).toBe(0.75);
  });

  it.each([
    [NaN, NaN],
    [3, NaN],
    [NaN, 4],
    [5, 4],
    [0, 0],
    [-1, 4],
    [0, NaN],
    [-1, 0],
  ])('is unmeasured with charge %d of %d', (charge, capacity) => {
    expect(() => readBattery({ ...message, percentage: NaN, charge, capacity })).toThrow(
      /percentage is NaN and charge/,
    );
  });

  it('refuses 87 and says that it looks like 0..100', () => {
    expect(() => readBattery({ ...message, percentage: 87 })).toThrow(
      'percentage is 87, expected 0..1; this looks like a percentage of 0..100: set battery.full to 100',
    );
  });

  it.each([-0.06, -1, 1.06, 101, Infinity, -Infinity])('refuses %d without a guess', (percentage) => {
    expect(() => readBattery({ ...message, percentage })).toThrow(`percentage is ${percentage}, expected 0..1`);
  });
});
