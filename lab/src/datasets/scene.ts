import { TopsparkError } from 'topspark/base/errors.js';
import { attributesOf, type Dataset, type Split } from './dataset.js';

/** Lighting of the pictures of a data set: unchanged, negative, under a grey veil, or with a tenth of the contrast. */
export const scenes = ['clean', 'inverted', 'veiled', 'dim'] as const;

/** One of {@link scenes}. */
export type Scene = (typeof scenes)[number];

const lights: Readonly<Record<Exclude<Scene, 'clean'>, (grey: number) => number>> = {
  inverted: (grey) => 255 - grey,
  veiled: (grey) => 60 + grey / 2,
  dim: (grey) => 100 + grey / 10,
};

/**
 * The same data set with its pictures lit otherwise, in all splits; they are still read at first use.
 *
 * @throws {@link TopsparkError} `bad_combination` where it holds no pictures
 */
export function underScene(dataset: Dataset, scene: Scene): Dataset {
  if (scene === 'clean') return dataset;
  if (dataset.intensities) {
    const found = `--scene is ${scene} with ${dataset.name}, which holds no pictures`;
    throw new TopsparkError('bad_combination', 'usage', `${found}, expected a data set of pictures`);
  }
  const light = Uint8Array.from({ length: 256 }, (_, grey) => Math.round(lights[scene](grey)));
  const lit = (split: Split): Split => {
    const { images, colours } = split;
    const under = (bytes: Uint8Array): Uint8Array => bytes.map((level) => light[level]);
    return { ...split, images: under(images), ...(colours && { colours: under(colours) }) };
  };
  const cache = new Map<Split, Split>();
  const once = (split: Split): Split => {
    const known = cache.get(split) ?? lit(split);
    cache.set(split, known);
    return known;
  };
  return {
    ...attributesOf(dataset),
    name: `${dataset.name} ${scene}`,
    get train() {
      return once(dataset.train);
    },
    get test() {
      return once(dataset.test);
    },
    get validation() {
      const { validation } = dataset;
      return validation && once(validation);
    },
  };
}
