import { Random } from '../base/random.js';
import type { Dataset, Split } from '../data/dataset.js';
import { FrozenLabels } from '../readout/frozen-labels.js';
import { OnlineClassifier } from '../readout/online-classifier.js';
import type { Firing } from '../snn/presentation.js';
import type { OperatingPoint } from '../timestep/operating-point.js';
import { Meter } from './meter.js';
import { SampleStream, shuffled } from './sample-stream.js';
import type { TrainOptions } from './train-options.js';
import { summarise, type ReadoutAccuracies, type TrainResult } from './train-result.js';

/** A run and the network that it left behind. */
export interface TrainOutcome {
  readonly result: TrainResult;
  readonly classifier: OnlineClassifier;
}

const window = 1000;

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
  const train = presentAll({ ...common, split: dataset.train, order, count: options.samples, labels });
  const frozen = timed && timed.labelSamples > 0 ? new FrozenLabels(neurons, names.length) : undefined;
  if (frozen) nameFrozen(frozen, common, dataset, timed?.labelSamples ?? 0, seed);
  const count = Math.min(options.testSamples, dataset.test.count);
  const right = { all: 0, proportion: 0, bayes: 0 };
  const seen = (firing: Firing, truth: number): void => {
    const named = frozen?.name(firing);
    for (const readout of ['all', 'proportion', 'bayes'] as const) right[readout] += Number(named?.[readout] === truth);
  };
  const test = presentAll({
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
  presentAll({ ...common, split: train, order, count: labelSamples, seen });
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

interface Common {
  readonly stream: SampleStream;
  readonly classifier: OnlineClassifier;
  readonly point: OperatingPoint;
  readonly progress: (done: number) => void;
}

interface Stretch extends Common {
  readonly split: Split;
  readonly order: Iterator<number>;
  readonly count: number;
  /** Whether the next label is given; absent: decide without learning. */
  readonly labels?: () => boolean;
  /** Hears who fired in a sample, and the index of its class. */
  readonly seen?: (firing: Firing, truth: number) => void;
}

/** Images are encoded in batches outside the timed part, so that the CPU time is that of the network alone. */
function presentAll({ stream, classifier, split, order, count, labels, seen, point, progress }: Stretch): Meter {
  const meter = new Meter(window);
  const { classNames } = stream.dataset;
  const size = stream.rows * stream.columns;
  const batch = new Uint8Array(Math.min(count, window) * size);
  for (let done = 0; done < count;) {
    const length = Math.min(window, count - done);
    const truths = Array.from({ length }, (_, k) => {
      const index = Number(order.next().value);
      stream.encode(split, index, batch.subarray(k * size, (k + 1) * size));
      return split.labels[index];
    });
    const given = labels ? truths.map(labels) : [];
    const firings: Firing[] = [];
    const start = process.cpuUsage();
    for (let k = 0; k < length; k++) {
      const stamp = BigInt(classifier.samples);
      const truth = classNames[truths[k]];
      const answer = classifier.decide(batch.subarray(k * size, (k + 1) * size), stamp, point, labels !== undefined);
      meter.add(answer, answer.label === truth);
      if (given[k]) classifier.label(stamp, truth);
      if (seen) firings.push(classifier.firing());
    }
    const { user, system } = process.cpuUsage(start);
    meter.addTime(user + system);
    firings.forEach((firing, k) => seen?.(firing, truths[k]));
    done += length;
    progress(length);
  }
  return meter;
}
