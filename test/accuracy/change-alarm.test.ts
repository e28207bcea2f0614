import { beforeEach, describe, expect, it } from 'vitest';
import { ChangeAlarm } from '../../src/accuracy/drift-detectors.js';

const network = { shape: { neurons: 10, rows: 1, columns: 8, classes: 2, polarity: false }, full: true };
let alarm: ChangeAlarm;
beforeEach(() => {
  alarm = new ChangeAlarm();
});

/** Feeds labels of a well-known class, all answered alike. Returns how often a renewal was asked for. */
const hear = (labels: number, right: boolean, full = true): number =>
  Array.from({ length: labels }, () => alarm.watch(50, right, { ...network, full })).filter(Boolean).length;

describe('ChangeAlarm', () => {
  it('does not count the first 50 labels of a class', () => {
    for (let before = 0; before < 50; before++) expect(alarm.watch(before, false, network)).toBe(false);
    expect(alarm.state).toEqual({ labelled: 0, fast: 0, slow: 0, renewed: 0, alarm: false });
  });

  it('averages the errors over 50 and over 2000 labels', () => {
    hear(1, false);
    hear(1, true);
    expect(alarm.state).toMatchObject({ labelled: 2, fast: 0.5, slow: 0.5 });
    hear(998, true);
    expect(alarm.state.slow).toBeCloseTo(0.001, 12);
    expect(alarm.state.fast).toBeCloseTo(0.02 * 0.98 ** 950, 12);
  });

  it('stays quiet during the first 500 labels, and when answers were always wrong', () => {
    expect(hear(500, false)).toBe(0);
    alarm = new ChangeAlarm();
    hear(600, true, false);
    expect(hear(100, false, false)).toBe(0);
    alarm = new ChangeAlarm();
    expect(hear(2000, false)).toBe(0);
  });

  it('sounds when known classes are suddenly wrong, and asks for one renewal per error', () => {
    hear(600, true);
    // 1 - 0.98^n > slow + 0.4 (1 - slow) with slow about n / 600: n = 28.
    expect(hear(27, false)).toBe(0);
    expect(alarm.on).toBe(false);
    expect(hear(1, false)).toBe(1);
    expect(alarm.on).toBe(true);
    expect(hear(1, true)).toBe(0);
    expect(hear(3, false)).toBe(3);
    expect(alarm.state.renewed).toBe(4);
  });

  it('ends after as many renewals as there are neurons, and can sound again', () => {
    hear(600, true);
    expect(hear(100, false)).toBe(10);
    expect(alarm.on).toBe(false);
    expect(alarm.state.labelled).toBeLessThan(100);
  });

  it('ends when the errors are gone', () => {
    hear(600, true);
    hear(30, false);
    expect(alarm.on).toBe(true);
    hear(200, true);
    expect(alarm.on).toBe(false);
  });

  it('does not end while errors are more frequent than before', () => {
    hear(600, true);
    hear(30, false);
    // The slow error stays at 28/628 = 4.5 %; one error in 17 labels holds the fast one between 5 and 9 %.
    hear(95, true);
    for (let k = 0; k < 5; k++) {
      hear(1, false);
      hear(16, true);
    }
    expect(alarm.on).toBe(true);
    hear(50, true);
    expect(alarm.on).toBe(false);
  });

  it('restores a stored state', () => {
    hear(600, true);
    hear(29, false);
    const other = new ChangeAlarm();
    other.state = alarm.state;
    expect(other.on).toBe(true);
    expect(other.watch(50, false, network)).toBe(true);
    expect(other.state.renewed).toBe(alarm.state.renewed + 1);
  });
});
