import { wilson } from '../accuracy/wilson.js';
import { Random } from '../base/random.js';
import type { Dataset, Split } from '../data/dataset.js';
import type { ImageEncoding } from '../encoding/image-encoder.js';
import { cmos45, joules } from '../energy/cost-table.js';
import { unscaledEnergy } from '../energy/unscaled.js';
import { OnlineClassifier } from '../readout/online-classifier.js';
import type { OperationCounts } from '../snn/operation-counts.js';
import type { OperatingPoint } from '../timestep/operating-point.js';
import { Meter } from './meter.js';
import { SampleStream, shuffled } from './sample-stream.js';

/** One run: a network learns a stream from nothing and is then tested, frozen. Data only, so that it can be a job. */
export interface TrainOptions {
  readonly neurons: number;
  readonly point: OperatingPoint;
  /** Training samples, presented in an order that only the seed decides. */
  readonly samples: number;
  /** Test samples from the start of the test split; more than it holds means all. */
  readonly testSamples: number;
  /** Share of the training samples whose label is given, 0..1. */
  readonly labels: number;
  readonly image: ImageEncoding;
  readonly seed: number;
}

/** What a run found. Accuracies are shares 0..1, energies [J] per sample by operations. */
export interface TrainResult {
  readonly accuracy: number;
  readonly accuracyLow: number;
  readonly accuracyHigh: number;
  readonly samples: number;
  readonly testSamples: number;
  readonly neurons: number;
  readonly neuronsUsed: number;
  readonly timesteps: number;
  readonly seed: number;
  readonly policy: 'lean';
  readonly rule: 'expected';
  readonly encoding: 'systematic';
  /** CPU time of a presentation [µs]. */
  readonly microsecondsPerSample: { readonly train: number; readonly infer: number };
  readonly operations: { readonly train: OperationCounts; readonly infer: OperationCounts };
  readonly energyPerSample: { readonly train: number; readonly infer: number };
  /** Energy of the unscaled network at T = 350 over that of this run. */
  readonly energyRatio: { readonly train: number; readonly infer: number };
  /** Accuracy against the truth in windows of 1000 training samples, each answered before its label. */
  readonly prequential: readonly number[];
  readonly weightsHash: string;
}

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
  const stream = new SampleStream(dataset, options.image);
  const { rows, columns, polarity } = stream;
  const classes = Math.max(2, dataset.classNames.length);
  const classifier = new OnlineClassifier({ neurons: options.neurons, classes, rows, columns, polarity });
  const present = (split: Split, order: Iterator<number>, count: number, labels: (() => boolean) | undefined): Meter =>
    presentAll({ stream, classifier, split, order, count, labels, point: options.point, progress });
  const random = new Random(options.seed);
  const labelled = (): boolean => random.uniform() < options.labels;
  const train = present(dataset.train, shuffled(dataset.train.count, random), options.samples, labelled);
  const testCount = Math.min(options.testSamples, dataset.test.count);
  const test = present(dataset.test, Array(testCount).keys(), testCount, undefined);
  return { classifier, result: summarise(options, classifier, train, test) };
}

interface Presentation {
  readonly stream: SampleStream;
  readonly classifier: OnlineClassifier;
  readonly split: Split;
  readonly order: Iterator<number>;
  readonly count: number;
  /** Whether the next label is given; `undefined`: decide without learning. */
  readonly labels: (() => boolean) | undefined;
  readonly point: OperatingPoint;
  readonly progress: (done: number) => void;
}

/** Images are encoded in batches outside the timed part, so that the CPU time is that of the network alone. */
function presentAll({ stream, classifier, split, order, count, labels, point, progress }: Presentation): Meter {
  const meter = new Meter(window);
  const size = stream.rows * stream.columns;
  const batch = new Uint8Array(Math.min(count, window) * size);
  for (let done = 0; done < count;) {
    const length = Math.min(window, count - done);
    const truths = Array.from({ length }, (_, k) => {
      const index = Number(order.next().value);
      stream.encode(split, index, batch.subarray(k * size, (k + 1) * size));
      return stream.dataset.classNames[split.labels[index]];
    });
    const given = labels ? truths.map(labels) : [];
    const start = process.cpuUsage();
    for (let k = 0; k < length; k++) {
      const stamp = BigInt(classifier.samples);
      const answer = classifier.decide(batch.subarray(k * size, (k + 1) * size), stamp, point, labels !== undefined);
      meter.add(answer, answer.label === truths[k]);
      if (given[k]) classifier.label(stamp, truths[k]);
    }
    const { user, system } = process.cpuUsage(start);
    meter.addTime(user + system);
    done += length;
    progress(length);
  }
  return meter;
}

function summarise(options: TrainOptions, classifier: OnlineClassifier, train: Meter, test: Meter): TrainResult {
  const unscaled = unscaledEnergy(options.neurons, cmos45);
  const operations = { train: train.operationsPerSample(), infer: test.operationsPerSample() };
  const energyPerSample = { train: joules(operations.train, cmos45), infer: joules(operations.infer, cmos45) };
  const bounds = wilson(test.right, test.samples);
  return {
    accuracy: test.right / test.samples,
    accuracyLow: bounds.low,
    accuracyHigh: bounds.high,
    samples: options.samples,
    testSamples: test.samples,
    neurons: options.neurons,
    neuronsUsed: classifier.neuronsUsed,
    timesteps: options.point.timesteps,
    seed: options.seed,
    policy: 'lean',
    rule: 'expected',
    encoding: 'systematic',
    microsecondsPerSample: { train: train.microsecondsPerSample(), infer: test.microsecondsPerSample() },
    operations,
    energyPerSample,
    energyRatio: { train: unscaled / energyPerSample.train, infer: unscaled / energyPerSample.infer },
    prequential: train.windows,
    weightsHash: classifier.hash(),
  };
}
