import { Command } from 'commander';
import { checkInteger, checkNumber } from 'topspark/base/errors.js';
import { number } from 'topspark/cli/options.js';
import { Progress } from 'topspark/cli/progress.js';
import type { RosSoakResult } from './soak/soak-over-ros.js';
import type { LifeFigures } from './soak/life-watch.js';
import type { SoakResult } from './soak/soak-run.js';

interface SoakFlags {
  readonly samples: number;
  readonly seed: number;
  readonly ros?: true;
  readonly rate: number;
  readonly json?: true;
}

/** `topspark bench soak`: a long run, and its resources at the end. */
export function soakBench(): Command {
  return new Command('soak')
    .description('Send the agent images and labels for a long time: growth of memory, what is left over, loop delay.')
    .option('--samples <n>', 'images in all', number, 1_000_000)
    .option('--seed <n>', 'of images and labels', number, 1)
    .option('--ros', 'the whole node, images from another process over real ROS 2; needs a sourced ROS 2')
    .option('--rate <hz>', 'images a second, with --ros', number, 800)
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx topspark bench soak --samples 100000\n  $ npx topspark bench soak --ros --samples 200000\n',
    )
    .action(run);
}

async function run({ samples, seed, ros, rate, json }: SoakFlags): Promise<void> {
  checkInteger('--samples', samples, 1000, 1e10);
  checkInteger('--seed', seed, 0, Number.MAX_SAFE_INTEGER);
  checkNumber('--rate', rate, 1, 2000);
  if (ros) {
    const { soakOverRos } = await import('./soak/soak-over-ros.js');
    const bar = new Progress('soak', samples, process.stderr);
    const result = await soakOverRos(samples, rate, bar.advance.bind(bar));
    bar.end();
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : describeRos(result));
    return;
  }
  const { soak } = await import('./soak/soak-run.js');
  const bar = new Progress('soak', samples, process.stderr);
  const result = await soak(samples, seed, bar.advance.bind(bar));
  bar.end();
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : describe(result));
}

function describe(result: SoakResult): string {
  const { samples, decided, labelled, timersLeft } = result;
  const counts = `${samples} samples: ${decided} decided, ${labelled} labelled`;
  return [counts, ...describeLife(result), `left over               ${timersLeft} timers`, ''].join('\n');
}

function describeRos(result: RosSoakResult): string {
  const { sent, rate, taken, decided, labelled, left, timersLeft } = result;
  const { subscriptions, publishers, services, timers } = left;
  return [
    `${sent} images at ${rate} a second: ${taken} taken, ${decided} decided, ${labelled} labelled`,
    ...describeLife(result),
    `left over               ${subscriptions} subscriptions, ${publishers} publishers, ${services} services, ${timers} timers of the node, ${timersLeft} others`,
    '',
  ].join('\n');
}

function describeLife({ memoryAfterWarmUp: warm, memoryAtEnd: end, memoryMost: most, ...life }: LifeFigures): string[] {
  const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  const milliseconds = (time: number): string => `${(1000 * time).toFixed(1)} ms`;
  return [
    `memory                  ${mib(warm)} after a tenth, ${mib(end)} at the end (${mib(end - warm)}), at most ${mib(most)}`,
    `event loop late         p99 ${milliseconds(life.loopDelayP99)}  max ${milliseconds(life.loopDelayMost)}`,
  ];
}
