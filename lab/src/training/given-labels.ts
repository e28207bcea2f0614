import type { Random } from 'topspark/base/random.js';
import type { TrainOptions } from './train-options.js';

/**
 * Chooses which labels of a stream are given: a random share, limited to the first ones of each class if so asked.
 *
 * @returns a function to call once for each sample, in order, with the index of its class
 */
export function givenLabels(
  { labels, labelsFirst = Infinity }: Pick<TrainOptions, 'labels' | 'labelsFirst'>,
  random: Random,
): (truth: number) => boolean {
  const given = new Map<number, number>();
  return (truth) => {
    // Always draw: the order of the samples uses the same random numbers.
    if (random.uniform() >= labels) return false;
    const before = given.get(truth) ?? 0;
    if (before >= labelsFirst) return false;
    given.set(truth, before + 1);
    return true;
  };
}
