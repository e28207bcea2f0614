import { Command } from 'commander';
import { checkInteger, checkNumber, TopsparkError } from 'topspark/base/errors.js';
import { Random } from 'topspark/base/random.js';
import { atOnce } from 'topspark/base/slices.js';
import { number } from 'topspark/cli/options.js';
import { Progress } from 'topspark/cli/progress.js';
import { OnlineClassifier } from 'topspark/classifier/online-classifier.js';
import { Contributions } from 'topspark/fleet/contributions.js';
import { mergeFleet } from 'topspark/fleet/merge.js';
import { contributionOf } from 'topspark/fleet/own-contribution.js';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import { loadDataset, type Dataset, type Split } from '../datasets/dataset.js';
import { markdownTable } from '../report/markdown-table.js';
import { presentSamples } from '../training/present-samples.js';
import { SampleStream } from '../training/sample-stream.js';

// Ten robots, each of which meets and is taught one class only, share what they learned. One of them merges it. Beside it
// stands one network that saw the same samples of all classes, in a shuffled order. Both have N neurons.

interface Flags {
  readonly sets: string;
  readonly neurons: string;
  readonly samples: number;
  readonly budget: number;
  readonly seed: number;
  readonly final?: true;
  readonly json?: true;
}

/** Shares of right answers by data set, and by N. */
export type AccuracyBySize = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What `topspark bench fleet` prints. */
export interface FleetBenchResult {
  readonly merged: AccuracyBySize;
  readonly sawAll: AccuracyBySize;
  /** Bytes that one robot shares, in the mean: its chunks. */
  readonly bytes: AccuracyBySize;
  readonly seed: number;
  /** Samples that each robot saw. */
  readonly samples: number;
  readonly budget: number;
}

const examples = `
Examples:
  $ npx topspark bench fleet
  $ npx topspark bench fleet --sets mnist --neurons 400 --seed 2 --json
`;

/** `topspark bench fleet`: a merged network beside one that saw all. */
export function fleetBench(): Command {
  return new Command('fleet')
    .description('Robots that were each taught one class, merged, beside one network that saw all. Needs no ROS.')
    .option('--sets <names>', 'of mnist and fashion-mnist', 'mnist,fashion-mnist')
    .option('--neurons <list>', 'excitatory neurons, 10..6400, separated by commas', '400,1600')
    .option('--samples <n>', 'that each robot sees', number, 2000)
    .option('--budget <share>', 'labels per sample, drawn at random, 0..1', number, 0.1)
    .option('--seed <n>', 'order of the samples, choice of labels', number, 1)
    .option('--final', 'test on the test images, not on the last sixth of the training images')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

function run({ sets, neurons, samples, budget, seed, final, json }: Flags): void {
  checkInteger('--samples', samples, 10, 1_000_000);
  checkNumber('--budget', budget, 0, 1);
  checkInteger('--seed', seed, 0, Number.MAX_SAFE_INTEGER);
  const sizes = neurons.split(',').map(Number);
  for (const size of sizes) checkInteger('--neurons', size, 10, 6400);
  const names = sets.split(',');
  const strange = names.find((name) => !['mnist', 'fashion-mnist'].includes(name));
  if (strange !== undefined) {
    throw new TopsparkError('usage', 'usage', `--sets has ${strange}, expected some of mnist, fashion-mnist`);
  }
  const loaded = names.map((name) => loadDataset(name));
  const robots = loaded.map(({ classNames }) => classNames.length);
  const work = robots.reduce((sum, count) => sum + 2 * count * samples, 0);
  const bar = new Progress('fleet', sizes.length * work, process.stderr);
  const found = { merged: {}, sawAll: {}, bytes: {} } as Record<'merged' | 'sawAll' | 'bytes', Writable>;
  try {
    for (const [k, dataset] of loaded.entries()) {
      for (const size of sizes) {
        const result = fleetRun(dataset, { neurons: size, samples, budget, seed, final: final === true }, (done) => {
          bar.advance(done);
        });
        for (const what of ['merged', 'sawAll', 'bytes'] as const) {
          (found[what][names[k]] ??= {})[String(size)] = result[what];
        }
      }
    }
  } finally {
    bar.end();
  }
  const result: FleetBenchResult = { ...found, seed, samples, budget };
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : table(result));
}

type Writable = Record<string, Record<string, number>>;

interface FleetRunOptions {
  readonly neurons: number;
  readonly samples: number;
  readonly budget: number;
  readonly seed: number;
  readonly final: boolean;
}

function fleetRun(
  dataset: Dataset,
  { neurons, samples, budget, seed, final }: FleetRunOptions,
  progress: (done: number) => void,
): { readonly merged: number; readonly sawAll: number; readonly bytes: number } {
  const stream = new SampleStream(dataset, 'edges');
  const { rows, columns, polarity } = stream;
  const { classNames, train } = dataset;
  const point = leanPoint(neurons);
  const fresh = (): OnlineClassifier =>
    new OnlineClassifier({ neurons, rows, columns, polarity, classes: classNames.length });
  const learned = final ? train.count : Math.floor((train.count * 5) / 6);
  const random = new Random(seed);
  const order = [...random.permutation(learned)];
  const ofClass = classNames.map((_, c) => {
    const all = order.filter((index) => train.labels[index] === c);
    return Array.from({ length: samples }, (_each, k) => all[k % all.length]);
  });
  const teach = (classifier: OnlineClassifier, indices: readonly number[], count = indices.length): void => {
    const common = { stream, classifier, point, split: train, order: indices.values(), count, progress };
    presentSamples({ ...common, labels: () => random.uniform() < budget });
  };
  const right = (classifier: OnlineClassifier): number => {
    const split: Split = final ? dataset.test : train;
    const from = final ? 0 : learned;
    const count = split.count - from;
    const indices = Array.from({ length: count }, (_, k) => from + k).values();
    const common = { stream, classifier, point, split, order: indices, count };
    return presentSamples({ ...common, progress: () => undefined }).right / count;
  };
  const fleet = ofClass.map((indices) => {
    const robot = fresh();
    teach(robot, indices);
    return robot.snapshot();
  });
  let set = Contributions.none;
  let bytes = 0;
  for (const [k, snapshot] of fleet.entries()) {
    const contribution = atOnce(contributionOf(snapshot, { robot: `robot${k}`, version: 1, when: 0 }));
    bytes += contribution.manifest.chunks.reduce((sum, each) => sum + each.bytes, 0) / fleet.length;
    set = set.with(contribution);
  }
  const taker = fresh();
  taker.restore(atOnce(mergeFleet(fleet[0], set, 'robot0')).snapshot);
  const all = ofClass.flat();
  const one = fresh();
  teach(
    one,
    [...random.permutation(all.length)].map((k) => all[k]),
  );
  return { merged: right(taker), sawAll: right(one), bytes };
}

function table({ merged, sawAll, bytes, samples, budget, seed }: FleetBenchResult): string {
  const percent = (share: number): string => (100 * share).toFixed(1);
  const rows = Object.entries(merged).flatMap(([name, sizes]) =>
    Object.entries(sizes).map(([size, share]) => [
      ...[name, size, percent(sawAll[name][size]), percent(share)],
      ...[(100 * (share - sawAll[name][size])).toFixed(1), (bytes[name][size] / 1e6).toFixed(2)],
    ]),
  );
  const head = ['set', 'N', 'saw all [%]', 'merged [%]', 'difference', 'MB a robot'];
  const title = `${samples} samples a robot, ${percent(budget)} % of them labelled, seed ${seed}`;
  return `${title}\n\n${markdownTable(head, rows)}`;
}
