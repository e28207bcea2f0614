import { Command, Option } from 'commander';
import { checkInteger, checkNumber } from 'topspark/base/errors.js';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import { number } from 'topspark/cli/options.js';
import { Progress } from 'topspark/cli/progress.js';
import { accuracyText, spreadOf } from '../reproduction/scope.js';
import { markdownTable } from '../report/markdown-table.js';
import { labelPolicies, type LabelPolicy } from '../training/label-policies.js';
import { pictureEncodings, standardImage, type PictureEncoding } from '../training/picture-encodings.js';
import type { LabelRunResult } from '../training/label-run.js';

interface Flags {
  readonly stream: readonly string[];
  readonly labels: readonly LabelPolicy[];
  readonly then?: LabelPolicy;
  readonly budget: number;
  readonly wrong: number;
  readonly mended?: true;
  readonly changed?: true;
  readonly linear?: true;
  readonly unset?: true;
  readonly seed: readonly number[];
  readonly neurons: number;
  readonly image: PictureEncoding;
  readonly samples?: number;
  readonly quick?: true;
  readonly final?: true;
  readonly json?: true;
}

/** One row: a stream, its labels, and the results. */
export interface LabelRow extends LabelRunResult {
  readonly stream: string;
  readonly labels: LabelPolicy;
  /** How samples are labelled from half way on; absent: as before. */
  readonly then?: LabelPolicy;
  readonly budget: number;
  readonly seed: number;
}

/** Numbers of samples for training and testing, of pictures and of scans. */
const whole = { pictures: [20_000, 10_000], scans: [12_000, 6000] } as const;
const quick = { pictures: [2000, 500], scans: [1200, 600] } as const;

const examples = `
Examples:
  $ npx topspark bench labels --stream mnist --labels random mistakes --seed 1 2 3
  $ npx topspark bench labels --stream world --labels half asked --budget 0.05 --json
  $ npx topspark bench labels --labels random asked --then mistakes --samples 1000000
`;

const firstSeed: readonly number[] = [1];

// Collects the values of a flag; the first value replaces the default.
function list(value: string, before: readonly number[]): readonly number[] {
  return before === firstSeed ? [number(value)] : [...before, number(value)];
}

/** `topspark bench labels`: learning with labels as people give them. */
export function labelsBench(): Command {
  return new Command('labels')
    .description('What is learned where people correct, answer or teach, beside labels drawn at random. Needs no ROS.')
    .option('--stream <names...>', 'mnist, fashion-mnist, each perhaps with -by-2, -permuted, -shifted; world', [
      'mnist',
    ])
    .addOption(
      new Option('--labels <kinds...>', 'which samples get labels')
        .choices(labelPolicies)
        .default(['random', 'mistakes']),
    )
    .addOption(new Option('--then <kind>', 'the same, from half way on').choices(labelPolicies))
    .option('--budget <share>', 'labels per sample at most, 0..1', number, 0.1)
    .option('--wrong <share>', 'share of the labels that name another class, 0..1', number, 0)
    .option('--mended', 'wrong labels come only in the first half')
    .option('--changed', '-permuted and -shifted are changed from the start, for comparison')
    .option('--linear', 'use a linear readout with the votes (network.linear_readout: always)')
    .option('--unset', 'labels do not say why they were given')
    .option('--seed <seeds...>', 'order of the samples and choice of the labels', list, firstSeed)
    .option('--neurons <N>', 'excitatory neurons, 10..6400', number, 400)
    .addOption(
      new Option('--image <encoding>', 'how pictures are read').choices(pictureEncodings).default(standardImage),
    )
    .option('--samples <n>', 'samples that are learned (default: 20,000 pictures or 12,000 scans)', number)
    .option('--quick', 'a tenth of the samples, to see that it works')
    .option('--final', 'test on the test images, not on the last sixth of the training images')
    .option('--json', 'print one JSON array and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const {
    stream: streams,
    labels,
    then,
    budget,
    wrong,
    mended = false,
    changed = false,
    linear = false,
    unset,
    seed: seeds,
    neurons,
    image,
    json,
  } = flags;
  checkNumber('--budget', budget, 0, 1);
  checkNumber('--wrong', wrong, 0, 1);
  for (const seed of seeds) checkInteger('--seed', seed, 0, Number.MAX_SAFE_INTEGER - 1001);
  checkInteger('--neurons', neurons, 10, 6400);
  if (flags.samples !== undefined) checkInteger('--samples', flags.samples, 1, 1e9);
  const { labelledStream } = await import('../training/labelled-streams.js');
  const { labelRun } = await import('../training/label-run.js');
  const sizes = flags.quick ? quick : whole;
  const runs = streams.flatMap((name) => {
    const [standard, tests] = name === 'world' ? sizes.scans : sizes.pictures;
    const samples = flags.samples ?? standard;
    const final = flags.final === true;
    return seeds.flatMap((seed) => {
      const stream = labelledStream(name, { seed, samples, tests, image, final, changed });
      return labels.map((policy) => ({ name, stream, policy, seed, length: samples + tests }));
    });
  });
  const bar = new Progress(
    'labels',
    Math.max(
      1,
      runs.reduce((sum, { length }) => sum + length, 0),
    ),
    process.stderr,
  );
  const point = leanPoint(neurons);
  const rows = runs.map(({ name, stream, policy, seed }): LabelRow => {
    const options = {
      policy,
      ...(then && { then }),
      budget,
      wrong,
      mended,
      kinds: !unset,
      neurons,
      linear,
      point,
      seed,
    };
    const result = labelRun(stream, options, (done) => {
      bar.advance(done);
    });
    return { stream: name, labels: policy, ...(then && { then }), budget, seed, ...result };
  });
  bar.end();
  process.stdout.write(json ? `${JSON.stringify(rows)}\n` : labelTable(rows));
}

/** Formats the table: a line for each stream and kind of labels, over all seeds. */
export function labelTable(rows: readonly LabelRow[]): string {
  const groups = new Map<string, LabelRow[]>();
  for (const row of rows) {
    const key = `${row.stream} ${row.labels}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const cells = [...groups.values()].map((group) => {
    const [{ stream, labels, then, held }] = group;
    const mean = (of: (row: LabelRow) => number): number => spreadOf(group.map(of)).mean;
    const spread = (of: (row: LabelRow) => number | undefined): string => {
      return accuracyText(spreadOf(group.map((row) => of(row) ?? NaN)));
    };
    return [
      ...[stream, then ? `${labels}, then ${then}` : labels, spread(({ accuracy, recall }) => accuracy ?? recall)],
      ...[held === undefined ? '–' : spread((row) => row.held), spread((row) => row.labelShare)],
      group.map(({ alarms }) => alarms).join(' '),
      (mean(({ energyPerSample }) => energyPerSample.infer) * 1e6).toFixed(3),
      mean(({ microsecondsPerSample }) => microsecondsPerSample).toFixed(0),
    ];
  });
  const legend =
    'right: accuracy on the test; of world mean recall, second half. held: recall on another tour. alarms: by seed. ' +
    'energy, CPU: of a decision without learning, without what it takes to encode it';
  const head = ['stream', 'labels', 'right [%]', 'held [%]', 'labels [%]', 'alarms', 'energy [µJ]', 'CPU [µs]'];
  return `${markdownTable(head, cells)}${legend}\n`;
}
