import { Command, Option } from 'commander';
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
import { fleetLaser, laserDrives } from './fleet-laser.js';
import { poisonRuns } from './fleet-poison.js';
import { fleetScales } from './fleet-scale.js';
import { markdownTable } from '../report/markdown-table.js';
import { presentSamples } from '../training/present-samples.js';
import { SampleStream } from '../training/sample-stream.js';

// Ten robots share what they learned. Each has met one class only, with labels. One of them merges everything. The
// comparison is a network that saw the same samples of all classes, in a shuffled order. Both have N neurons.

/** Parts that can be measured. */
const parts = ['classes', 'poison', 'laser', 'scale'] as const;

interface Flags {
  readonly part: (typeof parts)[number];
  readonly sets: string;
  readonly neurons: string;
  readonly samples: number;
  readonly budget: number;
  readonly minutes: number;
  readonly seed: number;
  readonly final?: true;
  readonly json?: true;
}

/** Shares of right answers, 0..1, by data set and by N. */
export type AccuracyBySize = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Output of `topspark bench fleet`. */
export interface FleetBenchResult {
  readonly merged: AccuracyBySize;
  readonly sawAll: AccuracyBySize;
  /** Mean number of bytes that one robot shares: its chunks. */
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
  $ npx topspark bench fleet --part poison --sets mnist --neurons 400 --samples 1000
  $ npx topspark bench fleet --part laser --minutes 20 --seed 1
  $ npx topspark bench fleet --part scale
`;

/** `topspark bench fleet`: a merged network beside one that saw everything. */
export function fleetBench(): Command {
  return new Command('fleet')
    .description('Robots that were each taught one class, merged, beside one network that saw all. Needs no ROS.')
    .addOption(
      new Option(
        '--part <name>',
        'one class a robot; shuffled evidence; a laser in two buildings; 10, 100 and 1,000 robots',
      )
        .choices(parts)
        .default('classes'),
    )
    .option('--sets <names>', 'of mnist and fashion-mnist', 'mnist,fashion-mnist')
    .option('--neurons <list>', 'excitatory neurons, 10..6400, separated by commas', '400,1600')
    .option('--samples <n>', 'that each robot sees', number, 2000)
    .option('--budget <share>', 'labels per sample, drawn at random, 0..1', number, 0.1)
    .option('--seed <n>', 'order of the samples, choice of labels', number, 1)
    .option('--minutes <n>', 'of each drive of the laser', number, 20)
    .option('--final', 'test on the test images, not on the last sixth of the training images')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

function run(flags: Flags): void {
  const { neurons, samples, budget, seed, json } = flags;
  checkInteger('--seed', seed, 0, 2 ** 32);
  const [size] = neurons.split(',').map(Number);
  checkInteger('--neurons', size, 10, 6400);
  switch (flags.part) {
    case 'classes':
      runClasses(flags);
      return;
    case 'poison': {
      checkInteger('--samples', samples, 10, 5000);
      checkNumber('--budget', budget, 0, 1);
      const bar = new Progress('poison', 6, process.stderr);
      const options = { set: flags.sets.split(',')[0], neurons: size, samples, budget, seed, tests: 2000 };
      const poison = poisonRuns(options, () => {
        bar.advance(1);
      });
      bar.end();
      const rows = poison.map(({ poisoned, refused, soundRefused, alone, tried, untried }) => [
        ...[String(poisoned), String(refused), String(soundRefused)],
        ...[alone, tried, untried].map((share) => (100 * share).toFixed(1)),
      ]);
      const head = ['poisoned of 10', 'refused', 'sound refused', 'alone [%]', 'tried [%]', 'untried [%]'];
      process.stdout.write(json ? `${JSON.stringify({ poison, ...options })}\n` : markdownTable(head, rows));
      return;
    }
    case 'laser': {
      checkNumber('--budget', budget, 0, 1);
      checkNumber('--minutes', flags.minutes, 0.1, 10_000);
      const bar = new Progress('laser', laserDrives, process.stderr);
      const options = { seed, neurons: size, duration: 60 * flags.minutes, labels: budget };
      const laser = fleetLaser(options, () => {
        bar.advance(1);
      });
      bar.end();
      const rows = Object.entries(laser).map(([name, recall]) => [name, (100 * recall).toFixed(1)]);
      process.stdout.write(
        json ? `${JSON.stringify({ laser, ...options })}\n` : markdownTable(['drive', 'recall [%]'], rows),
      );
      return;
    }
    case 'scale': {
      const scale = fleetScales([10, 100, 1000], usualShare);
      const rows = scale.map(({ robots, bytes, subnet, server, kept }) => [
        ...[String(robots), (bytes / 1e6).toFixed(1), subnet === null ? 'no room' : (subnet / 60).toFixed(0)],
        ...[(server / 60).toFixed(0), (kept / 1e6).toFixed(0)],
      ]);
      const head = ['robots', 'MB each receives', 'subnet [min]', 'server [min]', 'MB on the server'];
      process.stdout.write(json ? `${JSON.stringify({ scale, ...usualShare })}\n` : markdownTable(head, rows));
    }
  }
}

/** Measured: bytes of a robot with 400 neurons, and the default of `fleet.rate` [byte/s]. */
const usualShare = { bytes: 370_000, rate: 8000 };

function runClasses({ sets, neurons, samples, budget, seed, final, json }: Flags): void {
  checkInteger('--samples', samples, 10, 1_000_000);
  checkNumber('--budget', budget, 0, 1);
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
