import { describe, expect, it } from 'vitest';
import { enlarge } from '../../../src/sensing/image/embedding/enlarge.js';

const enlarged = (from: readonly number[], side: number, size: number): number[] => {
  const into = new Uint8Array(size * size);
  enlarge(Uint8Array.from(from), side, into, size);
  return [...into];
};

describe('enlarge', () => {
  it('interpolates linearly between pixels, and repeats the outermost ones', () => {
    expect(enlarged([0, 100, 0, 100], 2, 4)).toEqual(Array(4).fill([0, 25, 75, 100]).flat());
    expect(enlarged([0, 0, 100, 100], 2, 4)).toEqual([0, 0, 0, 0, 25, 25, 25, 25, 75, 75, 75, 75, 100, 100, 100, 100]);
  });

  it('does not change a picture of the same size, or of one pixel', () => {
    expect(enlarged([1, 2, 3, 4], 2, 2)).toEqual([1, 2, 3, 4]);
    expect(enlarged([7], 1, 3)).toEqual(Array(9).fill(7));
  });
});
