import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { TopsparkError } from 'topspark/base/errors.js';
import { loadDataset, type Dataset } from './dataset.js';
import { findDataset } from './dataset-source.js';
import { underScene, type Scene } from './scene.js';
import type { BagReading } from './bag-dataset.js';
import type { EventReading } from './events/event-dataset.js';
import { embedImages, embedPictureFolder } from './embedded.js';
import type { EmbeddingModel } from 'topspark/sensing/image/embedding/embedding-encoder.js';
import { isPictureFolder, loadPictureFolder, type TestPart } from './picture-folder.js';

/** Which data set to load, and how. Plain data. */
export interface DatasetChoice {
  /** Name as in `--dataset`. */
  readonly name: string;
  /** Lighting of its pictures; absent: unchanged. */
  readonly scene?: Scene;
  /** Present where the name is that of a bag. */
  readonly bag?: BagReading;
  /** Parts of a folder of pictures that together are the test; absent: `test`. */
  readonly testParts?: readonly TestPart[];
  /** The event camera through which the set is read; absent: none. */
  readonly events?: EventReading;
  /** The pretrained network that encodes its pictures; absent: none. */
  readonly embedding?: EmbeddingModel;
}

/** A data set as a job names it. The checksum ensures that every machine uses the same data. */
export interface DatasetRef extends DatasetChoice {
  /** SHA-256 (hex) of its size, class names, images, colours and labels. */
  readonly sha256: string;
}

/** Makes a reference to a data set that was loaded by this choice. */
export function refOf(choice: DatasetChoice, dataset: Dataset): DatasetRef {
  const hash = createHash('sha256').update(`${dataset.rows} ${dataset.columns} ${dataset.classNames.join('\n')}`);
  const { train, test, validation } = dataset;
  for (const { images, colours, labels } of [train, test, ...(validation ? [validation] : [])]) {
    hash.update(images).update(labels);
    if (colours) hash.update(colours);
  }
  return { ...choice, sha256: hash.digest('hex') };
}

/**
 * Loads a data set.
 *
 * @param directory - folder of its files on this machine, if not the usual one
 * @throws {@link TopsparkError} as {@link loadDataset}, {@link loadPictureFolder}, `loadBag` and {@link underScene};
 *   `bad_combination` where the set has no such parts
 */
export async function loadChoice(choice: DatasetChoice, directory?: string): Promise<Dataset> {
  return underScene(await load(choice, directory), choice.scene ?? 'clean');
}

async function load(choice: DatasetChoice, directory?: string): Promise<Dataset> {
  const { name, bag, events } = choice;
  if (events) {
    const { loadEvents } = await import('./events/event-dataset.js');
    return loadEvents(name, events, directory);
  }
  if (!bag) return loadAtOnce(choice, directory);
  const placed = (path: string): string => inDirectory(path, directory);
  // Loaded here: the bag reader takes half of a command's start time, and most data sets are not bags.
  const { loadBag } = await import('./bag-dataset.js');
  return loadBag(placed(name), { ...bag, more: bag.more?.map(placed) ?? [] });
}

/**
 * Loads a data set that is not a bag, with its lighting unchanged.
 *
 * @throws {@link TopsparkError} as {@link loadChoice}
 */
export function loadAtOnce({ name, embedding, testParts = ['test'] }: DatasetChoice, directory?: string): Dataset {
  const folder = findDataset(name, directory).directory;
  if (isPictureFolder(folder)) {
    return embedding ? embedPictureFolder(folder, testParts, embedding) : loadPictureFolder(folder, testParts);
  }
  if (testParts.join() !== 'test') {
    const found = `--test-parts is ${testParts.join()} with ${name}`;
    const expected = 'expected test: only a folder of pictures has other parts';
    throw new TopsparkError('bad_combination', 'usage', `${found}, ${expected}`);
  }
  const dataset = loadDataset(name, directory === undefined ? {} : { directory });
  return embedding ? embedImages(dataset, embedding) : dataset;
}

/** Path of a file of a bag on this machine. */
export function inDirectory(path: string, directory: string | undefined): string {
  return directory === undefined ? path : join(directory, basename(path));
}

const opened = new Map<string, Dataset>();

/**
 * Loads the data set that a job names; each is read once.
 *
 * @param directory - folder of its files on this machine, if not the usual one
 * @throws {@link TopsparkError} `dataset_differs`, or as {@link loadChoice}
 */
export async function openDataset(ref: DatasetRef, directory?: string): Promise<Dataset> {
  const key = JSON.stringify([ref, directory]);
  const known = opened.get(key);
  if (known) return known;
  const dataset = await loadChoice(ref, directory);
  const found = refOf(ref, dataset).sha256;
  if (found !== ref.sha256) {
    const message = `data set ${ref.name} has the checksum ${found} here, expected ${ref.sha256}, that of the job`;
    throw new TopsparkError('dataset_differs', 'data', message);
  }
  opened.set(key, dataset);
  return dataset;
}
