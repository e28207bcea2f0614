import { Random } from 'topspark/base/random.js';
import type { Dataset } from '../datasets/dataset.js';
import { OnlineClassifier } from 'topspark/classifier/online-classifier.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import { worldChange } from './world-change.js';
import type { LifeOptions, LifeStage } from './life-options.js';
import { bounded, effort, type LifeResult, type LifeTest, type StageResult } from './life-result.js';
import { Outcomes } from './outcomes.js';
import { presentSamples } from './present-samples.js';
import { SampleStream, orderOf } from './sample-stream.js';

const reachedShare = 0.8;
const reachedWindow = 1000;
const recoveredWithin = 0.03;
const recoveredWindow = 500;

/**
 * Runs all stages of a scenario.
 *
 * @param progress - called with the number of samples done since the last call, learning and tests together
 * @throws {@link TopsparkError} `out_of_range` naming the option
 */
export function lifeRun(dataset: Dataset, options: LifeOptions, progress: (done: number) => void): LifeResult {
  const { neurons, seed, timed } = options;
  const stream = new SampleStream(dataset, options.image);
  const { rows, columns } = stream;
  const classes = Math.max(2, dataset.classNames.length);
  const kind = timed ? { polarity: false, timed: { ...timed, seed } } : { polarity: stream.polarity };
  const classifier = new OnlineClassifier({ neurons, classes, rows, columns, ...kind });
  const order = orderOf(dataset, new Random(seed));
  // A generator of its own, so that the choice of labels does not depend on where stages end.
  const draws = new Random(-1 - seed);
  const labels = (): boolean => draws.uniform() < options.labels;
  const common = { stream, classifier, progress };
  const stages: StageResult[] = [];
  for (const stage of options.stages) {
    const { samples, point } = stage;
    const outcomes = new Outcomes(samples);
    const alarms = classifier.alarms;
    const change = stage.change && worldChange(stage.change, dataset, seed);
    const meter = presentSamples({
      ...common,
      point,
      change,
      labels,
      learn: options.learn,
      split: dataset.train,
      order: stage.classes ? only(order, dataset.train.labels, stage.classes) : order,
      count: samples,
      answered: (_, right) => {
        outcomes.add(right);
      },
    });
    const before = stages.at(-1)?.last;
    const reached = outcomes.samplesUntil(reachedShare, reachedWindow);
    const recovered = before && outcomes.samplesUntil(before - recoveredWithin, recoveredWindow);
    stages.push({
      samples,
      first: outcomes.first(500),
      last: outcomes.last(2000),
      prequential: meter.windows,
      ...(reached !== undefined && { reached }),
      ...(recovered !== undefined && { recovered }),
      alarms: classifier.alarms - alarms,
      neuronsUsed: classifier.neuronsUsed,
      ...effort(meter, timed !== undefined),
      tests: (stage.tests ?? []).map((at) => test({ ...common, change }, at, timed !== undefined)),
    });
  }
  return { stages, weightsHash: classifier.hash() };
}

type Frozen = Pick<Parameters<typeof presentSamples>[0], 'stream' | 'classifier' | 'progress' | 'change'>;

function test(frozen: Frozen, point: OperatingPoint, timed: boolean): LifeTest {
  const split = frozen.stream.dataset.test;
  let steps = 0;
  let withoutSteps = 0;
  const meter = presentSamples({
    ...frozen,
    point,
    split,
    order: Array(split.count).keys(),
    count: split.count,
    answered: ({ timestepsRun }) => {
      steps += timestepsRun;
      withoutSteps += Number(timestepsRun === 0);
    },
  });
  return {
    point,
    ...bounded(meter),
    steps: steps / split.count,
    withoutSteps: withoutSteps / split.count,
    ...effort(meter, timed),
  };
}

// The part of an order whose classes occur.
function* only(
  order: Iterator<number, never>,
  labels: Uint8Array,
  [first, end]: NonNullable<LifeStage['classes']>,
): Generator<number, never> {
  for (;;) {
    const { value } = order.next();
    const label = labels[value];
    if (label >= first && label < end) yield value;
  }
}
