import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.js';
import type { EvaluateResult } from '../../src/training/evaluate-run.js';
import type { TrainResult } from '../../src/training/train-result.js';
import { topspark } from '../training/topspark.js';

let folder: string;

async function found<Result>(...args: string[]): Promise<Result> {
  return JSON.parse((await topspark([...args, '--json'])).out) as Result;
}

const [red, green] = [
  [200, 0, 0],
  [4, 100, 0],
];

/** A wall of two colours that are as light; they meet at one column. */
function wall(left: readonly number[], right: readonly number[], column: number): Buffer {
  const picture = new PNG({ width: 40, height: 32 });
  picture.data = Buffer.from(
    Array.from({ length: 40 * 32 }, (_, at) => [...(at % 40 < column ? left : right), 255]).flat(),
  );
  return PNG.sync.write(picture);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-walls-'));
  const random = new Random(1);
  for (const [part, count] of [
    ['train', 30],
    ['test', 10],
  ] as const) {
    for (const [name, left, right] of [
      ['falling', red, green],
      ['rising', green, red],
    ] as const) {
      mkdirSync(join(folder, part, name), { recursive: true });
      for (let k = 0; k < count; k++)
        writeFileSync(join(folder, part, name, `${k}.png`), wall(left, right, 12 + random.below(16)));
    }
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it.each([
  ['scene', 1],
  ['edges', 0],
])('learns and evaluates walls that differ in colour alone by %s', async (image, accuracy) => {
  const file = join(folder, `${image}.safetensors`);
  const seen = ['--dataset', folder, '--checkpoint', file];
  const learning = ['--image', image, '--neurons', '20', '--samples', '120'];
  expect((await found<TrainResult>('train', ...seen, ...learning)).accuracy).toBe(accuracy);
  expect((await found<EvaluateResult>('evaluate', ...seen)).accuracy).toBe(accuracy);
});
