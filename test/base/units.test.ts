import { describe, expect, it } from 'vitest';
import { below, grouped, percent, si } from '../../src/base/units.js';

describe('si', () => {
  it.each([
    [1.234e-6, '1.23 µJ'],
    [9.999e-7, '1 µJ'],
    [0.134, '134 mJ'],
    [0.001, '1 mJ'],
    [999, '999 J'],
    [1000, '1 kJ'],
    [-0.002, '-2 mJ'],
    [0, '0 J'],
    [3e-15, '0.003 pJ'],
    [NaN, '– J'],
    [Infinity, '– J'],
  ])('%d J is %s', (value, text) => {
    expect(si(value, 'J')).toBe(text);
  });
});

describe('below', () => {
  it.each([
    [123.4, '123× below T = 350'],
    [2.34, '2.3× below T = 350'],
    [Infinity, 'nothing was spent'],
    [NaN, 'nothing was spent'],
  ])('%d is shown as %s', (ratio, text) => {
    expect(below(ratio, 'T = 350')).toBe(text);
  });
});

describe('percent and grouped', () => {
  it('are formatted for people', () => {
    expect([percent(0.9137), percent(1), percent(NaN)]).toEqual(['91.4 %', '100.0 %', '– %']);
    expect(grouped(1_234_567)).toBe('1,234,567');
  });
});
