import { describe, expect, it } from 'vitest';
import { accuracyText, claimFigure, overSeeds, percentOf, table, times } from '../../src/reproduction/scope.js';
import type { Claim, Scope } from '../../src/reproduction/scope.js';

const claims: Claim[] = [];
const scope: Scope = {
  seeds: [1, 2, 3],
  quick: false,
  pictures: [],
  ask: () => undefined,
  present: () => true,
  claim: (claim) => claims.push(claim),
  plot: () => undefined,
};

describe('overSeeds and accuracyText', () => {
  it('give the mean and the sample standard deviation', () => {
    const found = overSeeds(scope, (seed) => 0.9 + 0.01 * seed);
    expect(found?.mean).toBeCloseTo(0.92, 12);
    expect(found?.deviation).toBeCloseTo(0.01, 12);
    expect(accuracyText(found)).toBe('92.0 ± 1.0');
  });

  it('give nothing while a seed is missing, but ask for every seed', () => {
    const asked: number[] = [];
    expect(overSeeds(scope, (seed) => (asked.push(seed), seed === 1 ? undefined : 1))).toBeUndefined();
    expect(asked).toEqual([1, 2, 3]);
    expect(accuracyText(undefined)).toBe('–');
  });

  it('give no deviation with one seed', () => {
    expect(accuracyText(overSeeds({ ...scope, seeds: [1] }, () => 0.5))).toBe('50.0');
  });
});

describe('claimFigure', () => {
  it.each([
    [0.93, false, true],
    [0.91, false, false],
    [0.91, true, true],
  ])('judges %f, expected below the bar %s: met %s', (mean, below, met) => {
    claimFigure(scope, 'text', 0.92, { mean, deviation: 0.001, seeds: 3 }, percentOf, below);
    expect(claims.at(-1)?.met).toBe(met);
  });

  it('leaves a claim open before it was measured', () => {
    claimFigure(scope, 'text', 0.92, undefined, percentOf);
    expect(claims.at(-1)).toEqual({ text: 'text', bar: '≥ 92.0', found: '–', met: undefined });
  });
});

it('writes ratios and tables', () => {
  expect([times(3.46), times(84.4), times(undefined)]).toEqual(['3.5×', '84×', '–']);
  expect(table(['a', 'b'], [['1', '2']])).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |');
});
