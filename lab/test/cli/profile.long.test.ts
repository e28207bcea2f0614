import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProfileFile } from '../../src/profile/profile-file.js';
import { withoutTimes } from '../../src/jobs/without-times.js';
import { bars } from '../training/bars.js';
import { datasetFolder } from '../training/dataset-folder.js';
import { TopsparkProcess } from '../training/topspark-process.js';

const data = datasetFolder(bars(240, 40));
const sizes = ['--neurons', '10', '--samples', '60', '--test-samples', '20', '--workers', '2'];
let folder: string;
let output: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-'));
  output = join(folder, 'profile.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
afterAll(() => {
  rmSync(data, { recursive: true });
});

const start = (...args: string[]) =>
  new TopsparkProcess(['profile', '--quick', '--dataset', data, ...sizes, '--output', output, ...args]);

async function profile(...args: string[]) {
  const process = start(...args);
  const code = await process.ended;
  return { code, out: process.out, err: process.err };
}

const runs = (): string[] => readFileSync(`${output}.runs.jsonl`, 'utf8').trim().split('\n');

describe('topspark profile', { timeout: 60_000 }, () => {
  it('applies the scene in every thread', async () => {
    const { code, err, out } = await profile('--scene', 'dim', '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect((JSON.parse(out) as { dataset: { name: string } }).dataset.name).toMatch(/ dim$/);
  });

  it('writes a whole profile, and goes on from its runs with other requirements', async () => {
    const { code, out, err } = await profile('--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(readFileSync(output, 'utf8')).toBe(out);
    // The umask decides who may read it, as for any file, unlike a checkpoint, which is private.
    expect(statSync(output).mode).toBe(statSync(`${output}.runs.jsonl`).mode);
    const found = readProfileFile(output);
    expect(found.accuracyOverT.points.map(({ point }) => point.timesteps)).toEqual([350, 100, 35, 16]);
    expect(found.policies.map(({ policy }) => policy)).toEqual(['lean', 'paper', 'rate']);
    expect(found.dataset).toMatchObject({ train: 200, validation: 20, test: 20, classNames: ['0', '1'] });
    for (const { accuracy, parameters } of found.sensitivity) {
      const effects = parameters.map(({ effect }) => effect);
      expect(effects).toEqual([...effects].sort((a, b) => b - a));
      for (const { changes, effect } of parameters) {
        expect(effect).toBe(Math.max(...changes.map((change) => Math.abs(change.accuracy - accuracy))));
      }
    }
    expect(found.points[found.recommended.index].point).toEqual(found.test.point);
    const before = runs();
    const again = await profile('--max-energy', '1', '--accuracy-weight', '2');
    expect(again.code).toBe(0);
    expect(again.out).toContain('score');
    const added = runs().slice(before.length);
    // Only the final test of another point may be new.
    expect(added.length).toBeLessThanOrEqual(1);
    const { points, policies } = readProfileFile(output);
    expect({ points, policies }).toEqual({ points: found.points, policies: found.policies });
  });

  it('goes on after a kill, and ends in the same profile', async () => {
    const killed = start();
    // The file of runs grows line by line. The process is killed when it has some.
    while (!existsSync(`${output}.runs.jsonl`) || runs().length < 3) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await killed.end('SIGKILL')).toBe(null);
    expect(existsSync(output)).toBe(false);
    const known = runs().length;
    expect((await profile('--latency-weight', '0')).code).toBe(0);
    const first = readProfileFile(output);
    expect(runs().length).toBeGreaterThan(known);
    rmSync(`${output}.runs.jsonl`);
    expect((await profile('--latency-weight', '0')).code).toBe(0);
    expect(withoutTimes(readProfileFile(output))).toEqual(withoutTimes(first));
  });

  it('takes a custom policy', async () => {
    const policy = join(folder, 'gentle.yaml');
    writeFileSync(policy, 'name: gentle\nbase: rate\nexponents: { inputRate: -0.25 }\n');
    const { code } = await profile('--policy', policy, '--timesteps', '35');
    expect(code).toBe(0);
    const { policy: name, policies, points, sensitivity } = readProfileFile(output);
    expect(name).toBe('gentle');
    expect(policies.map((curve) => curve.policy)).toEqual(['lean', 'paper', 'rate', 'gentle']);
    expect(sensitivity.map((section) => section.policy)).toEqual(['none', 'gentle']);
    expect(points.map(({ point }) => point.timesteps)).toContain(16);
  });

  it('names the best point if the requirements cannot be met, and writes no profile', async () => {
    const { code, err } = await profile('--min-accuracy', '1', '--max-energy', '1e-12');
    expect(code).toBe(2);
    expect(err).toContain(
      'no operating point reaches an accuracy of 1 with an energy of 1e-12 J: the fastest found is',
    );
    expect(existsSync(output)).toBe(false);
    expect(runs().length).toBeGreaterThan(10);
  });

  it.each([
    [['--min-accuracy', '2'], '--min-accuracy is 2, expected a number in 0..1'],
    [['--energy-weight', '-1'], '--energy-weight is -1, expected a number in 0..'],
    [['--workers', '0'], '--workers is 0, expected an integer in 1..1024'],
    [['--policy', 'fast'], 'Allowed choices are lean, none, paper, rate, or a file FILE.yaml'],
    [['--policy', '/nowhere.yaml'], '--policy /nowhere.yaml cannot be read: ENOENT'],
    [['--output', '/nowhere/profile.json'], '--output /nowhere/profile.json cannot be written: ENOENT'],
    [['--output', tmpdir()], 'cannot be written: it exists and is not a file'],
    [['--report', '/dev/null'], '--report /dev/null cannot be written: it exists and is not a file'],
    [['--report', '/proc/profile.html'], '--report /proc/profile.html cannot be written: '],
  ])('refuses %j', async (args, sentence) => {
    const { code, err, out } = await profile(...args);
    expect(err).toContain(sentence);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each<[string, (copy: string) => void, string]>([
    [
      'are missing',
      (copy) => {
        rmSync(join(copy, 't10k-labels-idx1-ubyte'));
      },
      't10k-labels-idx1-ubyte',
    ],
    [
      'are cut short',
      (copy) => {
        truncateSync(join(copy, 'train-images-idx3-ubyte'), 1000);
      },
      'holds 984 elements, expected',
    ],
    [
      'are none',
      (copy) => {
        writeFileSync(join(copy, 'train-images-idx3-ubyte'), 'GIF89a');
      },
      'begins with 47494638',
    ],
    [
      'have labels without images',
      (copy) => {
        rmSync(join(copy, 'train-images-idx3-ubyte'));
      },
      'train-images-idx3-ubyte',
    ],
  ])('refuses data that %s', async (_, harm, sentence) => {
    const copy = join(folder, 'data');
    cpSync(data, copy, { recursive: true });
    harm(copy);
    for (const command of ['profile', 'train']) {
      const args = command === 'profile' ? ['--quick', '--output', output] : ['--checkpoint', output];
      const process = new TopsparkProcess([command, '--dataset', copy, '--neurons', '10', ...args]);
      expect(await process.ended).toBe(3);
      expect(process.err).toContain(sentence);
      expect(process.err).not.toContain('    at ');
    }
    expect(readdirSync(folder)).toEqual(['data']);
  });

  it('refuses a report with the path of the profile', async () => {
    const { code, err } = await profile('--report', output);
    expect(err).toContain('expected another file than --output');
    expect({ code, files: readdirSync(folder) }).toEqual({ code: 2, files: [] });
  });

  it('refuses data that is too small for a validation part', async () => {
    const small = datasetFolder(bars(5, 5));
    const process = new TopsparkProcess(['profile', '--quick', '--dataset', small, ...sizes, '--output', output]);
    const [code, { err }] = [await process.ended, process];
    rmSync(small, { recursive: true });
    expect({ code, err }).toMatchObject({ code: 3, err: expect.stringContaining('expected at least 6') as unknown });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('shows an example in its help', async () => {
    const process = new TopsparkProcess(['profile', '--help']);
    expect(await process.ended).toBe(0);
    expect(process.out).toContain('$ npx topspark profile');
  });
});
