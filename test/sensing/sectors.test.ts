import { describe, expect, it } from 'vitest';
import { Sectors } from '../../src/sensing/range/sectors.js';
import { scan } from './scans.js';

const medians = (count: number, ...of: Parameters<typeof scan>): number[] => {
  const sectors = new Sectors(count);
  sectors.read(scan(...of));
  return [...sectors.medians];
};

describe('sectors of a scan', () => {
  it('lie counter-clockwise from straight ahead, wherever the scan begins', () => {
    const ahead = [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4];
    const behind = [...ahead.slice(6), ...ahead.slice(0, 6)];
    expect(medians(4, ahead, 0.01)).toEqual([1, 2, 3, 4]);
    expect(medians(4, behind, 0.01 - Math.PI)).toEqual([1, 2, 3, 4]);
    expect(medians(4, [...ahead].reverse(), -0.01, -Math.PI / 6)).toEqual([1, 2, 3, 4]);
  });

  it('have the median of their beams', () => {
    expect(medians(4, [5, 1, 2, 3, 2], 0.1, 0.3)).toEqual([2, NaN, NaN, NaN]);
    expect(medians(4, [5, NaN, 2, -Infinity, 0.05], 0.1, 0.3)[0]).toBe(2);
  });

  it('are empty when most beams have no return', () => {
    expect(medians(2, [Infinity, 1, Infinity], 0.1, 0.3)[0]).toBe(Infinity);
    expect(medians(2, [99, 1, 99], 0.1, 0.3)[0]).toBe(Infinity);
  });

  it('follow a scan that changes its shape', () => {
    const sectors = new Sectors(4);
    sectors.read(scan([1, 2, 3, 4], 0.1));
    sectors.read(scan([7], 0.1, 0));
    expect([sectors.count, sectors.medians[0]]).toEqual([1, 7]);
    sectors.read(scan([1, 2, 3, 4], 0.1));
    expect([...sectors.medians]).toEqual([1, 2, 3, 4]);
    expect(sectors.count).toBe(4);
  });

  it('know the freest direction, with its neighbours', () => {
    const sectors = new Sectors(6);
    sectors.read(scan([1, 8, 1, 5, 6, 5], 0.1));
    expect(sectors.freest(10)).toBe(4);
    sectors.read(scan([1, 1, Infinity, 1, 1, 9], 0.1));
    expect(sectors.freest(10)).toBe(2);
    sectors.read(scan([NaN, NaN, NaN, NaN, 1, NaN], 0.1));
    expect(sectors.freest(10)).toBe(4);
  });
});
