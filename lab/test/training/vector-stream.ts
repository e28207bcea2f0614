import { Random } from 'topspark/base/random.js';
import { prototypes } from '../../../test/reference/sources.js';
import type { LabelledStream, StreamSample } from '../../src/training/labelled-streams.js';

const source = prototypes(96, 5, (_, random) => random.below(5));
source(0, new Random(1));

/** Vectors of five classes in random order, and 500 more as a test set. */
export const vectorStream = (count: number): LabelledStream => ({
  ...{ shape: { rows: 1, columns: 96, polarity: false }, count, driven: false },
  classes: [0, 1, 2, 3, 4].map((k) => `class ${k}`),
  samples: { [Symbol.iterator]: () => shown(4, count) },
  test: { [Symbol.iterator]: () => shown(99, 500) },
});

function* shown(seed: number, count: number): Generator<StreamSample> {
  const random = new Random(seed);
  for (let k = 0; k < count; k++) {
    const { pixels, name } = source(k, random);
    yield { intensities: Uint8Array.from(pixels), truth: name };
  }
}
