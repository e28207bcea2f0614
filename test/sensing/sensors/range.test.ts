import { describe, expect, it } from 'vitest';
import { Silence } from '../../../src/sensing/refuse.js';
import { cause, encoded } from './encoded.js';

const message = (range: number, change = {}) => ({ range, min_range: 0.1, max_range: 4, ...change });

describe('a distance', () => {
  it('is coded over inverse and over logarithmic distance', () => {
    const values = { inverse_cells: 4, log_cells: 4, near: 0.1, far: 4 };
    expect([...encoded('range', message(0.1), values)]).toEqual(
      [255, 1, 0, 0, 255, 1, 0, 0].map((v) => (v === 1 ? 0 : v)),
    );
    const far = encoded('range', message(4), values);
    expect([far[3], far[7]]).toEqual([255, 255]);
  });

  it.each([3.4e38, Number.MAX_VALUE])('is as far as possible at %d m when the sensor has no limit', (range) => {
    const values = { inverse_cells: 4, log_cells: 4, near: 0.05, far: 4 };
    const seen = encoded('range', message(range, { max_range: Infinity }), values);
    expect(seen).toEqual(encoded('range', message(4), values));
  });

  it.each([Infinity, -Infinity, 4.1, 0.05])('is silent at %d m', (range) => {
    expect(() => encoded('range', message(range))).toThrow(Silence);
    expect(() => encoded('range', message(range))).toThrow(cause('range_silent'));
  });

  it.each([0, -0, 1e-45, 9e-4])('is no measurement at %d m when min_range is 0', (range) => {
    expect(() => encoded('range', message(range, { min_range: 0 }))).toThrow(Silence);
    expect(() => encoded('range', message(range, { min_range: 0 }))).toThrow(
      'expected 0.001..4 m: nothing was measured',
    );
  });

  it('is the fixed distance of a sensor that has one when something is nearer, and silent otherwise', () => {
    const fixed = { min_range: 0.8, max_range: 0.8 };
    const seen = encoded('range', message(-Infinity, fixed));
    expect(seen).toEqual(encoded('range', message(0.8)));
    expect(seen.some((byte) => byte > 0)).toBe(true);
    expect(() => encoded('range', message(Infinity, fixed))).toThrow(Silence);
  });

  it.each([
    ['range_not_a_number', message(NaN)],
    ['range_limits', message(1, { min_range: NaN })],
    ['range_limits', message(1, { max_range: 0 })],
    ['range_limits', message(-Infinity, { min_range: 0, max_range: 0 })],
  ])('%s: %o is refused', (code, wrong) => {
    expect(() => encoded('range', wrong)).toThrow(cause(code));
  });
});
