import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deterministicPower } from '../../src/base/deterministic-functions.js';

describe('deterministic power', () => {
  it('is exact when there is nothing to do', () => {
    expect(deterministicPower(1, -0.5)).toBe(1);
    expect(deterministicPower(0.1, 0)).toBe(1);
  });

  it('equals Math.pow to 12 digits', () => {
    const base = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    const exponent = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(base, exponent, (x, y) => {
        expect(Math.abs(deterministicPower(x, y) / x ** y - 1)).toBeLessThan(1e-12);
      }),
    );
  });
});
