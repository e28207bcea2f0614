import { Command } from 'commander';
import { checkInteger, checkNumber } from '../../base/errors.js';
import { number } from '../options.js';
import type { RosBenchResult } from './ros-latency.js';

interface RosFlags {
  readonly rate: number;
  readonly messages: number;
  readonly json?: true;
}

/** `topspark bench ros`: from a message to its decision over real ROS 2. */
export function rosBench(): Command {
  return new Command('ros')
    .description('Message to decision over real ROS 2: latency, CPU and memory of the node. Needs a sourced ROS 2.')
    .option('--rate <hz>', 'images a second', number, 30)
    .option('--messages <n>', 'images in all', number, 900)
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', '\nExample:\n  $ npx topspark bench ros --rate 50 --messages 1500 --json\n')
    .action(async (flags: RosFlags) => {
      checkNumber('--rate', flags.rate, 0.1, 10_000);
      checkInteger('--messages', flags.messages, 1, 1e7);
      // Loaded here, since all other commands run without ROS.
      const { benchRos } = await import('./ros-latency.js');
      const result = await benchRos({ rate: flags.rate, messages: flags.messages });
      process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : describe(result));
    });
}

function describe({ rate, messages, decisions, roundTrip, latency, cpu, memory }: RosBenchResult): string {
  const milliseconds = (seconds: number): string => `${(1000 * seconds).toFixed(2)} ms`;
  return [
    `${messages} images at ${rate} Hz: ${decisions} decisions heard`,
    `published to heard      p50 ${milliseconds(roundTrip.p50)}  p99 ${milliseconds(roundTrip.p99)}`,
    `taken to decided        p50 ${milliseconds(latency.p50)}  p99 ${milliseconds(latency.p99)}`,
    `CPU of the node         ${(100 * cpu).toFixed(1)} % of one core`,
    `memory of the node      ${(memory / 2 ** 20).toFixed(0)} MiB`,
    '',
  ].join('\n');
}
