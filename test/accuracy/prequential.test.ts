import { describe, expect, it } from 'vitest';
import { PrequentialAccuracy } from '../../src/accuracy/accuracy-monitor.js';
import { Random } from '../../src/base/random.js';
import { wilson } from '../../src/accuracy/wilson.js';

describe('wilson', () => {
  // Literal values of the score interval: Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('gives the bounds of %d right in %d: %d and %d', (right, samples, low, high) => {
    const bounds = wilson(right, samples);
    expect(bounds.low).toBeCloseTo(low, 4);
    expect(bounds.high).toBeCloseTo(high, 4);
  });

  it('gives 0..1 without labels', () => {
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });
});

describe('PrequentialAccuracy', () => {
  it('is unknown before the first label', () => {
    expect(new PrequentialAccuracy(10).estimate()).toEqual({
      ...{ accuracy: NaN, low: 0, high: 1, samples: 0, faded: NaN },
      ...{ recall: NaN, recallLow: 0, recallHigh: 1 },
      reason: expect.stringMatching(/^no label of a sample drawn at random has come/) as unknown,
    });
  });

  it('averages what it has while the window fills', () => {
    const accuracy = new PrequentialAccuracy(10);
    for (const right of [true, true, false, true]) accuracy.add(right);
    expect(accuracy.estimate()).toMatchObject({ accuracy: 0.75, samples: 4 });
  });

  it('averages over the window only', () => {
    const accuracy = new PrequentialAccuracy(3);
    for (const right of [false, false, false, true, true, true]) accuracy.add(right);
    expect(accuracy.estimate()).toMatchObject({ accuracy: 1, samples: 3 });
    accuracy.add(false);
    expect(accuracy.estimate().accuracy).toBeCloseTo(2 / 3);
  });

  it('forgets everything on reset', () => {
    const accuracy = new PrequentialAccuracy(3);
    accuracy.add(true);
    accuracy.reset();
    accuracy.add(false);
    expect(accuracy.estimate()).toMatchObject({ accuracy: 0, samples: 1 });
  });

  it('fades: the n-th label back counts α^n', () => {
    const accuracy = new PrequentialAccuracy(10, 0.5);
    for (const right of [true, false, true]) accuracy.add(right);
    expect(accuracy.estimate().faded).toBeCloseTo((1 + 0.25) / (1 + 0.5 + 0.25), 12);
  });

  it('resumes from its state to the bit, whichever classes came and went', () => {
    const whole = new PrequentialAccuracy(40);
    const random = new Random(5);
    for (let k = 0; k < 400; k++) {
      whole.add(random.uniform() < 0.7, `class ${random.below(9) ** 2 % 13}`);
      const again = new PrequentialAccuracy(40);
      again.state = whole.state;
      expect(again.estimate()).toEqual(whole.estimate());
      expect(again.state).toEqual(whole.state);
    }
  });

  it('weighs every class equally in mean recall', () => {
    const accuracy = new PrequentialAccuracy(100);
    for (let k = 0; k < 97; k++) accuracy.add(true, 'hall');
    for (let k = 0; k < 3; k++) accuracy.add(k === 0, 'kitchen');
    const { accuracy: share, recall, recallLow, recallHigh } = accuracy.estimate();
    expect(share).toBe(0.98);
    expect(recall).toBeCloseTo((1 + 1 / 3) / 2, 12);
    // Three labels of one class say little: p̄ ∓ √(d₁² + d₂²) / 2 with the distances to Wilson's bounds.
    const [hall, kitchen] = [wilson(97, 97), wilson(1, 3)];
    expect(recallLow).toBeCloseTo(recall - Math.hypot(1 - hall.low, 1 / 3 - kitchen.low) / 2, 12);
    expect(recallHigh).toBeCloseTo(recall + Math.hypot(hall.high - 1, kitchen.high - 1 / 3) / 2, 12);
    expect(recallHigh - recallLow).toBeGreaterThan(0.3);
  });

  it('widens its bounds when no more labels come', () => {
    const accuracy = new PrequentialAccuracy(1000);
    for (let k = 0; k < 500; k++) accuracy.add(k % 10 !== 0);
    const widths = [0, 1000, 5000, 20_000, 100_000, 1e6].map((since) => {
      const { low, high, accuracy: share, reason } = accuracy.estimate(since);
      expect(share).toBe(0.9);
      return { width: high - low, reason };
    });
    expect(widths[1]).toEqual(widths[0]);
    expect(widths[0].reason).toBe('from the last 500 labels of samples drawn at random');
    for (let at = 2; at < widths.length; at++) expect(widths[at].width).toBeGreaterThan(widths[at - 1].width);
    expect(widths[3].reason).toContain('none has come for 20000 decisions: bounds widen');
    expect(widths[5].width).toBeCloseTo(1, 3);
    const { recallLow, recallHigh } = accuracy.estimate(1e6);
    expect(recallHigh - recallLow).toBeCloseTo(1, 3);
  });

  it('includes the latest labels in its bounds, and reports if they differ', () => {
    const accuracy = new PrequentialAccuracy(1000);
    const random = new Random(3);
    let outside = 0;
    for (let k = 0; k < 50_000; k++) {
      accuracy.add(random.uniform() < 0.95);
      outside += Number(accuracy.estimate().reason.includes('the latest'));
    }
    expect(outside / 50_000).toBeLessThan(0.1);
    for (let k = 0; k < 300; k++) accuracy.add(random.uniform() < 0.7);
    const { low, accuracy: share, reason } = accuracy.estimate();
    expect(share).toBeGreaterThan(0.82);
    expect(low).toBeLessThan(0.75);
    expect(reason).toContain('the latest were right less often');
  });

  it('includes the last hundred labels if they are suspicious, long before the faded accuracy', () => {
    const [accuracy, random] = [new PrequentialAccuracy(1000), new Random(3)];
    for (let k = 0; k < 2000; k++) accuracy.add(random.uniform() < 0.95);
    const before = accuracy.estimate();
    for (let k = 0; k < 50; k++) accuracy.add(random.uniform() < 0.8);
    const { low, high, reason } = accuracy.estimate();
    expect(low).toBeLessThan(before.low - 0.05);
    expect(low).toBeLessThan(0.85);
    expect(high).toBeGreaterThan(0.95);
    expect(reason).not.toContain('changed');
  });

  it('widens its bounds if the world seems to have changed, and says why', () => {
    const accuracy = new PrequentialAccuracy(1000);
    for (let k = 0; k < 2000; k++) accuracy.add(k % 20 !== 0);
    const [quiet, changed] = [accuracy.estimate(), accuracy.estimate(0, true)];
    expect(changed.high - changed.low).toBeGreaterThan(1.5 * (quiet.high - quiet.low));
    expect(changed.reason).toContain('the world seems to have changed: bounds widen');
    const few = new PrequentialAccuracy(1000);
    few.add(true);
    expect(few.estimate(0, true)).toMatchObject({ low: few.estimate().low, high: 1 });
  });

  it('forgets a class that has left the window', () => {
    const accuracy = new PrequentialAccuracy(2);
    for (const truth of ['a', 'b', 'b']) accuracy.add(truth === 'b', truth);
    expect(accuracy.estimate()).toMatchObject({ accuracy: 1, recall: 1, samples: 2 });
    expect(accuracy.classes).toBe(1);
  });
});
