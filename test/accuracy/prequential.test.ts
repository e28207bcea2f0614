import { describe, expect, it } from 'vitest';
import { PrequentialAccuracy } from '../../src/accuracy/prequential.js';
import { wilson } from '../../src/accuracy/wilson.js';

describe('Wilson bounds', () => {
  // Literal values of the score interval: Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %d in %d are %d and %d', (right, samples, low, high) => {
    const bounds = wilson(right, samples);
    expect(bounds.low).toBeCloseTo(low, 4);
    expect(bounds.high).toBeCloseTo(high, 4);
  });

  it('knows nothing of nothing', () => {
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });
});

describe('prequential accuracy', () => {
  it('is unknown before the first label', () => {
    expect(new PrequentialAccuracy(10).estimate()).toEqual({ accuracy: NaN, low: 0, high: 1, samples: 0 });
  });

  it('counts what it heard while the window fills', () => {
    const accuracy = new PrequentialAccuracy(10);
    for (const right of [true, true, false, true]) accuracy.add(right);
    expect(accuracy.estimate()).toMatchObject({ accuracy: 0.75, samples: 4 });
  });

  it('looks back over the window only', () => {
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
});
