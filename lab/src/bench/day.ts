import { Command, Option } from 'commander';
import { checkInteger, checkNumber } from 'topspark/base/errors.js';
import { number } from 'topspark/cli/options.js';
import { checkOutput, writeOutput } from 'topspark/cli/output-file.js';
import { Progress } from 'topspark/cli/progress.js';
import type { DayOptions } from './day/day-bench.js';
import { dayLabels, type DayLabels } from './day/day-plan.js';

interface Flags {
  readonly dataset: string;
  readonly dataDir?: string;
  readonly target: number;
  readonly cpu: number;
  readonly watts: number;
  readonly neurons: number;
  readonly seed: number;
  readonly mission?: true;
  readonly deadline: number;
  readonly short?: true;
  readonly labels: DayLabels;
  readonly plot?: string;
  readonly json?: true;
}

const examples = `
Examples:
  $ npx topspark bench day
  $ npx topspark bench day --target 0.92 --plot day.svg --json
  $ npx topspark bench day --mission --deadline 15
`;

/** `topspark bench day`: a robot's day in simulated time, under the controller and under simpler rules. */
export function dayCommand(): Command {
  return new Command('day')
    .description('A day of battery, charging, labels and a change of the world, replayed in seconds. Needs no ROS.')
    .option('--dataset <name>', 'mnist, fashion-mnist or a folder with the four IDX files', 'mnist')
    .option('--data-dir <folder>', 'where the files of a named set lie, if not in the usual place')
    .option('--target <share>', 'target accuracy, 0..1', number, 0.9)
    .option('--cpu <ms>', 'CPU time of a taken message, without the network [ms]', number, 0.67)
    .option('--watts <W>', 'power of a busy core [W]', number, 5)
    .option('--neurons <N>', 'excitatory neurons, 10..6400', number, 400)
    .option('--seed <n>', 'order of the images and choice of labels', number, 1)
    .addOption(new Option('--labels <kind>', 'which samples get labels').choices(dayLabels).default('random'))
    .option('--mission', 'add days on a small battery, with and without a plan to end with 20 % of it')
    .option('--deadline <ms>', 'add days on a slow processor, with and without this deadline; 0: none', number, 0)
    .option('--short', 'a twelfth of the day, with labels for half of the samples: for a first look')
    .option('--plot <file>', 'write a picture of the day, SVG')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  checkNumber('--target', flags.target, 0, 1);
  checkNumber('--cpu', flags.cpu, 0, 60_000);
  checkNumber('--watts', flags.watts, 0, 10_000);
  checkNumber('--deadline', flags.deadline, 0, 60_000);
  checkInteger('--neurons', flags.neurons, 10, 6400);
  checkInteger('--seed', flags.seed, 0, Number.MAX_SAFE_INTEGER - 1);
  if (flags.plot !== undefined) checkOutput('--plot', flags.plot);
  const [{ dayBench: bench, daySamples }, { fullDay, shortDay }, { dayText }, { loadDataset }] = await Promise.all([
    import('./day/day-bench.js'),
    import('./day/day-plan.js'),
    import('./day/day-text.js'),
    import('../datasets/dataset.js'),
  ]);
  const { dataset: name, dataDir, neurons, target, seed } = flags;
  const dataset = loadDataset(name, dataDir === undefined ? {} : { directory: dataDir });
  const share = (part: number): number => Math.floor((dataset.train.count * part) / 12);
  const plan = { ...(flags.short ? shortDay : fullDay), labelling: flags.labels };
  const options: DayOptions = {
    ...{ plan, target, neurons, seed, learned: share(4), measured: share(1) },
    ...{ mission: flags.mission === true, deadline: flags.deadline / 1000 },
    cost: { cpu: flags.cpu / 1000, watts: flags.watts },
  };
  const bar = new Progress('day', daySamples(options), process.stderr);
  const result = bench(dataset, options, (samples) => {
    bar.advance(samples);
  });
  bar.end();
  if (flags.plot !== undefined) {
    const { dayChart } = await import('./day/day-chart.js');
    writeOutput('--plot', flags.plot, await dayChart(result, options.plan));
  }
  process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : dayText(result));
}
