import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deterministicLog } from '../../src/base/deterministic-functions.js';

describe('deterministic logarithm', () => {
  it('is exact at 1', () => {
    expect(deterministicLog(1)).toBe(0);
  });

  it('equals Math.log to 12 digits', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
        expect(Math.abs(deterministicLog(x) - Math.log(x))).toBeLessThan(1e-12 * Math.max(1, Math.abs(Math.log(x))));
      }),
    );
  });

  it.each([0, -1, Infinity, NaN])('refuses %d and does not loop for ever', (x) => {
    expect(() => deterministicLog(x)).toThrow(RangeError);
  });
});
