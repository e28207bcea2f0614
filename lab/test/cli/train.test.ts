import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSnapshot } from '../../../src/checkpoint/safetensors.js';
import type { TrainResult } from '../../src/training/train-result.js';
import { idxBytes } from '../datasets/idx-bytes.js';
import { bars } from '../training/bars.js';
import { topspark } from '../training/topspark.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-'));
  const { train, test } = bars(100, 50);
  for (const [prefix, split] of Object.entries({ train, t10k: test })) {
    writeFileSync(join(folder, `${prefix}-images-idx3-ubyte`), idxBytes([split.count, 8, 8], split.images));
    writeFileSync(join(folder, `${prefix}-labels-idx1-ubyte`), idxBytes([split.count], split.labels));
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const quick = ['--samples', '200', '--neurons', '20'];

describe('topspark train', () => {
  it('prints one JSON object and nothing else', async () => {
    const { code, out, err } = await topspark(['train', '--dataset', folder, ...quick, '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const result = JSON.parse(out) as TrainResult;
    expect(result).toMatchObject({ samples: 200, testSamples: 50, neurons: 20, seed: 1 });
    expect(result.weightsHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['plain', 0, 0, 0],
    ['contrast', 8 * 64 + 16 * 5, 8 * 64 + 16 * 5, 1],
    ['edges', 11 * 64, 24 * 64 + 16 * 19, 1],
    ['scene', 11 * 64 + 4 * 101, 41 * 64 + 4 * 101, 1],
    ['change', 3 * 64, 3 * 64, 1],
  ])('counts the operations of the front end with %s', async (image, least, most, divisions) => {
    const { out } = await topspark(['train', '--dataset', folder, ...quick, '--image', image, '--json']);
    const { operations, energyPerSample, frontEndEnergy, energyRatio } = JSON.parse(out) as TrainResult;
    for (const part of ['train', 'infer'] as const) {
      const { frontEndAdditions, frontEndDivisions } = operations[part];
      expect(frontEndAdditions).toBeLessThanOrEqual(most);
      expect(frontEndAdditions).toBeGreaterThanOrEqual(least);
      expect(Math.sign(frontEndDivisions)).toBe(divisions);
      const seeing = (2 * frontEndAdditions + 20 * frontEndDivisions) * 1e-12;
      expect(frontEndEnergy[part]).toBeCloseTo(seeing, 18);
      expect(energyPerSample[part]).toBeGreaterThan(frontEndEnergy[part]);
      // The unscaled network has the same front end.
      const network = 20 * 350 * (12.8 * 5.9 + 20.5) * 1e-12;
      expect(energyRatio[part]).toBeCloseTo((network + seeing) / energyPerSample[part], 9);
    }
  });

  it('presents with spikes in time if asked', async () => {
    const args = ['--policy', 'rate', '--rule', 'expected', '--encoding', 'poisson', '--label-samples', '100'];
    const { code, out } = await topspark(['train', '--dataset', folder, ...quick, ...args, '--json']);
    expect(code).toBe(0);
    const result = JSON.parse(out) as TrainResult;
    expect(result).toMatchObject({ policy: 'rate', rule: 'expected', encoding: 'poisson', timesteps: 50 });
    expect(result.readouts?.proportion).toBe(result.accuracy);
  });

  it.each([
    ['none', 350],
    ['paper', 50],
  ] as const)('gives %s its own timesteps: %d', async (policy, timesteps) => {
    const args = ['--policy', policy, '--samples', '10', '--neurons', '10', '--label-samples', '10'];
    const { out } = await topspark(['train', '--dataset', folder, ...args, '--json']);
    expect(JSON.parse(out)).toMatchObject({ policy, timesteps, encoding: 'poisson', rule: 'pair' });
  });

  it('writes a checkpoint', async () => {
    const file = join(folder, 'learned.safetensors');
    const { code, out } = await topspark(['train', '--dataset', folder, ...quick, '--checkpoint', file]);
    expect(code).toBe(0);
    expect(out).toContain(decodeSnapshot(readFileSync(file), file).weightsHash);
  });

  it.each([
    [['--neurons', '5'], 2, 'topspark: --neurons is 5, expected an integer in 10..6400'],
    [['--policy', 'rate', '--learn', 'novel'], 2, "--learn is novel with --policy rate, expected 'all'"],
    [['--timesteps', '1e9'], 2, 'the operating point: timesteps is 1000000000, expected an integer in 1..1000'],
    [['--labels', '1.5'], 2, '--labels is 1.5, expected a number in 0..1'],
    [
      ['--policy', 'rate', '--keep', '9'],
      2,
      '--keep is 9 with --policy rate, expected only with lean: with the others all neurons read all spikes',
    ],
    [['--label-samples', '9'], 2, '--label-samples is 9 with --policy lean, expected only with none, paper and rate'],
    [['--encoding', 'ttfs'], 2, '--encoding is ttfs with --policy lean, expected only with none, paper and rate'],
    [['--labels-first', '1.5'], 2, '--labels-first is 1.5, expected an integer in 0..'],
    [['--policy', 'rate', '--labels-first', '3'], 2, '--labels-first is 3 with --policy rate, expected only with lean'],
    [['--test-parts', 'validation,train'], 2, 'Allowed are test, validation, and both as validation,test.'],
    [
      ['--test-parts', 'validation'],
      2,
      '--test-parts is validation with mnist, expected test: only a folder of pictures',
    ],
    [['--embedding-precision', 'int8'], 2, '--embedding-precision is given without --image embedding'],
    [
      ['--image', 'embedding', '--embedding-model', 'my.onnx', '--embedding-precision', 'int8'],
      2,
      '--embedding-precision and --embedding-model are given, expected one: a model has its own size and numbers',
    ],
    [['--rule', 'pair'], 2, "--rule is pair with --policy lean, expected 'expected', the rule of lean"],
    [['--policy', 'rate', '--label-samples', '-1'], 2, '--label-samples is -1, expected an integer in 0..'],
    [['--dataset', '/nowhere/at/all'], 3, '/nowhere/at/all'],
  ])('refuses %j with exit code %d', async (args, code, sentence) => {
    const result = await topspark(['train', ...args]);
    expect(result.code).toBe(code);
    expect(result.err).toContain(sentence);
    expect(result.err).not.toContain('    at ');
    expect(result.out).toBe('');
  });

  it('shows an example in its help', async () => {
    const { code, out } = await topspark(['train', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('$ npx topspark train');
  });

  it('says that an option needs a number', async () => {
    const { code, err } = await topspark(['train', '--samples', 'many']);
    expect(code).toBe(2);
    expect(err).toContain('"many" is not a number');
  });
});
