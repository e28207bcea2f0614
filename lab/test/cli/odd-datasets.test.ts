import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Dataset, Split } from '../../src/datasets/dataset.js';
import { bars } from '../training/bars.js';
import { datasetFolder } from '../training/dataset-folder.js';
import { topspark } from '../training/topspark.js';

describe('topspark train with unsuitable data sets', () => {
  it.each([
    [3, 3],
    [200, 200],
    [3, 16],
  ])('refuses images of %d × %d pixels with found and expected size', async (rows, columns) => {
    const folder = datasetFolder({ ...bars(6, 3), rows, columns, ...halves(rows * columns) });
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    for (const command of [['train'], ['profile', '--output', join(folder, 'profile.json')]]) {
      const { code, err } = await topspark([...command, '--dataset', folder]);
      expect(code, err).toBe(3);
      expect(err).toContain(`are ${columns} × ${rows} pixels, expected 4..128 wide and high`);
    }
  });

  it('reports in words that black images cost nothing', async () => {
    const folder = datasetFolder({ ...bars(6, 3), rows: 8, columns: 8, ...halves(64) });
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    // Other encodings spend energy to find that there is nothing.
    const sizes = ['--samples', '12', '--neurons', '10', '--image', 'plain'];
    const { code, out } = await topspark(['train', '--dataset', folder, ...sizes]);
    expect(code).toBe(0);
    expect(out.match(/0\.00 µJ \(nothing was spent\)/g)).toHaveLength(2);
    expect(out).not.toContain('Infinity');
  });
});

/** Black images of this many pixels. */
function halves(pixels: number): Pick<Dataset, 'train' | 'test'> {
  const split = (count: number): Split => {
    return {
      count,
      images: new Uint8Array(count * pixels),
      labels: Uint8Array.from({ length: count }, (_, k) => k % 2),
    };
  };
  return { train: split(12), test: split(6) };
}
