import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/datasets/dataset.js';
import { underScene } from '../../src/datasets/scene.js';

const split = (...images: number[]) => ({ count: 1, images: Uint8Array.from(images), labels: Uint8Array.of(0) });
const dataset: Dataset = {
  ...{ name: 'Greys', rows: 2, columns: 2, classNames: ['a'] },
  train: split(0, 1, 128, 255),
  test: split(255, 255, 0, 0),
};

describe('underScene', () => {
  it.each([
    ['inverted', [255, 254, 127, 0], [0, 0, 255, 255]],
    ['veiled', [60, 61, 124, 188], [188, 188, 60, 60]],
    ['dim', [100, 100, 113, 126], [126, 126, 100, 100]],
  ] as const)('changes the pictures of both splits with %s', (scene, train, test) => {
    const lit = underScene(dataset, scene);
    expect(lit).toMatchObject({ name: `Greys ${scene}`, rows: 2, columns: 2, classNames: ['a'] });
    expect([...lit.train.images]).toEqual(train);
    expect([...lit.test.images]).toEqual(test);
    expect(lit.train.labels).toBe(dataset.train.labels);
    expect(lit.train).toBe(lit.train);
    expect([...dataset.train.images]).toEqual([0, 1, 128, 255]);
  });

  it('returns the data set itself with clean', () => {
    expect(underScene(dataset, 'clean')).toBe(dataset);
  });

  it('refuses samples that are no pictures', () => {
    const signal: Dataset = { ...dataset, intensities: { polarity: false } };
    expect(() => underScene(signal, 'dim')).toThrow('--scene is dim with Greys, which holds no pictures, expected');
    expect(underScene(signal, 'clean')).toBe(signal);
  });
});
