import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadDataset, type Dataset } from '../../src/datasets/dataset.js';
import { findDataset } from '../../src/datasets/dataset-source.js';
import { SampleStream } from '../../src/training/sample-stream.js';
import { bars } from './bars.js';

describe('SampleStream', () => {
  it('encodes pictures as a camera does', () => {
    const dataset = bars(3, 1);
    const contrast = new SampleStream(dataset, 'contrast');
    expect([contrast.rows, contrast.columns, contrast.polarity]).toEqual([16, 8, false]);
    const plain = new SampleStream(dataset, 'plain');
    expect([plain.rows, plain.columns, plain.polarity]).toEqual([8, 8, true]);
    const edges = new SampleStream(dataset, 'edges');
    expect([edges.rows, edges.columns, edges.polarity]).toEqual([1, 64, false]);
    const change = new SampleStream(dataset, 'change');
    expect([change.rows, change.columns, change.polarity]).toEqual([16, 8, false]);
  });

  it('encodes the change from picture to picture, and nothing for the first one', () => {
    const pictures = Uint8Array.from({ length: 3 * 64 }, (_, i) => (i === 70 ? 200 : i === 130 ? 100 : 0));
    const split = { count: 3, images: pictures, labels: new Uint8Array(3) };
    const dataset: Dataset = { name: 'lamps', rows: 8, columns: 8, classNames: ['lamp'], train: split, test: split };
    const stream = new SampleStream(dataset, 'change');
    const shown = (index: number): readonly (readonly [number, number])[] => {
      const into = new Uint8Array(128).fill(7);
      stream.encode(split, index, into);
      return [...into.entries()].filter(([, value]) => value > 0);
    };
    expect(shown(1)).toEqual([]);
    // A lamp appears at 2, at half the brightness. The lamp at 6 went out.
    expect(shown(2)).toEqual([
      [2, 128],
      [64 + 6, 255],
    ]);
    stream.begin();
    expect(shown(2)).toEqual([]);
  });

  // Check values of the native program that was measured.
  it.each([
    ['mnist', '75786c97'],
    ['fashion-mnist', 'cbc4616a'],
  ])('gives the check value for the edges of the first 100 test images of %s', (name, check) => {
    // The second set is a Debian package that not every machine has.
    if (!existsSync(findDataset(name).directory)) return;
    const dataset = loadDataset(name);
    const stream = new SampleStream(dataset, 'edges');
    const into = new Uint8Array(784);
    let hash = 2_166_136_261;
    for (let k = 0; k < 100; k++) {
      stream.encode(dataset.test, k, into);
      // FNV-1a, 32 bits.
      for (const byte of into) hash = Math.imul(hash ^ byte, 16_777_619) >>> 0;
    }
    expect(hash.toString(16)).toBe(check);
  });

  it.each(['edges', 'contrast', 'plain'] as const)(
    'passes intensities through unchanged, even with the image encoding %s',
    (encoding) => {
      const split = {
        count: 2,
        images: Uint8Array.from({ length: 400 }, (_, i) => i % 251),
        labels: Uint8Array.of(0, 1),
      };
      const shape = { rows: 2, columns: 100, classNames: ['a', 'b'], intensities: { polarity: true } };
      const dataset: Dataset = { name: 'signal', ...shape, train: split, test: split };
      const stream = new SampleStream(dataset, encoding);
      expect([stream.rows, stream.columns, stream.polarity]).toEqual([2, 100, true]);
      const into = new Uint8Array(200);
      stream.encode(dataset.train, 1, into);
      expect(into).toEqual(split.images.subarray(200));
    },
  );
});
