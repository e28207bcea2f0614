import { Command } from 'commander';
import { checkInteger } from '../../base/errors.js';
import { number } from '../options.js';
import { Progress } from '../progress.js';
import type { SoakResult } from './soak/run.js';

interface SoakFlags {
  readonly samples: number;
  readonly seed: number;
  readonly json?: true;
}

/** `topspark bench soak`: a long life, and what is left of it. */
export function soakBench(): Command {
  return new Command('soak')
    .description('Send the agent images and labels for a long time: growth of memory, what is left over, loop delay.')
    .option('--samples <n>', 'images in all', number, 1_000_000)
    .option('--seed <n>', 'of images and labels', number, 1)
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', '\nExample:\n  $ npx topspark bench soak --samples 100000\n')
    .action(run);
}

async function run({ samples, seed, json }: SoakFlags): Promise<void> {
  checkInteger('--samples', samples, 1000, 1e10);
  checkInteger('--seed', seed, 0, Number.MAX_SAFE_INTEGER);
  const { soak } = await import('./soak/run.js');
  const bar = new Progress('soak', samples, process.stderr);
  const result = await soak(samples, seed, bar.advance.bind(bar));
  bar.end();
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : describe(result));
}

function describe(result: SoakResult): string {
  const { samples, decided, labelled, memoryAfterWarmUp: warm, memoryAtEnd: end, memoryMost: most } = result;
  const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  const milliseconds = (time: number): string => `${(1000 * time).toFixed(1)} ms`;
  return [
    `${samples} samples: ${decided} decided, ${labelled} labelled`,
    `memory                  ${mib(warm)} after a tenth, ${mib(end)} at the end (${mib(end - warm)}), at most ${mib(most)}`,
    `left over               ${result.timersLeft} timers`,
    `event loop late         p99 ${milliseconds(result.loopDelayP99)}  max ${milliseconds(result.loopDelayMost)}`,
    '',
  ].join('\n');
}
