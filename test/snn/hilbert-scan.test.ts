import { describe, expect, it } from 'vitest';
import { hilbertScan } from '../../src/snn/lean/hilbert-scan.js';

describe('hilbertScan', () => {
  it('walks a 4 × 4 picture', () => {
    expect([...hilbertScan(4, 4)]).toEqual([0, 1, 5, 4, 8, 12, 13, 9, 10, 14, 15, 11, 7, 6, 2, 3]);
  });

  it('leaves out the cells of the square outside the picture', () => {
    expect([...hilbertScan(3, 3)]).toEqual([0, 1, 4, 3, 6, 7, 8, 5, 2]);
  });

  it('keeps the order of a signal of one row', () => {
    expect([...hilbertScan(1, 6)]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it.each([
    [28, 28],
    [56, 28],
    [5, 9],
    [13, 77],
    [128, 128],
    [16384, 1],
  ])('visits every input of %d × %d once', (rows, columns) => {
    const scan = hilbertScan(rows, columns);
    expect([...scan].sort((a, b) => a - b)).toEqual(Array.from({ length: rows * columns }, (_, index) => index));
  });

  it('moves to a neighbour at every step when the picture is a whole square', () => {
    const scan = [...hilbertScan(16, 16)];
    const far = scan.filter((at, rank) => {
      const before = scan[Math.max(0, rank - 1)];
      return Math.abs((at % 16) - (before % 16)) + Math.abs(Math.floor(at / 16) - Math.floor(before / 16)) > 1;
    });
    expect(far).toEqual([]);
  });
});
