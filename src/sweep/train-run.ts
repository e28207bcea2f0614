import { Random } from '../base/random.js';
import type { Dataset } from '../data/dataset.js';
import { FrozenLabels } from '../readout/frozen-labels.js';
import { OnlineClassifier } from '../readout/online-classifier.js';
import type { Firing } from '../snn/presentation.js';
import { presentSamples, type Stretch } from './present-samples.js';
import { SampleStream, shuffled } from './sample-stream.js';
import type { TrainOptions } from './train-options.js';
import { summarise, type ReadoutAccuracies, type TrainResult } from './train-result.js';

/** A run and the network that it left behind. */
export interface TrainOutcome {
  readonly result: TrainResult;
  readonly classifier: OnlineClassifier;
}

/**
 * Learns and tests.
 *
 * @param progress - hears the number of samples done, of training and test together
 * @throws {@link TopsparkError} `out_of_range` naming the option
 */
export function trainRun(dataset: Dataset, options: TrainOptions, progress: (done: number) => void): TrainOutcome {
  const { seed, neurons, timed, point } = options;
  const stream = new SampleStream(dataset, options.image);
  const { rows, columns } = stream;
  const names = dataset.classNames;
  const classes = Math.max(2, names.length);
  // Spikes in time are the yardstick of the literature, which does not invert pictures.
  const kind = timed ? { polarity: false, timed: { ...timed, seed } } : { polarity: stream.polarity };
  const classifier = new OnlineClassifier({ neurons, classes, rows, columns, ...kind });
  const common = { stream, classifier, point, progress };
  const random = new Random(seed);
  const order = shuffled(dataset.train.count, random);
  const labels = (): boolean => random.uniform() < options.labels;
  const train = presentSamples({ ...common, split: dataset.train, order, count: options.samples, labels });
  const frozen = timed && timed.labelSamples > 0 ? new FrozenLabels(neurons, names.length) : undefined;
  if (frozen) nameFrozen(frozen, common, dataset, timed?.labelSamples ?? 0, seed);
  const count = Math.min(options.testSamples, dataset.test.count);
  const right = { all: 0, proportion: 0, bayes: 0 };
  const seen = (firing: Firing, truth: number): void => {
    const named = frozen?.name(firing);
    for (const readout of ['all', 'proportion', 'bayes'] as const) right[readout] += Number(named?.[readout] === truth);
  };
  const test = presentSamples({
    ...common,
    split: dataset.test,
    order: Array(count).keys(),
    count,
    ...(frozen && { seen }),
  });
  const share = (readout: keyof ReadoutAccuracies): number => right[readout] / count;
  const readouts = frozen && { all: share('all'), proportion: share('proportion'), bayes: share('bayes') };
  return { classifier, result: summarise(options, classifier, { train, test, readouts }) };
}

// Lets the frozen network hear the labels of the first samples that it learned, and takes over what that names.
function nameFrozen(frozen: FrozenLabels, common: Common, dataset: Dataset, labelSamples: number, seed: number): void {
  const { train, classNames } = dataset;
  const { classifier } = common;
  const order = shuffled(train.count, new Random(seed));
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

type Common = Pick<Stretch, 'stream' | 'classifier' | 'point' | 'progress'>;
