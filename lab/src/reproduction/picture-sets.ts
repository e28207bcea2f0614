import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { preparedSizes } from 'topspark/sensing/image/embedding/prepared-models.js';
import type { DatasetChoice } from '../datasets/dataset-ref.js';

/** Name of a set whose pictures are encoded by the prepared model. */
export const throughEmbedding = (name: string): string => `${name}, through embedding`;

/** Folders of pictures by their names in the tables. Each can also be encoded by the prepared model. */
export class PictureSets {
  readonly names: readonly string[];
  readonly #choices = new Map<string, DatasetChoice>();

  /** @param folders - each with `train/CLASS/*.jpg` and `test/CLASS/*.jpg` */
  constructor(folders: readonly string[]) {
    this.names = folders.map((folder) => basename(resolve(folder)));
    for (const [k, folder] of folders.entries()) {
      const name = this.names[k];
      const testParts = existsSync(join(folder, 'validation'))
        ? (['validation', 'test'] as const)
        : (['test'] as const);
      const choice: DatasetChoice = { name: folder, testParts };
      this.#choices.set(name, choice);
      this.#choices.set(throughEmbedding(name), { ...choice, embedding: { model: '', size: preparedSizes[0] } });
    }
  }

  /** The data set of a name. A name that is not one of these folders is used as it is. */
  choiceOf(name: string): DatasetChoice {
    return this.#choices.get(name) ?? { name };
  }
}
