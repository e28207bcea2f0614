import { describe, expect, it } from 'vitest';
import { MarginCalibration, MarginWatch } from '../../src/accuracy/margins.js';
import { Random } from '../../src/base/random.js';

describe('MarginCalibration', () => {
  it('learns how often a confidence is right', () => {
    const [calibration, random] = [new MarginCalibration(), new Random(1)];
    for (let k = 0; k < 5000; k++) {
      const confidence = random.uniform();
      calibration.add(confidence, random.uniform() < confidence ** 2); // overconfident
    }
    for (const confidence of [0.3, 0.5, 0.7, 0.9]) {
      expect(Math.abs(calibration.expected(confidence) - confidence ** 2)).toBeLessThan(0.08);
    }
  });

  it('never returns less for a larger margin', () => {
    const [calibration, random] = [new MarginCalibration(), new Random(2)];
    for (let k = 0; k < 60; k++) {
      calibration.add(random.uniform(), random.uniform() < 0.5);
      const shares = Array.from({ length: 21 }, (_, at) => calibration.expected(at / 20));
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
    }
  });

  it('treats an invalid confidence as none', () => {
    const calibration = new MarginCalibration();
    for (const confidence of [NaN, -1, 2, Infinity]) calibration.add(confidence, true);
    expect(calibration.samples).toBe(4);
    expect(calibration.expected(NaN)).toBe(calibration.expected(0));
  });
});

describe('MarginWatch', () => {
  /** Gives answers with this share of certain ones. One in ten is labelled. */
  function answer(watch: MarginWatch, random: Random, answers: number, sure: number, labels = true): void {
    for (let k = 0; k < answers; k++) {
      const isSure = random.uniform() < sure;
      const confidence = isSure ? 0.7 + 0.3 * random.uniform() : 0.6 * random.uniform();
      watch.answered(confidence, 0);
      if (labels && k % 10 === 0) watch.labelled(confidence, random.uniform() < (isSure ? 0.98 : 0.5), 0);
    }
  }

  it('does not warn while answers are as certain as before', () => {
    const [watch, random] = [new MarginWatch(), new Random(3)];
    let warned = 0;
    for (let k = 0; k < 100; k++) {
      answer(watch, random, 200, 0.9);
      warned += Number(watch.warning > 0.01);
    }
    expect(warned).toBeLessThanOrEqual(1);
  });

  it('warns without a label when answers become less certain', () => {
    const [watch, random] = [new MarginWatch(), new Random(4)];
    answer(watch, random, 10_000, 0.9);
    answer(watch, random, 300, 0.6, false);
    expect(watch.warning).toBeGreaterThan(0.03);
    expect(watch.warning).toBeLessThan(0.2);
  });

  it('reports the whole fall until a label contradicts', () => {
    const [watch, random] = [new MarginWatch(), new Random(8)];
    answer(watch, random, 10_000, 0.9);
    // 0.9 · 0.98 + 0.1 · 0.5 = 0.93 were right; 0.6 · 0.98 + 0.4 · 0.5 = 0.79 are.
    answer(watch, random, 10_000, 0.6, false);
    expect(watch.warning).toBeGreaterThan(0.1);
    expect(watch.warning).toBeLessThan(0.2);
    answer(watch, random, 6000, 0.6);
    expect(watch.warning).toBeLessThan(0.06);
  });

  it('does not warn before enough labels calibrate it', () => {
    const [watch, random] = [new MarginWatch(), new Random(5)];
    answer(watch, random, 3000, 0.9);
    answer(watch, random, 300, 0.1, false);
    expect(watch.warning).toBe(0);
  });

  it('compares only answers of the same point', () => {
    const [watch, random] = [new MarginWatch(), new Random(6)];
    answer(watch, random, 10_000, 0.9);
    for (let k = 0; k < 300; k++) watch.answered(0.4, 1); // a cheaper point is less certain from the start
    expect(watch.warning).toBe(0);
  });

  it('keeps its warning when the point changes, until it knows better at the new point', () => {
    const [watch, random] = [new MarginWatch(), new Random(9)];
    answer(watch, random, 10_000, 0.9);
    answer(watch, random, 300, 0.6, false);
    const { warning } = watch;
    expect(warning).toBeGreaterThan(0.05);
    for (let k = 0; k < 1000; k++) watch.answered(0.9, 1);
    expect(watch.warning).toBe(warning);
    for (let k = 0; k < 200; k++) watch.labelled(0.9, true, 1);
    expect(watch.warning).toBeLessThan(0.5 * warning);
    watch.answered(0.9, 1);
    expect(watch.warning).toBeLessThan(0.02);
  });
});
