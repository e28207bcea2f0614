import { Command, Option } from 'commander';
import { checkInteger } from 'topspark/base/errors.js';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import { accuracyText, spreadOf } from '../reproduction/scope.js';
import { markdownTable } from '../report/markdown-table.js';
import { number } from 'topspark/cli/options.js';
import { Progress } from 'topspark/cli/progress.js';

interface Flags {
  readonly samples: number;
  readonly neurons: number;
  readonly seeds: number;
  readonly only?: string;
  readonly validation?: true;
  readonly json?: true;
}

/**
 * One run that learns every sample, or only novel ones. Shares 0..1; energy [J] and CPU time [µs] of learning per
 * sample.
 */
export interface LearnedLife {
  readonly accuracy: number;
  readonly energy: number;
  readonly microseconds: number;
  readonly familiar: number;
}

/** The runs of one row, in the order of the seeds. */
export interface NovelRow {
  readonly what: string;
  readonly labels: number;
  readonly all: readonly LearnedLife[];
  readonly novel: readonly LearnedLife[];
}

const sets = ['mnist', 'fashion-mnist'];
const shares = [1, 0.1, 0.01];
const minutes = 20;
const scansPerSecond = 10;

const examples = `
Examples:
  $ npx topspark bench novel
  $ npx topspark bench novel --validation --samples 60000 --seeds 1
`;

/** `topspark bench novel`: savings and cost of learning only what is novel, compared with learning everything. */
export function novelBench(): Command {
  return new Command('novel')
    .description('Learn only what is novel, beside learning every sample: accuracy, energy, CPU time. Needs no ROS.')
    .option('--samples <n>', 'training images', number, 20_000)
    .option('--neurons <N>', 'excitatory neurons, 10..6400', number, 400)
    .option('--seeds <n>', 'seeds 1 to n', number, 3)
    .addOption(
      new Option('--only <samples>', 'one kind of samples; the laser takes longest').choices([...sets, 'laser']),
    )
    .option('--validation', 'test on the last 10,000 training images, which are then not learned')
    .option('--json', 'print one JSON array and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

async function run({ samples, neurons, seeds, only, validation, json }: Flags): Promise<void> {
  checkInteger('--samples', samples, 1, 1e9);
  checkInteger('--neurons', neurons, 10, 6400);
  checkInteger('--seeds', seeds, 1, 1000);
  const { loadDataset } = await import('../datasets/dataset.js');
  const { holdOut } = await import('../datasets/hold-out.js');
  const { trainRun } = await import('../training/train-run.js');
  const { placeRun } = await import('../world/place-run.js');
  const point = leanPoint(neurons);
  // All sets are loaded first, so that a missing one is reported at once and not after minutes.
  const datasets = sets.filter((each) => (only ?? each) === each).map((name) => ({ name, whole: loadDataset(name) }));
  const rows: NovelRow[] = [];
  const bar = new Progress('novel', (only === undefined ? 3 : 1) * shares.length * seeds * 2, process.stderr);
  const nothing = (): void => undefined;
  // Both ways take turns on every seed, so that other load on the machine affects both.
  const row = (what: string, labels: number, live: (seed: number, learn?: 'novel') => LearnedLife): void => {
    const all: LearnedLife[] = [];
    const novel: LearnedLife[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      all.push(live(seed));
      novel.push(live(seed, 'novel'));
      bar.advance(2);
    }
    rows.push({ what, labels, all, novel });
  };
  for (const { name, whole } of datasets) {
    const dataset = validation ? holdOut(whole) : whole;
    const common = { neurons, point, samples, testSamples: dataset.test.count, image: 'contrast' } as const;
    for (const labels of shares) {
      row(name, labels, (seed, learn) => {
        const { result } = trainRun(dataset, { ...common, labels, seed, ...(learn && { learn }) }, nothing);
        const { accuracy, energyPerSample, microsecondsPerSample, familiar = 0 } = result;
        return { accuracy, energy: energyPerSample.train, microseconds: microsecondsPerSample.train, familiar };
      });
    }
  }
  const drive = { neurons, point, duration: 60 * minutes, rate: scansPerSecond };
  for (const labels of (only ?? 'laser') === 'laser' ? shares : []) {
    row('laser', labels, (seed, learn) => {
      const { result } = placeRun({ ...drive, labels, seed, ...(learn && { learn }) }, nothing);
      const { recall, energyPerSample, familiar } = result;
      return { accuracy: recall, energy: energyPerSample, microseconds: NaN, familiar };
    });
  }
  bar.end();
  process.stdout.write(json ? `${JSON.stringify(rows)}\n` : describe(rows));
}

/** Formats the table. */
export function describe(rows: readonly NovelRow[]): string {
  const head = ['samples', 'labels', 'all', 'novel', 'difference', 'µJ', 'energy', 'µs', 'CPU', 'not learned'];
  const body = rows.map(({ what, labels, all, novel }) => {
    const energies = [all, novel].map((lives) => mean(lives, 'energy') * 1e6);
    const times = [all, novel].map((lives) => mean(lives, 'microseconds'));
    const accuracies = [all, novel].map((lives) => lives.map(({ accuracy }) => accuracy));
    const differences = all.map(({ accuracy }, k) => novel[k].accuracy - accuracy);
    return [
      ...[what, `${100 * labels} %`, ...accuracies.map(spread), spread(differences)],
      ...[energies.map((value) => value.toFixed(3)).join(' → '), change(energies)],
      ...(times.some(Number.isNaN) ? ['–', '–'] : [times.map((value) => value.toFixed(1)).join(' → '), change(times)]),
      `${(100 * mean(novel, 'familiar')).toFixed(0)} %`,
    ];
  });
  const legend =
    'all and novel: accuracy in percent ± standard deviation over the seeds; laser: mean recall, second half';
  return `${markdownTable(head, body)}${legend}\n`;
}

function mean(lives: readonly LearnedLife[], what: keyof LearnedLife): number {
  return spreadOf(lives.map((life) => life[what])).mean;
}

const spread = (shares: readonly number[]): string => accuracyText(spreadOf(shares));

const change = ([before, after]: readonly number[]): string => `${(100 * (after / before - 1)).toFixed(0)} %`;
