import { Command, Option } from 'commander';
import pc from 'picocolors';
import { checkInteger } from '../../base/errors.js';
import { sensorNames } from '../../encoding/sensor-kinds.js';
import { number } from '../options.js';
import { Progress } from '../progress.js';
import type { FuzzResult } from './fuzz/run.js';

interface FuzzFlags {
  readonly sensor: string;
  readonly messages: number;
  readonly seed: number;
  readonly json?: true;
}

/** `topspark bench fuzz`: messages that no sensor should send. */
export function fuzzBench(): Command {
  return new Command('fuzz')
    .description(
      'Send generated messages, many of them wrong, to an agent that learns; ends with 1 where one did harm or does not end.',
    )
    .addOption(new Option('--sensor <name>', 'kind of sensor').choices(['all', ...sensorNames]).default('all'))
    .option('--messages <n>', 'messages per kind of sensor', number, 100_000)
    .option('--seed <n>', 'of the messages', number, 1)
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', '\nExample:\n  $ npx topspark bench fuzz --sensor scan --messages 1000000\n')
    .action(run);
}

async function run(flags: FuzzFlags): Promise<void> {
  checkInteger('--messages', flags.messages, 1, 1e9);
  checkInteger('--seed', flags.seed, 0, Number.MAX_SAFE_INTEGER);
  const { WatchedFuzz } = await import('./fuzz/watched.js');
  const names = flags.sensor === 'all' ? sensorNames : [flags.sensor];
  const bar = new Progress('fuzz', names.length * flags.messages, process.stderr);
  const thread = new WatchedFuzz();
  const sensors: FuzzResult[] = [];
  try {
    for (const sensor of names) {
      sensors.push(await thread.run({ sensor, messages: flags.messages, seed: flags.seed }, bar.advance.bind(bar)));
    }
  } finally {
    bar.end();
    await thread.end();
  }
  process.stdout.write(
    flags.json ? `${JSON.stringify({ seed: flags.seed, sensors })}\n` : sensors.map(describe).join(''),
  );
  if (sensors.some(harmed)) process.exitCode = 1;
}

const harmed = ({ crashes, changedWeights, uncounted }: FuzzResult): boolean =>
  crashes + changedWeights + Math.abs(uncounted) > 0;

function describe(result: FuzzResult): string {
  const { sensor, messages, decided, incomplete, refused, crashes, firstCrash, changedWeights, uncounted } = result;
  const causes = Object.entries(refused).map(([cause, count]) => `  ${String(count).padStart(8)}  ${cause}`);
  const window = incomplete > 0 ? `, ${incomplete} completed no window` : '';
  const verdict = `${crashes} crashes, ${changedWeights} changed weights, ${uncounted} not counted`;
  return [
    `${pc.bold(sensor)}: ${messages} messages, ${decided} decided${window}, refused:`,
    ...causes,
    `  ${harmed(result) ? pc.red(verdict) : pc.green(verdict)}`,
    ...(firstCrash === '' ? [] : [`  ${firstCrash}`]),
    '',
  ].join('\n');
}
