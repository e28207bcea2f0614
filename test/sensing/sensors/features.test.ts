import { describe, expect, it } from 'vitest';
import { Silence } from '../../../src/sensing/refuse.js';
import { cause, encoded } from './encoded.js';

const vector = (...values: number[]) => ({ values: Float32Array.from(values) });

describe('a vector of features', () => {
  it('is used unchanged when it holds intensities', () => {
    expect([...encoded('features', vector(0, 0.5, 1, 0.1), { size: 4 })]).toEqual([0, 128, 255, 26]);
  });

  it('becomes on and off channels when it holds signed numbers, at any scale', () => {
    const wanted = [128, 0, 0, 0, 0, 255, 0, 64];
    expect([...encoded('features', vector(2, -4, 0, -1), { size: 4, signed: true })]).toEqual(wanted);
    expect([...encoded('features', vector(2e30, -4e30, 0, -1e30), { size: 4, signed: true })]).toEqual(wanted);
  });

  it.each([false, true])('is silent when it holds zeros (signed: %s)', (signed) => {
    expect(() => encoded('features', vector(0, 0, 0, 0), { size: 4, signed })).toThrow(Silence);
  });

  it.each([
    ['features_size', vector(1, 1, 1), false],
    ['intensity_out_of_range', vector(0, 0, 0, 1.5), false],
    ['intensity_out_of_range', vector(0, NaN, 0, 0), false],
    ['features_not_finite', vector(0, Infinity, 0, 0), true],
    ['features_not_finite', vector(0, 0, NaN, 0), true],
  ])('%s: %o is refused', (code, wrong, signed) => {
    expect(() => encoded('features', wrong, { size: 4, signed })).toThrow(cause(code));
  });
});
