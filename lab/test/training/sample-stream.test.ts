import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/datasets/dataset.js';
import { SampleStream } from '../../src/training/sample-stream.js';
import { bars } from './bars.js';

describe('a stream of samples', () => {
  it('encodes pictures as a camera does', () => {
    const dataset = bars(3, 1);
    const contrast = new SampleStream(dataset, 'contrast');
    expect([contrast.rows, contrast.columns, contrast.polarity]).toEqual([16, 8, false]);
    const plain = new SampleStream(dataset, 'plain');
    expect([plain.rows, plain.columns, plain.polarity]).toEqual([8, 8, true]);
  });

  it.each(['contrast', 'plain'] as const)('takes intensities as they are, also if images are %s', (encoding) => {
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
  });
});
