import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Split } from '../../src/datasets/dataset.js';
import { bars } from '../training/bars.js';
import { datasetFolder } from '../training/dataset-folder.js';
import { topspark } from '../training/topspark.js';

let folder: string;
beforeAll(() => {
  // Vertical and horizontal bars at several places.
  const split = (count: number): Split => ({
    count,
    labels: Uint8Array.from({ length: count }, (_, k) => k % 2),
    images: Uint8Array.from({ length: 784 * count }, (_, at) => {
      const [k, pixel] = [Math.floor(at / 784), at % 784];
      const across = k % 2 === 0 ? pixel % 28 : Math.floor(pixel / 28);
      return Math.abs(across - 9 - (k % 5)) < 2 ? 220 : 0;
    }),
  });
  folder = datasetFolder({ ...bars(6, 6), rows: 28, columns: 28, train: split(60), test: split(12) });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const events = ['--sensor', 'events', '-p', 'events.window:=0.2', '-p', 'events.hop:=0.025'];

describe('--sensor events', () => {
  it('learns pictures through a simulated event camera, and decides by the votes of all windows', async () => {
    const sizes = ['--samples', '60', '--test-samples', '10', '--neurons', '20', '--json'];
    const checkpoint = ['--checkpoint', join(folder, 'bars.safetensors')];
    const trained = await topspark(['train', '--dataset', folder, ...events, ...sizes, ...checkpoint]);
    expect(trained.code, trained.err).toBe(0);
    const result = JSON.parse(trained.out) as object;
    expect(result).toMatchObject({ samples: 60, testSamples: 50, recordings: { recordings: 10, windows: 5 } });
    expect(result).toMatchObject({ recordings: { accuracy: 1 } });
    const again = await topspark(['evaluate', '--dataset', folder, ...events, ...checkpoint, '--test-samples', '10']);
    expect(again.code, again.err).toBe(0);
    expect(again.out).toContain('recordings 100.00 % of 10, by the votes of 5.0 windows each');
  });

  it.each([
    ['--image', ['--image', 'plain']],
    ['--scene', ['--scene', 'dim']],
    ['parameter scan.sectors has no part', ['-p', 'scan.sectors:=4']],
    ['events.window', ['-p', 'events.window:=9.0']],
  ])('refuses %s in one sentence', async (found, more) => {
    const { code, err } = await topspark(['train', '--dataset', folder, ...events, ...more]);
    expect(code).toBe(2);
    expect(err).toContain(found);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});
