import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeSnapshot, encodeSnapshot } from '../../../src/checkpoint/safetensors.js';
import type { EvaluateResult } from '../../src/training/evaluate-run.js';
import type { TrainResult } from '../../src/training/train-result.js';
import { bars } from '../training/bars.js';
import { datasetFolder } from '../training/dataset-folder.js';
import { topspark } from '../training/topspark.js';

const folder = datasetFolder(bars(240, 40));
const wide = datasetFolder({ ...bars(60, 20), rows: 4, columns: 16 });
afterAll(() => {
  for (const made of [folder, wide]) rmSync(made, { recursive: true });
});

const sizes = ['--samples', '400', '--neurons', '20'];

async function trained(name: string, ...args: string[]): Promise<{ file: string; result: TrainResult }> {
  const file = join(folder, `${name}.safetensors`);
  const { out } = await topspark(['train', '--dataset', folder, ...sizes, ...args, '--checkpoint', file, '--json']);
  return { file, result: JSON.parse(out) as TrainResult };
}

describe('topspark evaluate', () => {
  it.each([
    ['lean', []],
    ['lean', ['--image', 'contrast']],
    ['lean', ['--image', 'edges']],
    ['lean', ['--image', 'scene']],
    ['lean', ['--image', 'plain']],
    ['lean', ['--image', 'change']],
    ['rate', ['--policy', 'rate', '--rule', 'adaptive']],
  ])('gives the results of training for a checkpoint of %s %j', async (policy, args) => {
    const { file, result } = await trained('same', ...args);
    const { code, out, err } = await topspark(['evaluate', '--dataset', folder, '--checkpoint', file, '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const found = JSON.parse(out) as EvaluateResult;
    expect(found).toMatchObject({ policy, neurons: 20, testSamples: 40, weightsHash: result.weightsHash });
    expect(found.accuracy).toBe(result.accuracy);
    expect(found.operations).toEqual(result.operations.infer);
    expect(found.energyPerSample).toBe(result.energyPerSample.infer);
    expect(found.frontEndEnergy).toBe(result.frontEndEnergy.infer);
    expect(found.confusion.flat().reduce((a, b) => a + b)).toBe(40);
  });

  it('decides at any operating point', async () => {
    const { file } = await trained('point');
    const point = ['--timesteps', '8', '--events', '50', '--keep', '5', '--exit-first', '6', '--exit', '0.5'];
    const { out } = await topspark(['evaluate', '--dataset', folder, '--checkpoint', file, ...point, '--json']);
    const found = JSON.parse(out) as EvaluateResult;
    expect(found.point).toEqual({ timesteps: 8, events: 50, keep: 5, exitFirst: 6, exit: 0.5 });
    expect(found.early).toBeGreaterThan(0);
    expect(found.timestepsRun).toBeLessThan(8);
    expect(found.operations.inputSpikes).toBeLessThanOrEqual(50);
    const text = await topspark(['evaluate', '--dataset', folder, '--checkpoint', file, ...point]);
    expect(text.out).toContain('T 8, E 50, K 5, exits 6/0.5');
  });

  it('takes a custom policy from its file', async () => {
    const policy = join(folder, 'gentle.yaml');
    writeFileSync(policy, 'name: gentle\nbase: rate\nexponents: { inputRate: -0.25 }\n');
    const { file, result } = await trained('own', '--policy', policy);
    expect(result.policy).toBe('gentle');
    const args = ['evaluate', '--dataset', folder, '--checkpoint', file, '--json'];
    const without = await topspark(args);
    expect(without.code).toBe(2);
    expect(without.err).toContain('policy of the checkpoint is gentle, expected lean, none, paper, rate, or the file');
    const { out } = await topspark([...args, '--policy', policy]);
    expect(JSON.parse(out)).toMatchObject({ policy: 'gentle', accuracy: result.accuracy });
  });

  it('refuses a checkpoint of a node with other sensor encodings', async () => {
    const { file, result } = await trained('node', '--image', 'contrast');
    const taught = (encoding: string): string => {
      const snapshot = decodeSnapshot(readFileSync(file), file);
      const sensors = [{ name: 'image', encoding, inputs: 128 }];
      const path = join(folder, `${encoding}.safetensors`);
      writeFileSync(path, encodeSnapshot({ ...snapshot, meta: { ...snapshot.meta, sensors } }));
      return path;
    };
    const same = await topspark(['evaluate', '--dataset', folder, '--checkpoint', taught('contrast'), '--json']);
    expect(JSON.parse(same.out)).toMatchObject({ accuracy: result.accuracy });
    const changes = await topspark(['evaluate', '--dataset', folder, '--checkpoint', taught('change'), '--json']);
    expect(JSON.parse(changes.out)).toMatchObject({ image: 'change' });
    const given = ['--image', 'contrast', '--checkpoint', taught('change')];
    const { code, err } = await topspark(['evaluate', '--dataset', folder, ...given]);
    expect(err).toContain('sensors were encoded as change (128 intensities), expected contrast (128 intensities) as ');
    expect(code).toBe(3);
  });

  it('refuses a file that is no checkpoint, images of another size, and an invalid point', async () => {
    const { file } = await trained('wrong', '--image', 'contrast');
    const notes = join(folder, 'notes.txt');
    writeFileSync(notes, 'my notes');
    const cases: [string[], number, string][] = [
      [['--dataset', folder, '--checkpoint', notes], 3, 'notes.txt'],
      [['--dataset', folder, '--checkpoint', join(folder, 'none')], 3, 'was not read'],
      [['--dataset', wide, '--checkpoint', file], 3, 'intensities, expected 8 × 16 (contrast), as'],
      [
        ['--dataset', folder, '--checkpoint', file, '--image', 'edges'],
        3,
        'the checkpoint takes 16 × 8 intensities, expected 1 × 64 (edges), as',
      ],
      [
        ['--dataset', folder, '--checkpoint', file, '--test-parts', 'validation'],
        2,
        'expected test: only a folder of pictures has other parts',
      ],
      [['--dataset', folder, '--checkpoint', file, '--timesteps', '0'], 2, 'timesteps is 0, expected an integer'],
      [['--dataset', folder], 2, "required option '--checkpoint <file>' not specified"],
      [['--dataset', folder, '--checkpoint', file, '--policy', 'rate'], 2, '--policy is rate, expected a YAML file'],
    ];
    for (const [args, code, sentence] of cases) {
      const found = await topspark(['evaluate', ...args]);
      expect(found.err).toContain(sentence);
      expect(found.err).not.toContain('    at ');
      expect(found.code).toBe(code);
    }
  });
});
