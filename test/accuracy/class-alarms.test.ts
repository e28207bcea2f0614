import { beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import { ClassAlarms } from '../../src/accuracy/drift-detectors.js';

let alarms: ClassAlarms;
beforeEach(() => {
  alarms = new ClassAlarms(3);
});

/** Feeds labels of a class that owns `owned` neurons, all answered alike. Returns how often a renewal was asked for. */
const hear = (labels: number, label: number, right: boolean, owned = 4): number =>
  Array.from({ length: labels }, () => alarms.watch(label, right, owned)).filter(Boolean).length;

describe('ClassAlarms', () => {
  it('detects within five errors that a well-known class is wrong, and asks for one renewal per error', () => {
    hear(400, 1, true);
    // log2(1.02 / 0.04) = 4.67 bits each, more as the share of errors grows: 4 errors are 18.7 bits, fewer than 20.
    expect(hear(4, 1, false)).toBe(0);
    expect(alarms.on).toBe(false);
    expect(hear(1, 1, false)).toBe(1);
    expect(alarms.on).toBe(true);
    expect(alarms.raised).toBe(1);
    expect(hear(1, 1, true)).toBe(0);
    expect(hear(2, 1, false)).toBe(2);
  });

  it('needs more errors for a class that was always hard', () => {
    for (let k = 0; k < 400; k++) alarms.watch(0, k % 2 === 0, 4);
    expect(hear(20, 0, false)).toBe(0);
    expect(hear(20, 0, false)).toBeGreaterThan(0);
  });

  it('ignores classes that are little known, unchanged, or own nothing', () => {
    expect(hear(50, 0, false)).toBe(0);
    hear(400, 1, true);
    hear(400, 2, true);
    expect(hear(40, 1, false, 0)).toBe(0);
    expect(hear(4, 2, false)).toBe(0);
    expect(alarms.raised).toBe(0);
  });

  it('ends after as many renewals as the class owns neurons, and can sound again', () => {
    hear(400, 1, true);
    expect(hear(30, 1, false)).toBe(4);
    expect(alarms.on).toBe(false);
    expect(alarms.state.labels[1]).toBeLessThan(30);
  });

  it('ends when the class is known again, and can then renew the remaining neurons', () => {
    hear(400, 1, true);
    hear(6, 1, false);
    expect(hear(20, 1, true)).toBe(0);
    expect(alarms.on).toBe(false);
    expect(hear(1, 1, false)).toBe(1);
    expect(alarms.on).toBe(false);
  });

  it.each([0.02, 0.1, 0.45])('raises no false alarm in a million labels, of which %d are wrong', (share) => {
    const random = new Random(7);
    for (let k = 0; k < 1_000_000; k++) alarms.watch(k % 3, random.uniform() >= share, 10);
    expect(alarms.raised).toBe(0);
  });
});
