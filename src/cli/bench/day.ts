import { Command } from 'commander';
import { writeFileSync } from 'node:fs';
import pc from 'picocolors';
import { checkInteger, checkNumber } from '../../base/errors.js';
import { modeNames } from '../../timestep/modes.js';
import { number } from '../options.js';
import { Progress } from '../progress.js';
import type { DayOptions, DayResult, DayRow } from './day/day-bench.js';

interface Flags {
  readonly dataset: string;
  readonly dataDir?: string;
  readonly target: number;
  readonly cpu: number;
  readonly watts: number;
  readonly neurons: number;
  readonly seed: number;
  readonly short?: true;
  readonly plot?: string;
  readonly json?: true;
}

const examples = `
Examples:
  $ npx topspark bench day
  $ npx topspark bench day --target 0.92 --plot day.svg --json
`;

/** `topspark bench day`: a robot's day in simulated time, under the controller and under simpler rules. */
export function dayBench(): Command {
  return new Command('day')
    .description('A day of battery, charging, labels and a change of the world, replayed in seconds. Needs no ROS.')
    .option('--dataset <name>', 'mnist, fashion-mnist or a folder with the four IDX files', 'mnist')
    .option('--data-dir <folder>', 'where the files of a named set lie, if not in the usual place')
    .option('--target <share>', 'accuracy that is asked for, 0..1', number, 0.9)
    .option('--cpu <ms>', 'CPU time of all but the network per message that is taken [ms]', number, 0.67)
    .option('--watts <W>', 'power of a busy core [W]', number, 5)
    .option('--neurons <N>', 'excitatory neurons, 10..6400', number, 400)
    .option('--seed <n>', 'order of the images, and which are named when', number, 1)
    .option('--short', 'a twelfth of the day with half of the samples named: for a first look')
    .option('--plot <file>', 'write a picture of the day, SVG')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  checkNumber('--target', flags.target, 0, 1);
  checkNumber('--cpu', flags.cpu, 0, 60_000);
  checkNumber('--watts', flags.watts, 0, 10_000);
  checkInteger('--neurons', flags.neurons, 10, 6400);
  checkInteger('--seed', flags.seed, 0, Number.MAX_SAFE_INTEGER - 1);
  const [{ dayBench: bench, daySamples }, { fullDay, shortDay }, { loadDataset }] = await Promise.all([
    import('./day/day-bench.js'),
    import('./day/day-plan.js'),
    import('../../data/dataset.js'),
  ]);
  const { dataset: name, dataDir, neurons, target, seed } = flags;
  const dataset = loadDataset(name, dataDir === undefined ? {} : { directory: dataDir });
  const share = (part: number): number => Math.floor((dataset.train.count * part) / 12);
  const options: DayOptions = {
    ...{ plan: flags.short ? shortDay : fullDay, target, neurons, seed, learned: share(4), measured: share(1) },
    cost: { cpu: flags.cpu / 1000, watts: flags.watts },
  };
  const bar = new Progress('day', daySamples(options), process.stderr);
  const result = bench(dataset, options, (samples) => {
    bar.advance(samples);
  });
  bar.end();
  if (flags.plot !== undefined) {
    const { dayChart } = await import('./day/day-chart.js');
    writeFileSync(flags.plot, await dayChart(result, options.plan));
  }
  process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : describe(result));
}

function describe(result: DayResult): string {
  const { controller, others, unscaled, frames, target } = result;
  const percent = (share: number): string => (Number.isNaN(share) ? '–' : `${(100 * share).toFixed(1)} %`);
  const hours = controller.hours.map(({ from, accuracy, estimate, modes, drift, decisions }, at) => {
    const clock = `${String(Math.floor(from / 3600)).padStart(2, '0')}:${String(Math.floor((from % 3600) / 60)).padStart(2, '0')}`;
    const [mode] = [...modeNames].sort((a, b) => modes[b] - modes[a]);
    const verdict = accuracy >= target ? pc.green(percent(accuracy)) : pc.red(percent(accuracy));
    const [, , dearest] = others;
    const sign = drift ? '  answers became worse' : '';
    return `  ${clock}  ${mode.padEnd(8)}  ${String(decisions).padStart(5)}  ${verdict}  ${percent(estimate)}  ${percent(dearest.hours[at].accuracy)}${sign}`;
  });
  const rows = [controller, ...others].map((row) => describeRow(row));
  return [
    `${pc.bold('a day')} of ${frames} images, target ${percent(target)}`,
    '  from   mode      decided  right   believed  battery alone',
    ...hours,
    '',
    `  ${'strategy'.padEnd(26)}decided   right   below target   network      whole path   FULL BALANCED SAVER CRITICAL [h]`,
    ...rows,
    `  ${'T = 350, unscaled'.padEnd(26)}${String(frames).padStart(7)}       –              –   ${joule(unscaled.networkEnergy)}   ${joule(unscaled.pathEnergy)}`,
    '',
    `  network ${pc.bold(`${result.energyRatioFull.toFixed(0)}×`)} below T = 350; whole path ${pc.bold(`${result.pathRatioDefault.toFixed(2)}×`)} below the default point`,
    `  hours below target although the caps allow a point that reaches it: ${pc.bold(String(result.hoursBelowTarget))}`,
    '',
  ].join('\n');
}

function describeRow({
  name,
  decisions,
  accuracy,
  hoursBelowTarget,
  networkEnergy,
  pathEnergy,
  modeSeconds,
}: DayRow): string {
  const share = `${(100 * accuracy).toFixed(1)} %`;
  const modes = modeNames.map((mode) => (modeSeconds[mode] / 3600).toFixed(1).padStart(5)).join(' ');
  return `  ${name.padEnd(26)}${String(decisions).padStart(7)}  ${share}  ${String(hoursBelowTarget).padStart(5)} hours   ${joule(networkEnergy)}   ${joule(pathEnergy)}   ${modes}`;
}

function joule(energy: number): string {
  const [value, unit] = energy < 1e-3 ? [energy * 1e6, 'µJ'] : energy < 1 ? [energy * 1e3, 'mJ'] : [energy, 'J'];
  return `${value.toPrecision(3)} ${unit}`.padStart(10);
}
