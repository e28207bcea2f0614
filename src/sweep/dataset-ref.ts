import { createHash } from 'node:crypto';
import { TopsparkError } from '../base/errors.js';
import { loadDataset, type Dataset } from '../data/dataset.js';

/** A data set as a job names it. The checksum makes sure that every machine computes on the same one. */
export interface DatasetRef {
  /** As in `--dataset`. */
  readonly name: string;
  /** SHA-256 (hex) of its size, images and labels. */
  readonly sha256: string;
}

/** A reference to a data set that was loaded under this name. */
export function refOf(name: string, dataset: Dataset): DatasetRef {
  const hash = createHash('sha256').update(`${dataset.rows} ${dataset.columns} ${dataset.classNames.join('\n')}`);
  for (const { images, labels } of [dataset.train, dataset.test]) hash.update(images).update(labels);
  return { name, sha256: hash.digest('hex') };
}

const opened = new Map<string, Dataset>();

/**
 * The data set that a job means; each is read once.
 *
 * @param directory - where the files of the set lie on this machine, if not in the usual place
 * @throws {@link TopsparkError} `dataset_differs`, or as {@link loadDataset}
 */
export function openDataset(ref: DatasetRef, directory?: string): Dataset {
  const key = JSON.stringify([ref.name, ref.sha256, directory]);
  const known = opened.get(key);
  if (known) return known;
  const dataset = loadDataset(ref.name, directory === undefined ? {} : { directory });
  const found = refOf(ref.name, dataset).sha256;
  if (found !== ref.sha256) {
    const message = `data set ${ref.name} has the checksum ${found} here, expected ${ref.sha256}, that of the job`;
    throw new TopsparkError('dataset_differs', 'data', message);
  }
  opened.set(key, dataset);
  return dataset;
}
