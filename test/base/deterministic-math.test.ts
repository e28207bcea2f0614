import { describe, expect, it } from 'vitest';
import { deterministicExp } from '../../src/base/deterministic-functions.js';

describe('deterministicExp', () => {
  it('gives these bits on every machine', () => {
    expect(deterministicExp(0)).toBe(1);
    expect(deterministicExp(1)).toBe(2.71828182845905);
    expect(deterministicExp(-0.1)).toBe(0.9048374180359594);
    expect(deterministicExp(-1 / 160_000)).toBe(0.9999937500195312);
  });

  it.each([-100, -3.5, -1, -1e-9, 1e-3, 0.5, 20, 100])('equals e^x for x = %d within 1e-12', (x) => {
    expect(Math.abs(deterministicExp(x) / Math.exp(x) - 1)).toBeLessThan(1e-12);
  });

  it.each([Infinity, -Infinity, NaN])('refuses %d and does not loop for ever', (x) => {
    expect(() => deterministicExp(x)).toThrow(RangeError);
  });
});
