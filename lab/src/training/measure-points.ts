import { Random } from 'topspark/base/random.js';
import { wilson } from 'topspark/accuracy/wilson.js';
import { costTable, frontEndJoules, joules } from 'topspark/energy/energy-account.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import { givenLabels } from './given-labels.js';
import { presentSamples } from './present-samples.js';
import type { ProfilePoint } from 'topspark/timestep/controller/profile.js';
import { embeddingEncoding } from 'topspark/sensing/image/image-sensor.js';
import { TopsparkError } from 'topspark/base/errors.js';
import { orderOf, SampleStream } from './sample-stream.js';
import { Tally } from './tally.js';
import type { TrainOptions } from './train-options.js';
import type { TrainOutcome } from './train-run.js';

/** An operating point with its exits, measured on the trained network. */
export interface ExitPoint extends ProfilePoint {
  /** Mean timesteps that were run. */
  readonly timestepsRun: number;
  /** Share of the samples whose decision ended before the last timestep. */
  readonly early: number;
}

/** Samples learned at a point to measure what learning costs there. */
const costSamples = 1000;

/** The same network serves all resolutions; only its data set is read at the resolution of the point. */
function seenAt(stream: SampleStream, { resolution }: OperatingPoint): SampleStream {
  const { seen } = stream.dataset;
  if (resolution === undefined) return stream;
  if (seen?.resolutions.includes(resolution)) return new SampleStream(seen.at(resolution), embeddingEncoding);
  const expected =
    seen === undefined ? 'none: no prepared model sees its pictures' : `one of ${seen.resolutions.join(', ')}`;
  const found = `the operating point of ${stream.dataset.name} has the resolution ${resolution}`;
  throw new TopsparkError('out_of_range', 'usage', `${found}, expected ${expected}`);
}

/**
 * Measures one trained network at operating points. It decides the test split frozen, then learns up to a thousand more
 * samples to measure the cost of learning. Each point starts from the state after training.
 *
 * @param progress - called with the number of samples done since the last call
 * @throws {@link TopsparkError} `out_of_range` naming the field of a point
 */
export function measurePoints(
  { classifier, stream: trainedOn }: Pick<TrainOutcome, 'classifier' | 'stream'>,
  options: TrainOptions,
  points: readonly OperatingPoint[],
  progress: (done: number) => void,
): readonly { readonly measured: ExitPoint; readonly confusion: Tally['confusion'] }[] {
  const table = costTable(options.timed !== undefined);
  const trained = classifier.snapshot();
  return points.map((point) => {
    const stream = seenAt(trainedOn, point);
    const { dataset } = stream;
    const count = Math.min(options.testSamples, dataset.test.count);
    const common = { stream, classifier, point, progress };
    const tally = new Tally(dataset.classNames, point.timesteps);
    const order = Array(count).keys();
    const answered = tally.add.bind(tally);
    const test = presentSamples({ ...common, split: dataset.test, order, count, answered });
    const random = new Random(options.seed);
    const train = presentSamples({
      ...common,
      split: dataset.train,
      order: orderOf(dataset, random),
      count: Math.min(costSamples, options.samples),
      labels: givenLabels(options, random),
    });
    classifier.restore(trained);
    const bounds = wilson(test.right, test.samples);
    const operations = { train: train.operationsPerSample(), infer: test.operationsPerSample() };
    const looking = operations.infer.frontEndMicroseconds;
    const measured = {
      point,
      samples: test.samples,
      accuracy: test.right / test.samples,
      accuracyLow: bounds.low,
      accuracyHigh: bounds.high,
      recall: tally.recall,
      energy: { train: joules(operations.train, table), infer: joules(operations.infer, table) },
      frontEndEnergy: frontEndJoules(operations.infer, table),
      latency: {
        train: (train.microsecondsPerSample() + looking) * 1e-6,
        infer: (test.microsecondsPerSample() + looking) * 1e-6,
      },
      ...(looking > 0 && { frontEndLatency: looking * 1e-6 }),
      timestepsRun: tally.timestepsRun,
      early: tally.early,
    };
    return { measured, confusion: tally.confusion };
  });
}
