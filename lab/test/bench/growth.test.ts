import { describe, expect, it } from 'vitest';
import { fitLine } from '../../src/bench/engine/growth.js';

describe('fitLine', () => {
  it('finds the line through points', () => {
    const { fixed, perUnit, deviation } = fitLine([100, 400, 6400].map((x) => [x, 3 + 0.007 * x]));
    expect(fixed).toBeCloseTo(3, 9);
    expect(perUnit).toBeCloseTo(0.007, 12);
    expect(deviation).toBeLessThan(1e-9);
  });

  it('reports the deviation of a quadratic cost from the line', () => {
    const { deviation } = fitLine([1, 2, 4, 8, 16].map((x) => [x, x * x]));
    expect(deviation).toBeGreaterThan(0.5);
  });
});
