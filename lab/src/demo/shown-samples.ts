import { Random } from 'topspark/base/random.js';

/** A picture to show. */
export interface ShownSample {
  /** Index in the data set. */
  readonly index: number;
  /** Whether its label is given. */
  readonly labelled: boolean;
}

/**
 * The order in which the camera shows a data set: all of it again and again, shuffled each time. The order does not
 * depend on the share of labels.
 *
 * @param count - size of the data set
 * @param samples - number of samples to show
 * @param labelShare - share of the samples that are labelled, 0..1
 */
export function* shownSamples(
  count: number,
  samples: number,
  labelShare: number,
  seed: number,
): Generator<ShownSample, void, void> {
  const orders = new Random(seed);
  const labels = new Random(orders.next());
  let order: Uint32Array = new Uint32Array();
  for (let sample = 0; sample < samples; sample++) {
    if (sample % count === 0) order = orders.permutation(count);
    yield { index: order[sample % count] ?? 0, labelled: labels.uniform() < labelShare };
  }
}
