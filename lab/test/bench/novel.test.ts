import { expect, it, vi } from 'vitest';
import { describe as tabulate, novelBench, type LearnedLife } from '../../src/bench/novel.js';

const learned = vi.hoisted(() => vi.fn());
vi.mock('../../src/training/train-run.js', () => ({ trainRun: learned }));
vi.mock('../../src/datasets/dataset.js', () => ({
  loadDataset: (name: string) => {
    if (name !== 'mnist') throw new Error(`${name} is not installed`);
    return { train: {}, test: {} };
  },
}));

it('learns nothing if a later data set is missing', async () => {
  await expect(novelBench().parseAsync([], { from: 'user' })).rejects.toThrow('fashion-mnist is not installed');
  expect(learned).not.toHaveBeenCalled();
});

const life = (accuracy: number, energy: number, familiar = 0): LearnedLife => ({
  ...{ accuracy, energy: energy * 1e-6, microseconds: 10, familiar },
});

it('tabulates the savings and the loss of accuracy over the seeds', () => {
  const all = [life(0.9, 0.2), life(0.92, 0.2)];
  const novel = [life(0.89, 0.15, 0.3), life(0.92, 0.17, 0.4)];
  const unknown = all.map((each) => ({ ...each, microseconds: NaN }));
  const table = tabulate([
    { what: 'mnist', labels: 0.1, all, novel },
    { what: 'laser', labels: 1, all: unknown, novel },
  ]);
  const rows = table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  expect(rows[2].slice(1, 6)).toEqual(['mnist', '10 %', '91.0 ± 1.4', '90.5 ± 2.1', '-0.5 ± 0.7']);
  expect(rows[2].slice(6, 11)).toEqual(['0.200 → 0.160', '-20 %', '10.0 → 10.0', '0 %', '35 %']);
  expect(rows[3].slice(8, 10)).toEqual(['–', '–']);
});
