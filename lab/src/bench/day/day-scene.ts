import { Random } from 'topspark/base/random.js';
import type { Dataset } from '../../datasets/dataset.js';
import type { DayPlan } from './day-plan.js';

/** Images that the camera shows: those of a set that were neither learned nor used for the profile. */
export class DayScene {
  readonly #order: Uint32Array;

  /** @param first - number of training images left out; test images follow the remaining training images */
  constructor(
    readonly dataset: Dataset,
    readonly plan: DayPlan,
    readonly first: number,
    seed: number,
  ) {
    this.#order = new Random(seed).permutation(dataset.train.count - first + dataset.test.count);
  }

  /** Class index and image of a frame. Every image is shown once before any is repeated. */
  frame(index: number, time: number): { readonly truth: number; readonly data: Uint8Array } {
    const { dataset, plan } = this;
    const at = this.first + this.#order[index % this.#order.length];
    const learned = dataset.train.count;
    const [split, place] = at < learned ? [dataset.train, at] : [dataset.test, at - learned];
    const size = dataset.rows * dataset.columns;
    const data = split.images.slice(place * size, (place + 1) * size);
    const truth = split.labels[place];
    if (truth === plan.changedClass && time >= plan.change) {
      for (let row = 0; row < dataset.rows; row++)
        data.subarray(row * dataset.columns, (row + 1) * dataset.columns).reverse();
    }
    return { truth, data };
  }
}
