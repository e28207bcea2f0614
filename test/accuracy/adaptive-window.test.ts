import { describe, expect, it } from 'vitest';
import { AdaptiveWindow } from '../../src/accuracy/drift-detectors.js';
import { PrequentialAccuracy } from '../../src/accuracy/accuracy-monitor.js';
import { Random } from '../../src/base/random.js';

/** Adds labels that are right with the given probability. Returns after how many a change was found, or 0. */
function run(window: AdaptiveWindow, random: Random, accuracy: number, labels: number): number {
  for (let k = 1; k <= labels; k++) if (window.add(Number(random.uniform() < accuracy)) !== 0) return k;
  return 0;
}

describe('AdaptiveWindow', () => {
  it('keeps count and mean of all its values, whatever was merged', () => {
    const window = new AdaptiveWindow();
    for (let k = 0; k < 1000; k++) expect(window.add(0.5 + 0.25 * (k % 2))).toBe(0);
    expect(window.count).toBe(1000);
    expect(window.mean).toBeCloseTo(0.625, 9);
  });

  it('grows without an alarm while nothing changes', () => {
    const falseAlarms = Array.from({ length: 20 }, (_, seed) =>
      run(new AdaptiveWindow(), new Random(seed), 0.93, 5000),
    );
    expect(falseAlarms.filter((label) => label > 0).length).toBeLessThanOrEqual(1);
  });

  it('does not mistake a change of the expected values for a change of its own', () => {
    const [window, random] = [new AdaptiveWindow(), new Random(7)];
    const add = (by: number, values: number): number[] =>
      Array.from({ length: values }, () => window.add(Number(random.uniform() < 0.9) - by));
    add(0.5, 1000);
    window.shift(-0.4);
    expect(window.mean).toBeCloseTo(0, 1);
    expect(add(0.9, 1000).filter((change) => change !== 0)).toEqual([]);
    expect(window.count).toBe(2000);
    expect(add(0.5, 200).some((change) => change !== 0)).toBe(true);
  });

  it.each([
    [0.93, 0.8, 250],
    [0.93, 0.5, 48],
    [0.6, 0.9, 120],
  ])('detects a change from %d to %d, usually within %d labels, and forgets the time before', (before, after, most) => {
    const found = Array.from({ length: 11 }, (_, seed) => {
      const [window, random] = [new AdaptiveWindow(), new Random(seed + 100)];
      run(window, random, before, 2000);
      const label = run(window, random, after, 1000);
      expect(label).toBeGreaterThan(0);
      expect(window.count).toBeLessThan(2000);
      return label;
    });
    expect(found.sort((a, b) => a - b)[5]).toBeLessThanOrEqual(most);
  });

  it('detects a change before the mean of a window of 1000 is below the target', () => {
    const [window, accuracy, random] = [new AdaptiveWindow(), new PrequentialAccuracy(1000), new Random(7)];
    let [found, below] = [0, 0];
    for (let k = -2000; k < 1000; k++) {
      const right = random.uniform() < (k < 0 ? 0.95 : 0.8);
      accuracy.add(right);
      if (window.add(Number(right)) < 0) found ||= k;
      if (k >= 0 && accuracy.estimate().accuracy < 0.9) below ||= k;
    }
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(below / 2);
  });

  it('starts over after a reset', () => {
    const window = new AdaptiveWindow();
    window.add(1);
    window.reset();
    expect([window.count, window.mean]).toEqual([0, 0]);
  });
});
