import { describe, expect, it } from 'vitest';
import { readBattery } from '../../src/energy/battery.js';

const message = { present: true, percentage: 0.5, charge: NaN, capacity: NaN, status: 2 };

describe('a battery message', () => {
  it('tells the charge', () => {
    expect(readBattery(message)).toEqual({ charge: 0.5, charging: false });
  });

  it.each([
    [0, false],
    [1, true],
    [2, false],
    [3, false],
    [4, true],
  ])('of status %d is on mains: %s', (status, charging) => {
    expect(readBattery({ ...message, status })?.charging).toBe(charging);
  });

  it('says nothing without a battery', () => {
    expect(readBattery({ ...message, present: false, percentage: 87 })).toBeUndefined();
  });

  it('derives a NaN percentage from charge and capacity', () => {
    expect(readBattery({ ...message, percentage: NaN, charge: 3, capacity: 4 })?.charge).toBe(0.75);
  });

  it.each([
    [NaN, NaN],
    [3, NaN],
    [NaN, 4],
    [5, 4],
    [0, 0],
    [-1, 4],
  ])('is unmeasured with charge %d of %d', (charge, capacity) => {
    expect(() => readBattery({ ...message, percentage: NaN, charge, capacity })).toThrow(
      /percentage is NaN and charge/,
    );
  });

  it('refuses 87 and says that it looks like 0..100', () => {
    expect(() => readBattery({ ...message, percentage: 87 })).toThrow(
      'percentage is 87, expected 0..1; this looks like a percentage of 0..100',
    );
  });

  it.each([-0.1, 101, Infinity, -Infinity])('refuses %d without a guess', (percentage) => {
    expect(() => readBattery({ ...message, percentage })).toThrow(`percentage is ${percentage}, expected 0..1`);
  });
});
