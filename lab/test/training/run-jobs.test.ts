import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDataset } from '../../src/datasets/dataset.js';
import { refOf, type DatasetRef } from '../../src/datasets/dataset-ref.js';
import { executeJob } from '../../src/jobs/execute-job.js';
import type { LifeJob, TrainJob } from '../../src/jobs/jobs.js';
import { runJobs } from '../../src/jobs/run-jobs.js';
import { withoutTimes } from '../../src/jobs/without-times.js';
import { bars } from './bars.js';
import { datasetFolder } from './dataset-folder.js';

const folder = datasetFolder(bars(240, 40));
const results = mkdtempSync(join(tmpdir(), 'topspark-'));
let dataset: DatasetRef;
beforeAll(() => {
  dataset = refOf({ name: folder }, loadDataset(folder));
});
afterAll(() => {
  for (const made of [folder, results]) rmSync(made, { recursive: true });
});

const point = { timesteps: 35, events: 200, keep: 10, exitFirst: 0, exit: 0 };
const train = (seed: number, change: Partial<TrainJob> = {}): TrainJob => ({
  kind: 'train',
  dataset,
  heldOut: true,
  options: { neurons: 20, point, samples: 400, testSamples: 1000, labels: 1, image: 'contrast', seed },
  ...change,
});
const life = (): LifeJob => ({
  kind: 'life',
  dataset,
  heldOut: false,
  options: { neurons: 20, image: 'contrast', labels: 1, seed: 1, stages: [{ samples: 300, point, tests: [point] }] },
});
const nothing = (): void => undefined;

describe('runJobs', () => {
  it('returns the same results from threads, in the order of the jobs, and computes equal jobs once', async () => {
    const jobs = [train(1), train(2, { points: [{ ...point, timesteps: 8 }], fields: 3 }), train(1)];
    const heard: number[] = [];
    const found = await runJobs(jobs, { workers: 2, onResult: (job) => heard.push(job.options.seed) });
    const here = jobs.map((job) => executeJob(job, loadDataset(folder), nothing));
    expect(withoutTimes(found)).toEqual(withoutTimes(here));
    expect(heard.sort()).toEqual([1, 2]);
    expect(found[1].points[0]).toMatchObject({ samples: 40, point: { timesteps: 8 }, early: 0, timestepsRun: 8 });
    expect(found[1].fields?.fields).toHaveLength(3);
    expect(found[0].confusion.flat().reduce((a, b) => a + b)).toBe(40);
  });

  it('runs a life job', async () => {
    const [found] = await runJobs([life()], { workers: 1 });
    expect(found.stages[0].tests[0].accuracy).toBeGreaterThan(0.9);
  });

  it('resumes from the result file and repeats no job', async () => {
    const resumeFile = join(results, 'runs.jsonl');
    const [first] = await runJobs([train(3)], { workers: 1, resumeFile });
    // As after a kill in the middle of a line.
    appendFileSync(resumeFile, '{"id":"0123');
    const [again, other] = await runJobs([train(3), train(4)], { workers: 1, resumeFile });
    // Its time is equal too, so the job was not computed again.
    expect(again).toEqual(first);
    expect(readFileSync(resumeFile, 'utf8').trim().split('\n')).toHaveLength(2);
    expect((await runJobs([train(4)], { workers: 1, resumeFile }))[0]).toEqual(other);
  });

  it('refuses a file with other content and does not change it', async () => {
    const resumeFile = join(results, 'notes.txt');
    for (const text of ['my notes\nof today', 'my notes', '{"id": 3}\n']) {
      writeFileSync(resumeFile, text);
      await expect(runJobs([train(3)], { workers: 1, resumeFile })).rejects.toThrow('expected {"id": …, "result": …}');
      expect(readFileSync(resumeFile, 'utf8')).toBe(text);
    }
  });

  it('rejects with the error of an impossible job', async () => {
    const wrong = train(1, { options: { ...train(1).options, factors: { inhibition: 2 } } });
    await expect(runJobs([wrong], { workers: 1 })).rejects.toMatchObject({ code: 'unknown_constant', kind: 'usage' });
    const other = train(1, { dataset: { ...dataset, sha256: '0'.repeat(64) } });
    await expect(runJobs([other], { workers: 1 })).rejects.toMatchObject({ code: 'dataset_differs', kind: 'data' });
    const gone = train(1, { dataset: { ...dataset, name: '/nowhere/at/all' } });
    await expect(runJobs([gone], { workers: 1 })).rejects.toMatchObject({ code: 'dataset_missing' });
  });

  it.each([
    [{ kind: 'shell' }, 'kind is "shell"'],
    [{ heldOut: 'yes' }, 'heldOut is "yes", but must be boolean'],
    [{ command: 'rm' }, 'must NOT have additional properties: command'],
    [{ options: { neurons: 5 } }, 'must have required property'],
    [{ fields: -1 }, 'fields is -1, but must be >= 0'],
  ])('refuses an invalid job: %j', async (change, sentence) => {
    const job = { ...train(1), ...change } as unknown as TrainJob;
    await expect(runJobs([job])).rejects.toThrow(sentence);
  });

  it('refuses a run with no thread', async () => {
    await expect(runJobs([train(1)], { workers: 0 })).rejects.toThrow('--workers is 0');
  });
});
