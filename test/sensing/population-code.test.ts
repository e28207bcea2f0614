import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PopulationCode } from '../../src/sensing/motion/population-code.js';

const activity = (cells: number, width: number, u: number): number[] => {
  const into = new Uint8Array(cells + 2).fill(9);
  new PopulationCode(cells, width).encode(u, into, 1);
  expect([into[0], into[cells + 1]]).toEqual([9, 9]);
  return [...into.subarray(1, cells + 1)];
};

describe('a population of cells', () => {
  it('encodes a number with Gaussian tuning curves', () => {
    expect(activity(5, 0.25, 0.5)).toEqual([35, 155, 255, 155, 35]); // 255 exp(-2), 255 exp(-1/2)
    expect(activity(3, 0.1, 0)).toEqual([255, 0, 0]);
  });

  it('equals the equation to a byte of rounding, for every number', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (u) => {
        activity(9, 0.09, u).forEach((byte, k) => {
          expect(Math.abs(byte - 255 * Math.exp(-((u - k / 8) ** 2) / (2 * 0.09 ** 2)))).toBeLessThan(1);
        });
      }),
    );
  });

  it('clamps values outside to the nearest end', () => {
    expect(activity(8, 0.09, -Infinity)).toEqual(activity(8, 0.09, 0));
    expect(activity(8, 0.09, 1e300)).toEqual(activity(8, 0.09, 1));
  });

  it('refuses an impossible population', () => {
    expect(() => new PopulationCode(1, 0.1)).toThrow('cells is 1, expected an integer in 2..64');
    expect(() => new PopulationCode(8, 0)).toThrow('width is 0, expected a number in 0.01..1');
  });
});
