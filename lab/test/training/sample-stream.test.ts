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
    const scene = new SampleStream(dataset, 'scene');
    expect([scene.rows, scene.columns, scene.polarity]).toEqual([1, 64, false]);
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

  // Check values of the native program that was measured; those of scene were found equal to its native program.
  it.each([
    ['edges', 'mnist', '75786c97'],
    ['edges', 'fashion-mnist', 'cbc4616a'],
    ['scene', 'mnist', '28782d7f'],
    ['scene', 'fashion-mnist', '20f42355'],
  ] as const)('gives the check value for %s of the first 100 test images of %s', (encoding, name, check) => {
    // The second set is a Debian package that not every machine has.
    if (!existsSync(findDataset(name).directory)) return;
    const dataset = loadDataset(name);
    const stream = new SampleStream(dataset, encoding);
    const into = new Uint8Array(784);
    let hash = 2_166_136_261;
    for (let k = 0; k < 100; k++) {
      stream.encode(dataset.test, k, into);
      // FNV-1a, 32 bits.
      for (const byte of into) hash = Math.imul(hash ^ byte, 16_777_619) >>> 0;
    }
    expect(hash.toString(16)).toBe(check);
  });

  it('shows the colours of a set to scene alone, also as the world changes', () => {
    // Red on the left and green on the right, both of the light 60, which is grey 60.
    const plane = (left: number, right: number): number[] =>
      Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? left : right));
    const split = {
      count: 1,
      images: new Uint8Array(64).fill(60),
      colours: Uint8Array.from([...plane(200, 4), ...plane(0, 100), ...plane(0, 0)]),
      labels: new Uint8Array(1),
    };
    const dataset: Dataset = { name: 'walls', rows: 8, columns: 8, classNames: ['wall'], train: split, test: split };
    const shown = (encoding: 'edges' | 'scene', change?: (image: Uint8Array) => Uint8Array): number[] => {
      const stream = new SampleStream(dataset, encoding);
      const into = new Uint8Array(64).fill(9);
      stream.encode(split, 0, into, change);
      return [...into];
    };
    expect(shown('edges').every((level) => level === 0)).toBe(true);
    const bright = shown('scene');
    expect(bright.some((level) => level > 0)).toBe(true);
    // The world's negative turns each direction round: its planes are those eight further on.
    const seen = new Uint8Array(64);
    const negative = shown('scene', (image) => {
      image.forEach((level, at) => (seen[at] = 255 - level));
      return seen;
    });
    expect(negative).toEqual([...bright.slice(32), ...bright.slice(0, 32)]);
  });

  it.each(['edges', 'scene', 'contrast', 'plain'] as const)(
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
