import { describe, expect, it } from 'vitest';
import { shownSamples } from '../../src/demo/shown-samples.js';

const indices = (count: number, samples: number, share: number, seed: number): number[] =>
  [...shownSamples(count, samples, share, seed)].map(({ index }) => index);

describe('shownSamples', () => {
  it('shows every sample before any is repeated, in another order each time', () => {
    const shown = indices(50, 120, 0, 1);
    const passes = [shown.slice(0, 50), shown.slice(50, 100)];
    for (const pass of passes) expect(new Set(pass).size).toBe(50);
    expect(passes[0]).not.toEqual(passes[1]);
    expect(shown).toHaveLength(120);
  });

  it('depends on the seed, but its order not on the share of labels', () => {
    expect(indices(50, 50, 0.5, 3)).toEqual(indices(50, 50, 0.1, 3));
    expect(indices(50, 50, 0.1, 3)).not.toEqual(indices(50, 50, 0.1, 4));
  });

  it('labels the requested share', () => {
    const labelled = (share: number): number =>
      [...shownSamples(1000, 10_000, share, 1)].filter((sample) => sample.labelled).length;
    expect(labelled(0)).toBe(0);
    expect(labelled(1)).toBe(10_000);
    expect(Math.abs(labelled(0.1) - 1000)).toBeLessThan(120); // four standard deviations
  });
});
