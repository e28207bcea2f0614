import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { preparedSizes } from 'topspark/sensing/image/embedding/prepared-models.js';
import type { DatasetChoice } from '../datasets/dataset-ref.js';

/** Name of a set whose pictures are seen through the made model. */
export const throughEmbedding = (name: string): string => `${name}, through embedding`;

/** Folders of pictures by the names that the tables call them, each also through the made model. */
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

  /** Which data set a name means; one that is none of these is a set by that name. */
  choiceOf(name: string): DatasetChoice {
    return this.#choices.get(name) ?? { name };
  }
}
