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

/** Which data set, and how it is read. Data only. */
export interface DatasetChoice {
  /** As in `--dataset`. */
  readonly name: string;
  /** How its pictures are lit, if not as they are. */
  readonly scene?: Scene;
  /** Given where the name is that of a bag. */
  readonly bag?: BagReading;
  /** Parts of a folder of pictures that are the test together, if not `test` alone. */
  readonly testParts?: readonly TestPart[];
  /** The event camera that sees it; absent: none. */
  readonly events?: EventReading;
  /** The pretrained network through which its pictures are seen; absent: none. */
  readonly embedding?: EmbeddingModel;
}

/** A data set as a job names it. The checksum makes sure that every machine computes on the same one. */
export interface DatasetRef extends DatasetChoice {
  /** SHA-256 (hex) of its size, images and labels. */
  readonly sha256: string;
}

/** A reference to a data set that was loaded by this choice. */
export function refOf(choice: DatasetChoice, dataset: Dataset): DatasetRef {
  const hash = createHash('sha256').update(`${dataset.rows} ${dataset.columns} ${dataset.classNames.join('\n')}`);
  const { train, test, validation } = dataset;
  for (const { images, labels } of [train, test, ...(validation ? [validation] : [])])
    hash.update(images).update(labels);
  return { ...choice, sha256: hash.digest('hex') };
}

/**
 * Loads a data set.
 *
 * @param directory - where its files lie on this machine, if not in the usual place
 * @throws {@link TopsparkError} as {@link loadDataset}, {@link loadPictureFolder}, `loadBag` and {@link underScene};
 *   `bad_combination` where a set has no such parts
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
  // What reads bags takes half of a command's start, and most data sets are none.
  const { loadBag } = await import('./bag-dataset.js');
  return loadBag(placed(name), { ...bag, more: bag.more?.map(placed) ?? [] });
}

/**
 * A data set that is no bag, lit as it is.
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

/** Where a file of a bag lies on this machine. */
export function inDirectory(path: string, directory: string | undefined): string {
  return directory === undefined ? path : join(directory, basename(path));
}

const opened = new Map<string, Dataset>();

/**
 * The data set that a job means; each is read once.
 *
 * @param directory - where the files of the set lie on this machine, if not in the usual place
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
