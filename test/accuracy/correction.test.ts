import { describe, expect, it } from 'vitest';
import { Correction } from '../../src/accuracy/accuracy-monitor.js';

/** Feeds labels with this share of right answers, evenly spread. */
function hear(correction: Correction, labels: number, share: number, expected: number, weight = 1): void {
  for (let k = 0; k < labels; k++)
    correction.add(Math.floor((k + 1) * share) > Math.floor(k * share), expected, weight);
}

describe('Correction', () => {
  it('is zero and uncertain before anything is observed', () => {
    expect(new Correction(0.995).estimate()).toEqual({ correction: 0, deviation: 0.1 });
  });

  it('approaches the observed accuracy with every label', () => {
    const few = new Correction(0.9999);
    hear(few, 4, 0.5, 0.9);
    const many = new Correction(0.9999);
    hear(many, 4000, 0.5, 0.9);
    expect(few.estimate().correction).toBeGreaterThan(-0.1);
    expect(many.estimate().correction).toBeCloseTo(-0.4, 2);
    // For independent labels: √(p (1 − p) / n), with n a little below 4000 because of the fading.
    expect(many.estimate().deviation).toBeCloseTo(Math.sqrt(0.25 / 3300), 3);
    expect(few.estimate().deviation).toBeGreaterThan(4 * many.estimate().deviation);
  });

  it('compares with the accuracy expected at the point of each sample', () => {
    const correction = new Correction(0.9999);
    for (let k = 0; k < 2000; k++) correction.add(k % 10 > 0, k % 2 === 0 ? 0.95 : 0.85);
    expect(correction.estimate().correction).toBeCloseTo(0, 3);
  });

  it('becomes uncertain without labels', () => {
    const correction = new Correction(0.995);
    hear(correction, 1000, 0.8, 0.9);
    const { correction: known, deviation } = correction.estimate();
    for (let k = 0; k < 100_000; k++) correction.age();
    expect(correction.estimate().deviation).toBeGreaterThan(2 * deviation);
    expect(Math.abs(correction.estimate().correction)).toBeLessThan(Math.abs(known) / 2);
  });

  it('trusts few heavy labels less than many light ones', () => {
    const [even, uneven] = [new Correction(0.9999), new Correction(0.9999)];
    hear(even, 100, 0.9, 0.9);
    hear(uneven, 95, 0.9, 0.9, 0.1);
    hear(uneven, 5, 0.8, 0.9, 10);
    expect(uneven.estimate().deviation).toBeGreaterThan(1.5 * even.estimate().deviation);
  });

  it('learns quickly after a change', () => {
    const correction = new Correction(0.995);
    hear(correction, 1000, 0.9, 0.9);
    const { deviation } = correction.estimate();
    correction.doubt();
    expect(correction.estimate().deviation).toBeGreaterThan(2 * deviation);
    hear(correction, 40, 0.5, 0.9);
    expect(correction.estimate().correction).toBeLessThan(-0.15);
    correction.reset();
    expect(correction.estimate()).toEqual({ correction: 0, deviation: 0.1 });
  });
});
