import { describe, expect, it } from 'vitest';
import type { Draft } from '../../../src/report/reproduction/drafts.js';
import { Reproduction } from '../../../src/report/reproduction/reproduce.js';
import { resultsPage } from '../../../src/report/reproduction/results-page.js';
import { checkJob } from '../../../src/sweep/check-job.js';

const origin = { date: '2026-01-01', commit: 'abc', machine: 'a machine' };
const missing = (quick: boolean): Draft[] =>
  new Reproduction({ seeds: quick ? [1] : [1, 2, 3], quick, store: 'nowhere' }).missing();

describe('the runs behind docs/results.md', () => {
  it('are jobs that any worker would take, each once', () => {
    const drafts = missing(false);
    const ref = { name: 'mnist', sha256: 'a'.repeat(64) };
    for (const draft of drafts.filter(({ kind }) => kind !== 'timing')) {
      expect(() => checkJob({ ...draft, dataset: ref, heldOut: false })).not.toThrow();
    }
    expect(new Set(drafts.map((draft) => JSON.stringify(draft))).size).toBe(drafts.length);
  });

  it('take every claim from three seeds, and a first look from one', () => {
    const seeds = (drafts: readonly Draft[]): Set<number> =>
      new Set(drafts.flatMap((draft) => (draft.kind === 'timing' ? [] : [draft.options.seed])));
    expect([...seeds(missing(false))]).toEqual([1, 2, 3]);
    expect([...seeds(missing(true))]).toEqual([1]);
  });
});

describe('the page', () => {
  it('says who made it, and leaves open what was not measured', () => {
    const page = resultsPage({ seeds: [1, 2, 3], quick: false, ask: () => undefined }, origin);
    expect(page.markdown).toContain('Date 2026-01-01, commit abc');
    expect(page.claims.length).toBeGreaterThan(20);
    expect(page.claims.every(({ met }) => met === undefined)).toBe(true);
    for (const { name } of page.plots) expect(page.markdown).toContain(`(results/${name}.svg)`);
  });

  it('writes the same page from the same results', () => {
    const write = (): string => resultsPage({ seeds: [1], quick: true, ask: () => undefined }, origin).markdown;
    expect(write()).toBe(write());
    expect(write()).toContain('A first look');
  });
});
