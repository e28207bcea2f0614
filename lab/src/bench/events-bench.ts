import { Command } from 'commander';
import { checkInteger, checkNumber } from 'topspark/base/errors.js';
import { number } from 'topspark/cli/options.js';
import { Progress } from 'topspark/cli/progress.js';
import type { EventFloodResult } from './events/event-flood.js';

interface EventsFlags {
  readonly rate: number;
  readonly seconds: number;
  readonly packets: number;
  readonly json?: true;
}

/** `topspark bench events`: the whole node under the load of a fast event camera. */
export function eventsBench(): Command {
  return new Command('events')
    .description('Send the whole node packets of a fast event camera over ROS 2: memory, lag, lost packets.')
    .option('--rate <millions>', 'events a second [10^6]', number, 5)
    .option('--seconds <s>', 'how long', number, 600)
    .option('--packets <hz>', 'packets a second', number, 500)
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx topspark bench events --seconds 120\n\nNeeds a sourced ROS 2 with event_camera_msgs.\n',
    )
    .action(run);
}

async function run({ rate, seconds, packets, json }: EventsFlags): Promise<void> {
  checkNumber('--rate', rate, 0.01, 100);
  checkInteger('--seconds', seconds, 10, 1e6);
  checkInteger('--packets', packets, 20, 1000);
  const { floodEvents } = await import('./events/event-flood.js');
  const bar = new Progress('events', seconds, process.stderr);
  const result = await floodEvents({ rate, seconds, packets }, (passed) => {
    bar.advance(Math.round(passed));
  });
  bar.end();
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : describe(result));
}

function describe({ sent, events, achieved, seconds, decisions, lag, memory, details }: EventFloodResult): string {
  const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  const milliseconds = (time: number): string => `${(1000 * time).toFixed(1)} ms`;
  return [
    `${sent} packets with ${events} events in ${seconds} s: ${achieved.toFixed(2)} million a second, ${decisions} decisions`,
    `lag      p50 ${milliseconds(lag.p50)}  p99 ${milliseconds(lag.p99)}  max ${milliseconds(lag.most)}, from a packet's stamp to the decision's arrival`,
    `memory   ${mib(memory.afterWarmUp)} after a tenth, ${mib(memory.atEnd)} at the end, at most ${mib(memory.most)}`,
    ...Object.entries(details).map(([name, count]) => `${name}: ${count}`),
    '',
  ].join('\n');
}
