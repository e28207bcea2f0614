import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bars } from '../training/bars.js';
import { datasetFolder } from '../training/dataset-folder.js';
import { topspark } from '../training/topspark.js';

const folder = datasetFolder(bars(240, 40));
const checkpoint = join(folder, 'bars.safetensors');
const nir = join(folder, 'bars.nir');
const policy = join(folder, 'gentle.yaml');
const own = join(folder, 'own.safetensors');

beforeAll(async () => {
  writeFileSync(policy, 'name: gentle\nbase: rate\nexponents: { inputRate: -0.25 }\n');
  const train = ['train', '--dataset', folder, '--samples', '300', '--neurons', '20', '--image', 'plain'];
  await topspark([...train, '--policy', 'none', '--timesteps', '100', '--checkpoint', checkpoint]);
  await topspark([...train, '--policy', policy, '--checkpoint', own]);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('topspark export', () => {
  it('writes a graph, names what it omits, and verifies it against the checkpoint', async () => {
    const written = await topspark(['export', '--nir', nir, '--checkpoint', checkpoint, '--timesteps', '100']);
    expect(written).toMatchObject({ code: 0, err: '' });
    expect(written.out).toContain('20 of 20 neurons used, 64 inputs, 2 classes, policy none, T 100');
    expect(written.out).toMatch(/left out {3}rest: a neuron takes no input in the 5 steps after its spike\n/);
    expect(written.out).toContain('           one spike a step: ');
    const checked = await topspark(['export', '--check', nir, '--checkpoint', checkpoint]);
    expect(checked).toMatchObject({ code: 0, err: '' });
    expect(checked.out).toContain(`NIR 1.0.8, the network of ${checkpoint}: all 1822 numbers are equal`);
    const json = await topspark(['export', '--nir', nir, '--checkpoint', own, '--policy', policy, '--json']);
    expect(JSON.parse(json.out)).toMatchObject({
      policy: 'gentle',
      timesteps: 50,
      neurons: 20,
      classes: ['1', '0'],
    });
  });

  it('takes the newest checkpoint of the default folder', async () => {
    const home = join(folder, 'home');
    const none = await topspark(['export', '--nir', nir], { ROS_HOME: home });
    expect(none).toMatchObject({ code: 2, out: '' });
    expect(none.err).toMatch(/home\/topspark\/topspark holds no checkpoint, expected one, or --checkpoint FILE\n$/);
    mkdirSync(join(home, 'topspark', 'topspark'), { recursive: true });
    writeFileSync(join(home, 'topspark/topspark/checkpoint-00000007.safetensors'), readFileSync(checkpoint));
    const written = await topspark(['export', '--nir', nir, '--json'], { ROS_HOME: home });
    expect(JSON.parse(written.out)).toMatchObject({ file: nir, policy: 'none', timesteps: 350 });
  });

  it('detects the graph of another network', async () => {
    await topspark(['export', '--nir', nir, '--checkpoint', own, '--policy', policy]);
    const { code, out } = await topspark(['export', '--check', nir, '--checkpoint', checkpoint]);
    expect(code).toBe(3);
    expect(out).toMatch(/with \d+ of 1822 numbers changed, by at most .* % of the largest of its kind\n$/);
  });

  it('refuses unusable input in one sentence, and leaves the file unchanged', async () => {
    await topspark(['export', '--nir', nir, '--checkpoint', checkpoint]);
    const before = readFileSync(nir);
    const cut = join(folder, 'cut.safetensors');
    writeFileSync(cut, readFileSync(checkpoint));
    truncateSync(cut, 1000);
    const short = join(folder, 'short.nir');
    writeFileSync(short, before.subarray(0, 5000));
    const cases: [string[], number, string][] = [
      [['--nir', nir, '--checkpoint', cut], 3, 'cut.safetensors'],
      [['--nir', nir, '--checkpoint', policy], 3, 'gentle.yaml'],
      [
        ['--nir', nir, '--checkpoint', own],
        2,
        'policy of the checkpoint is gentle, expected lean, none, paper, rate, or',
      ],
      [['--nir', nir, '--checkpoint', checkpoint, '--timesteps', '0'], 2, 'timesteps is 0, expected an integer'],
      [['--nir', '/proc/net.nir', '--checkpoint', checkpoint], 2, '--nir /proc/net.nir cannot be written'],
      [['--check', short, '--checkpoint', checkpoint], 3, 'short.nir is cut off or damaged, expected a graph of NIR'],
      [['--check', policy, '--checkpoint', checkpoint], 3, 'gentle.yaml is no HDF5 file, expected a graph of NIR'],
      [['--check', folder, '--checkpoint', checkpoint], 3, 'is a folder, expected a file'],
      [['--checkpoint', checkpoint], 2, 'neither --nir nor --check is given, expected one of them'],
      [['--nir', nir, '--check', nir], 2, '--nir and --check are given, expected one of them'],
    ];
    for (const [args, code, sentence] of cases) {
      const found = await topspark(['export', ...args]);
      expect(found.err).toContain(sentence);
      expect(found.err.trim().split('\n')).toHaveLength(1);
      expect(found.code).toBe(code);
    }
    expect(readFileSync(nir).equals(before)).toBe(true);
  });
});
