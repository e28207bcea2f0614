import { Random } from 'topspark/base/random.js';
import type { Dataset, Split } from '../../datasets/dataset.js';
import { SampleStream } from '../../training/sample-stream.js';

/** Encoded samples in memory. */
export interface Samples {
  readonly rows: number;
  readonly columns: number;
  readonly polarity: boolean;
  readonly classNames: readonly string[];
  readonly count: number;
  /** Intensities of one sample, as a view. */
  at(index: number): Uint8Array;
  label(index: number): string;
}

/** The first images of a split with plain intensities, as in the tables of the literature. */
export function imageSamples(dataset: Dataset, split: Split, count: number): Samples {
  const stream = new SampleStream(dataset, 'plain');
  const { rows, columns, polarity } = stream;
  const { classNames } = dataset;
  const size = rows * columns;
  const bytes = new Uint8Array(count * size);
  for (let k = 0; k < count; k++) stream.encode(split, k, bytes.subarray(k * size, (k + 1) * size));
  return {
    ...{ rows, columns, polarity, classNames, count },
    at: (index) => bytes.subarray(index * size, (index + 1) * size),
    label: (index) => classNames[split.labels[index]],
  };
}

/** Share of active inputs in {@link noiseSamples}: that of handwritten digits. */
const active = 0.19;

/** Random patterns of any number of inputs, a fifth of them active. All differ, so that networks fill up. */
export function noiseSamples(inputs: number, count: number): Samples {
  const random = new Random(inputs);
  const bytes = new Uint8Array(count * inputs);
  for (let k = 0; k < count; k++) {
    const sample = bytes.subarray(k * inputs, (k + 1) * inputs);
    for (let i = 0; i < inputs; i++) sample[i] = random.uniform() < active ? 1 + random.below(255) : 0;
    sample[random.below(inputs)] = 255;
  }
  const classNames = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
  return {
    ...{ rows: 1, columns: inputs, polarity: false, classNames, count },
    at: (index) => bytes.subarray(index * inputs, (index + 1) * inputs),
    label: (index) => classNames[index % 10],
  };
}
