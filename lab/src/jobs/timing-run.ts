import { Random } from 'topspark/base/random.js';
import type { Dataset } from '../datasets/dataset.js';
import { OnlineClassifier } from 'topspark/classifier/online-classifier.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import { presentSamples } from '../training/present-samples.js';
import { SampleStream, shuffled } from '../training/sample-stream.js';
import type { TimedTraining } from '../training/train-options.js';

/** One way to present samples, which is timed against others. */
export interface TimedWay {
  readonly neurons: number;
  readonly point: OperatingPoint;
  /** Operating point of decisions, if it differs. */
  readonly decide?: OperatingPoint;
  /** Spikes in time instead of lean. */
  readonly timed?: Omit<TimedTraining, 'labelSamples'>;
}

/** CPU time of several ways. They are measured in turns, so that other load on the machine affects all of them. */
export interface TimingOptions {
  readonly ways: readonly TimedWay[];
  /** Samples that each network learns before it is timed. */
  readonly learned: number;
  /** Number of rounds of 100 samples, first of learning and then of deciding. */
  readonly rounds: number;
}

/** CPU time per sample [µs] of each way, in the order of the ways: the median over the rounds. */
export interface TimingResult {
  readonly ways: readonly { readonly train: number; readonly infer: number }[];
}

const chunk = 100;

/** Times ways against each other on plain intensities with all labels. */
export function timingRun(dataset: Dataset, { ways, learned, rounds }: TimingOptions): TimingResult {
  const stream = new SampleStream(dataset, 'plain');
  const { rows, columns } = stream;
  const classes = dataset.classNames.length;
  const runners = ways.map(({ neurons, point, decide = point, timed }) => {
    const kind = timed ? { polarity: false, timed: { ...timed, seed: 1 } } : { polarity: stream.polarity };
    const classifier = new OnlineClassifier({ neurons, classes, rows, columns, ...kind });
    const common = { stream, classifier, progress: (): void => undefined };
    const order = shuffled(dataset.train.count, new Random(1));
    const testOrder = shuffled(dataset.test.count, new Random(2));
    return {
      train: (count: number): number =>
        presentSamples({
          ...common,
          point,
          split: dataset.train,
          order,
          count,
          labels: () => true,
        }).microsecondsPerSample(),
      infer: (): number =>
        presentSamples({
          ...common,
          point: decide,
          split: dataset.test,
          order: testOrder,
          count: chunk,
        }).microsecondsPerSample(),
    };
  });
  for (const { train } of runners) train(learned);
  const times = (measure: (runner: (typeof runners)[number]) => number): number[][] => {
    const all = runners.map((): number[] => []);
    for (let round = 0; round < rounds; round++) runners.forEach((runner, k) => all[k].push(measure(runner)));
    return all;
  };
  const train = times((runner) => runner.train(chunk));
  const infer = times((runner) => runner.infer());
  return { ways: ways.map((_, k) => ({ train: median(train[k]), infer: median(infer[k]) })) };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
