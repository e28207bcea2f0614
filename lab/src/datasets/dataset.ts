import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TopsparkError } from 'topspark/base/errors.js';
import type { ParameterValue } from 'topspark/base/parameters.js';
import type { FrontEndCounts } from 'topspark/snn/operation-counts.js';
import { findDataset, type DatasetSource } from './dataset-source.js';
import { readIdx, readIdxShape } from './idx.js';

/** One part of a data set. */
export interface Split {
  /** Number of images and labels. */
  readonly count: number;
  /** Grey values 0..255, `count` × rows × columns, row by row. */
  readonly images: Uint8Array;
  /** The same pictures in colour: planes of red, green and blue, `count` × 3 × rows × columns. Absent: they are grey. */
  readonly colours?: Uint8Array;
  /** Class of each image, as an index into `classNames`. */
  readonly labels: Uint8Array;
  /**
   * Where samples are windows of recordings, in order: 1 for the last window of each recording. Absent: each sample is
   * a recording by itself.
   */
  readonly ends?: Uint8Array;
}

/** How the messages of a sensor became its part of a sample. */
export interface SensorPlace {
  /** Name of the encoding. */
  readonly encoding: string;
  /** Number of intensities. */
  readonly inputs: number;
  /** Name of the sensor, and every other parameter that changes an intensity, if known. */
  readonly name?: string;
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
}

/** Labelled images of one size, for training and testing. */
export interface Dataset {
  readonly name: string;
  /** Height of an image [pixel]. */
  readonly rows: number;
  /** Width of an image [pixel]. */
  readonly columns: number;
  readonly classNames: readonly string[];
  /**
   * Present where the bytes are not pictures but the output of a sensor's encoder. `polarity`: whether the network
   * inverts samples that are brighter than half on average. `sensors`: the sensors that they come from, if known.
   */
  readonly intensities?: {
    readonly polarity: boolean;
    readonly sensors?: readonly SensorPlace[];
    /** Mean cost of encoding a sample; absent: not known. */
    readonly work?: Readonly<FrontEndCounts>;
  };
  /** Where pictures are encoded by a prepared model: its resolutions [pixel], its own, the largest, first. */
  readonly seen?: {
    readonly resolutions: readonly number[];
    /** The same data set at one of these resolutions. */
    at(resolution: number): Dataset;
  };
  /**
   * Recordings only: messages and labels that were refused or belong to no sample. For each cause their count, and the
   * first one in words.
   */
  readonly refused?: ReadonlyMap<string, { readonly count: number; readonly first: string }>;
  /** Whether this is a recording. Its samples are learned in order, and the last sixth is the test. */
  readonly inOrder?: boolean;
  /** Read from disk at first use. */
  readonly train: Split;
  /** Read from disk at first use. */
  readonly test: Split;
  /** Samples for choosing, besides those for training and testing; absent where there are none. Read at first use. */
  readonly validation?: Split | undefined;
}

/** Everything but the splits, which are read at first use. */
export function attributesOf({
  name,
  rows,
  columns,
  classNames,
  intensities,
  seen,
  inOrder,
  refused,
}: Dataset): Omit<Dataset, 'train' | 'test' | 'validation'> {
  return {
    name,
    rows,
    columns,
    classNames,
    ...(intensities && { intensities }),
    ...(seen && { seen }),
    ...(inOrder && { inOrder }),
    ...(refused && { refused }),
  };
}

/** The files of one split before its images are read. */
interface SplitFiles {
  readonly imagesPath: string;
  readonly shape: readonly [count: number, rows: number, columns: number];
  readonly labels: Uint8Array;
}

/**
 * Opens a data set in the format of MNIST. All four files are checked at once; the images of a split are read when they
 * are first used.
 *
 * @param name - `mnist`, `fashion-mnist`, `smartwatch` or a folder with the four IDX files, gzipped or not
 * @param options - `directory`: folder of the files of a named set, if not the usual one
 * @throws {@link TopsparkError} of kind `data`, naming file, found and expected; for a missing set also how to get it
 */
export function loadDataset(name: string, options: { readonly directory?: string } = {}): Dataset {
  const source = findDataset(name, options.directory);
  const train = openSplit(source, 'train');
  const test = openSplit(source, 't10k');
  const [, rows, columns] = train.shape;
  if (test.shape[1] !== rows || test.shape[2] !== columns) {
    const found = `${test.imagesPath} holds images of ${test.shape[2]} × ${test.shape[1]}`;
    throw new TopsparkError('dataset_mixed_sizes', 'data', `${found}, expected ${columns} × ${rows} as in training`);
  }
  const loaded = new Map<SplitFiles, Split>();
  const load = (files: SplitFiles): Split => {
    const split = loaded.get(files) ?? readSplit(files);
    loaded.set(files, split);
    return split;
  };
  return {
    name: source.name,
    rows,
    columns,
    classNames: nameClasses(source, train, test),
    // Samples of one row are not pictures.
    ...(rows === 1 && { intensities: { polarity: false } }),
    get train() {
      return load(train);
    },
    get test() {
      return load(test);
    },
  };
}

function openSplit(source: DatasetSource, prefix: 'train' | 't10k'): SplitFiles {
  const imagesPath = findFile(source, `${prefix}-images-idx3-ubyte`);
  const labelsPath = findFile(source, `${prefix}-labels-idx1-ubyte`);
  const [count = 0, rows = 0, columns = 0] = readIdxShape(imagesPath, 3);
  const labels = readIdx(labelsPath, 1).data;
  if (count !== labels.length) {
    const found = `${labelsPath} holds ${labels.length} labels`;
    throw new TopsparkError('dataset_count_mismatch', 'data', `${found}, expected ${count}: one for every image`);
  }
  if (count * rows * columns === 0) {
    const found = `${imagesPath} holds ${count} images of ${columns} × ${rows}`;
    throw new TopsparkError('dataset_empty', 'data', `${found}, expected at least one pixel of one image`);
  }
  return { imagesPath, shape: [count, rows, columns], labels };
}

function readSplit({ imagesPath, shape, labels }: SplitFiles): Split {
  return { count: shape[0], images: readIdx(imagesPath, 3).data, labels };
}

function findFile(source: DatasetSource, name: string): string {
  const plain = join(source.directory, name);
  const found = [plain, `${plain}.gz`].find((path) => existsSync(path));
  if (found !== undefined) return found;
  const sentence = `data set ${source.name}: neither ${plain} nor ${name}.gz exists, expected: ${source.remedy}`;
  throw new TopsparkError('dataset_missing', 'data', sentence);
}

function nameClasses(source: DatasetSource, ...splits: readonly SplitFiles[]): readonly string[] {
  const largest = splits.flatMap(({ labels }) => [...labels]).reduce((max, label) => Math.max(max, label), 0);
  const names = source.classNames ?? Array.from({ length: largest + 1 }, (_, index) => String(index));
  if (largest < names.length) return names;
  const found = `data set ${source.name}: the largest label is ${largest}`;
  throw new TopsparkError('dataset_unknown_class', 'data', `${found}, expected at most ${names.length - 1}`);
}
