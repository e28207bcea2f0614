import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDataset } from '../../src/datasets/dataset.js';
import type { Draft } from '../../src/reproduction/drafts.js';
import { keepOrigin, originNow } from '../../src/reproduction/origin.js';
import { Reproduction } from '../../src/reproduction/reproduce.js';
import { resultsPage } from '../../src/reproduction/results-page.js';
import { operationNames } from '../../../src/snn/operation-counts.js';
import { buildIdentity } from '../../src/jobs/build-identity.js';
import { checkJob } from '../../src/jobs/check-job.js';
import { refOf } from '../../src/datasets/dataset-ref.js';
import { jobId } from '../../src/jobs/jobs.js';
import { ResultFile } from '../../src/jobs/result-file.js';

const origin = { date: '2026-01-01', commit: 'abc (a title)', program: '0123456789abcdef', machine: 'a machine' };
const missing = (quick: boolean): Draft[] =>
  new Reproduction({ seeds: quick ? [1] : [1, 2, 3], quick, store: 'nowhere' }).missing();

describe('the runs behind docs/results.md', () => {
  it('are valid jobs, each once', () => {
    const drafts = missing(false);
    const ref = { name: 'mnist', sha256: 'a'.repeat(64) };
    for (const draft of drafts.filter(({ kind }) => kind !== 'timing')) {
      expect(() => checkJob({ ...draft, dataset: ref, heldOut: false })).not.toThrow();
    }
    expect(new Set(drafts.map((draft) => JSON.stringify(draft))).size).toBe(drafts.length);
  });

  it('use three seeds, and one for a quick run', () => {
    const seeds = (drafts: readonly Draft[]): Set<number> =>
      new Set(drafts.flatMap((draft) => (draft.kind === 'timing' ? [] : [draft.options.seed])));
    expect([...seeds(missing(false))]).toEqual([1, 2, 3]);
    expect([...seeds(missing(true))]).toEqual([1]);
  });
});

describe('Reproduction', () => {
  let store: string;
  beforeEach(() => {
    store = mkdtempSync(join(tmpdir(), 'topspark-'));
  });
  afterEach(() => {
    rmSync(store, { recursive: true });
  });

  it('restores the stored runs, and repeats none', () => {
    const options = { seeds: [1], quick: true, store };
    const all = new Reproduction(options).missing();
    const first = all.find((draft) => draft.kind === 'train');
    if (!first) throw new Error('the tables need no training');
    const dataset = refOf({ name: first.dataset }, loadDataset(first.dataset));
    const none = Object.fromEntries(operationNames.map((name) => [name, 0]));
    const energyPerSample = { train: 1e-6, infer: 1e-6 };
    const train = { accuracy: 0.876, energyPerSample, operations: { train: none, infer: none } };
    const file = new ResultFile(join(store, 'runs.jsonl'));
    file.add(jobId({ ...first, dataset, heldOut: false }), { train });
    file.close();
    const reproduction = new Reproduction(options);
    reproduction.restore();
    expect(reproduction.missing()).toHaveLength(all.length - 1);
    expect(reproduction.page().markdown).toMatch(/1 of \d+ runs are done[^]*\| 87\.6 \|/);
  });

  it('writes a head that names the origin of the stored runs', () => {
    const reproduction = new Reproduction({ seeds: [1], quick: true, store });
    expect(reproduction.page().markdown).toContain(`commit ${originNow().commit}`);
    const made = { ...origin, program: buildIdentity() };
    keepOrigin(store, made);
    expect(reproduction.page().markdown).toContain('Date 2026-01-01, commit abc (a title)');
    expect(reproduction.page().markdown).toContain('Machine: a machine');
    keepOrigin(store, origin); // of another build, whose results are not on the page either
    expect(reproduction.page().markdown).not.toContain('abc (a title)');
  });

  it('restores no runs from an empty store', () => {
    const reproduction = new Reproduction({ seeds: [1], quick: true, store });
    const before = reproduction.missing().length;
    reproduction.restore();
    expect(reproduction.missing()).toHaveLength(before);
  });
});

describe('resultsPage', () => {
  const whole = { seeds: [1, 2, 3], quick: false, pictures: ['things'] };

  it('asks for photographs in every encoding, with the embedding if it is installed', () => {
    const asked = (there: boolean): Set<string> => {
      const sets = new Set<string>();
      const ask = (draft: Draft): undefined => {
        if (draft.kind === 'train') sets.add(`${draft.dataset}: ${draft.options.image}`);
      };
      resultsPage({ ...whole, ask, present: () => there }, origin);
      return new Set([...sets].filter((name) => name.startsWith('things')));
    };
    expect([...asked(false)]).toEqual(['things: contrast', 'things: edges', 'things: scene']);
    expect(asked(true)).toContain('things, through embedding: embedding');
  });

  it('names its origin, and leaves unmeasured claims open', () => {
    const page = resultsPage({ ...whole, ask: () => undefined, present: () => true }, origin);
    expect(page.markdown).toContain(
      'Date 2026-01-01, commit abc (a title); SHA-256 of the compiled program 0123456789ab',
    );
    expect(page.claims.length).toBeGreaterThan(20);
    expect(page.claims.every(({ met }) => met === undefined)).toBe(true);
    for (const { name } of page.plots) expect(page.markdown).toContain(`(results/${name}.svg)`);
  });

  it('writes the same page from the same results', () => {
    const scope = { seeds: [1], quick: true, pictures: [], ask: () => undefined, present: () => true };
    const write = (): string => resultsPage(scope, origin).markdown;
    expect(write()).toBe(write());
    expect(write()).toContain('A quick run');
  });

  it('says that an optional data set is missing, and asks for no runs on it', () => {
    const asked = (there: boolean): { markdown: string; runs: number } => {
      let runs = 0;
      const ask = (draft: Draft): undefined => void (runs += Number(draft.dataset === 'smartwatch'));
      const { markdown } = resultsPage({ ...whole, ask, present: () => there }, origin);
      return { markdown, runs };
    };
    expect(asked(false).markdown).toMatch(/Not measured: .* `npm run dataset:smartwatch`/);
    expect(asked(false).runs).toBe(0);
    expect(asked(true).markdown).not.toContain('Not measured');
    expect(asked(true).runs).toBeGreaterThan(0);
  });

  it('knows whether a data set is installed', () => {
    const reproduction = new Reproduction({ seeds: [1], quick: true, store: 'nowhere' });
    expect(reproduction.present('mnist')).toBe(true);
    expect(reproduction.present('nowhere')).toBe(false);
  });
});
