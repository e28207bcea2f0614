import { Command } from 'commander';
import pc from 'picocolors';
import { checkNumber } from 'topspark/base/errors.js';
import { printable } from 'topspark/base/quoted.js';
import { number } from 'topspark/cli/options.js';
import { Progress } from 'topspark/cli/progress.js';
import type { BagPlay } from './bag/bag-over-ros.js';

interface BagFlags {
  readonly param: readonly string[];
  readonly rate: number;
  readonly json?: true;
}

const examples = `
Examples:
  $ npx topspark bench bag drive.mcap -p "sensors:=[scan]"
  $ npx topspark bench bag robot -p "sensors:=[imu]" -p imu.topic:=/base/imu --json
`;

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

/** `topspark bench bag PATH…`: does a node that receives a bag over ROS 2 learn the same as a replay? */
export function bagBench(): Command {
  return new Command('bag')
    .description(
      'Play a bag to the whole node over real, reliable ROS 2, and compare with a replay of what it took; ends with 1 where they differ. Needs a sourced ROS 2.',
    )
    .argument('<path...>', 'as for topspark replay')
    .option('-p, --param <name:=value>', 'one parameter of the node; may be repeated', collect, [])
    .option('--rate <hz>', 'messages a second', number, 200)
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

async function run(paths: readonly string[], { param, rate, json }: BagFlags): Promise<void> {
  checkNumber('--rate', rate, 1, 10_000);
  const [{ BagReader }, { playBag }] = await Promise.all([
    import('topspark/bag/bag-reader.js'),
    import('./bag/bag-over-ros.js'),
  ]);
  const bag = await BagReader.open(paths);
  const bar = new Progress('bag', bag.size, process.stderr);
  bag.close();
  const result = await playBag(paths, param, rate).finally(() => {
    bar.end();
  });
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : describe(result));
  if (differs(result)) process.exitCode = 1;
}

const differs = ({ recorded, heard, live, replay }: BagPlay): boolean =>
  recorded !== heard || live.weightsHash !== replay.weightsHash || live.decisions !== replay.decisions;

function describe(result: BagPlay): string {
  const { path, recorded, heard, live, replay, asRecorded } = result;
  const verdict = `${heard} of ${recorded} messages heard, ${live.decisions} decisions live and ${replay.decisions} in the replay`;
  const same = live.weightsHash === replay.weightsHash ? 'the same weights' : 'other weights';
  const order =
    asRecorded.weightsHash === live.weightsHash ? '' : '; topics did not arrive in the order of the recording';
  const line = `${verdict}, ${same}${order}`;
  return `${pc.bold(printable(path))}: ${differs(result) ? pc.red(line) : pc.green(line)}\n`;
}
