import { Random } from 'topspark/base/random.js';
import type { Dataset } from '../datasets/dataset.js';
import { FrozenLabels } from './frozen-labels.js';
import { givenLabels } from './given-labels.js';
import { linearParts } from 'topspark/classifier/linear-use.js';
import { OnlineClassifier } from 'topspark/classifier/online-classifier.js';
import type { Firing } from 'topspark/snn/presentation.js';
import { presentSamples, type Common } from './present-samples.js';
import { SampleStream, orderOf, firstSamples } from './sample-stream.js';
import { RecordingTally } from './recording-tally.js';
import { Tally } from './tally.js';
import type { TrainOptions } from './train-options.js';
import { summarise, type ReadoutAccuracies, type TrainResult } from './train-result.js';

/** A run, and the network that it trained. */
export interface TrainOutcome {
  readonly result: TrainResult;
  readonly classifier: OnlineClassifier;
  readonly stream: SampleStream;
  /** Of the test split. */
  readonly tally: Tally;
}

/**
 * Learns the training split, then tests the frozen network.
 *
 * @param progress - called with the number of samples done since the last call, training and test together
 * @throws {@link TopsparkError} `out_of_range` naming the option
 */
export function trainRun(dataset: Dataset, options: TrainOptions, progress: (done: number) => void): TrainOutcome {
  const { seed, neurons, timed, point } = options;
  const stream = new SampleStream(dataset, options.image);
  const classifier = makeClassifier(stream, options);
  const common = { stream, classifier, point, progress };
  const random = new Random(seed);
  const order = orderOf(dataset, random);
  const train = presentSamples({
    ...common,
    split: dataset.train,
    order,
    count: options.samples,
    labels: givenLabels(options, random),
    learn: options.learn,
  });
  const frozen = timed && timed.labelSamples > 0 ? new FrozenLabels(neurons, dataset.classNames.length) : undefined;
  if (frozen) nameFrozen(frozen, common, timed?.labelSamples ?? 0, seed);
  const count = firstSamples(dataset.test, options.testSamples);
  const right = { all: 0, proportion: 0, bayes: 0 };
  const seen = (firing: Firing, truth: number): void => {
    const named = frozen?.name(firing);
    for (const readout of ['all', 'proportion', 'bayes'] as const) right[readout] += Number(named?.[readout] === truth);
  };
  const tally = new Tally(dataset.classNames, point.timesteps);
  const recordings = dataset.test.ends && new RecordingTally(dataset.test.ends, classifier);
  const test = presentSamples({
    ...common,
    split: dataset.test,
    order: Array(count).keys(),
    count,
    answered: (answer, right, truth) => {
      tally.add(answer, right, truth);
      recordings?.add(answer, dataset.classNames[truth]);
    },
    ...(frozen && { seen }),
  });
  const share = (readout: keyof ReadoutAccuracies): number => right[readout] / count;
  const named = frozen && { all: share('all'), proportion: share('proportion'), bayes: share('bayes') };
  const readouts = named ?? tally.readouts;
  const result = summarise(options, classifier, {
    ...{ train, test, readouts, recall: tally.recall },
    ...(recordings && { recordings: recordings.accuracy }),
  });
  return { classifier, result, stream, tally };
}

/** Makes a classifier for these samples that knows nothing yet. */
export function makeClassifier(stream: SampleStream, options: TrainOptions): OnlineClassifier {
  const { rows, columns, dataset } = stream;
  const { neurons, seed, timed, factors, linearReadout = 'auto' } = options;
  const classes = Math.max(2, dataset.classNames.length);
  // Spikes in time are the baseline from the literature, which does not invert pictures.
  const kind = timed ? { polarity: false, timed: { ...timed, seed } } : { polarity: stream.polarity };
  const linear = timed ? undefined : linearParts(linearReadout, stream);
  return new OnlineClassifier({
    ...{ neurons, classes, rows, columns, ...kind },
    features: stream.features,
    ...(linear && { linear }),
    ...(factors && { factors }),
  });
}

// Shows the frozen network the first samples that it learned, and names its neurons by their labels.
function nameFrozen(frozen: FrozenLabels, common: Common, labelSamples: number, seed: number): void {
  const { classifier, stream } = common;
  const { train, classNames } = stream.dataset;
  const order = orderOf(stream.dataset, new Random(seed));
  const seen = (firing: Firing, truth: number): void => {
    frozen.add(firing, truth);
  };
  presentSamples({ ...common, split: train, order, count: labelSamples, seen });
  frozen.finish();
  const heard = classifier.classes;
  const names = [...heard, ...classNames.filter((name) => !heard.includes(name))];
  const shares = new Float32Array(frozen.neurons * names.length);
  for (let j = 0; j < frozen.neurons; j++) {
    names.forEach((name, c) => {
      shares[j * names.length + c] = frozen.proportions[j * classNames.length + classNames.indexOf(name)];
    });
  }
  classifier.assign(names, shares);
}
