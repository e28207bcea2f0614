import type { Random } from 'topspark/base/random.js';
import type { TrainOptions } from './train-options.js';

/**
 * Which labels of a stream are given: a share of them, drawn, and of those perhaps only the first of each class.
 *
 * @returns asked once for every sample in their order, with the number of its class
 */
export function givenLabels(
  { labels, labelsFirst = Infinity }: Pick<TrainOptions, 'labels' | 'labelsFirst'>,
  random: Random,
): (truth: number) => boolean {
  const given = new Map<number, number>();
  return (truth) => {
    // Drawn whatever comes of it: the order of the samples is made of the same numbers.
    if (random.uniform() >= labels) return false;
    const before = given.get(truth) ?? 0;
    if (before >= labelsFirst) return false;
    given.set(truth, before + 1);
    return true;
  };
}
