import { describe, expect, it } from 'vitest';
import { Outcomes } from '../../src/training/outcomes.js';

function outcomes(right: string): Outcomes {
  const all = new Outcomes(100);
  for (const one of right) all.add(one === '1');
  return all;
}

describe('Outcomes', () => {
  it('returns the share of correct answers among the first and the last samples', () => {
    const all = outcomes('1100010001');
    expect(all.first(4)).toBe(0.5);
    expect(all.last(5)).toBe(0.4);
  });

  it('uses all samples if there are fewer', () => {
    const all = outcomes('110');
    expect(all.first(500)).toBeCloseTo(2 / 3, 12);
    expect(all.last(500)).toBeCloseTo(2 / 3, 12);
  });

  it('returns after how many samples a window reached the share', () => {
    // windows of 4: 0100 1/4, 1001 2/4, 0011 2/4, 0111 3/4
    expect(outcomes('0100111').samplesUntil(0.75, 4)).toBe(7);
    expect(outcomes('0100111').samplesUntil(0.5, 4)).toBe(5);
    expect(outcomes('1111').samplesUntil(0.75, 4)).toBe(4);
  });

  it('returns undefined if no window reached the share, or none was full', () => {
    expect(outcomes('0100111').samplesUntil(1, 4)).toBeUndefined();
    expect(outcomes('111').samplesUntil(0.5, 4)).toBeUndefined();
  });
});
