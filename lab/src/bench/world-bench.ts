import { Command } from 'commander';
import pc from 'picocolors';
import { checkInteger, checkNumber, TopsparkError } from 'topspark/base/errors.js';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import type { PlaceRunOptions, PlaceRunResult } from '../world/place-run.js';
import { number } from 'topspark/cli/options.js';
import { checkOutput } from 'topspark/cli/output-file.js';
import { Progress } from 'topspark/cli/progress.js';

interface Flags {
  readonly seed: number;
  readonly neurons: number;
  readonly timesteps: number;
  readonly minutes: number;
  readonly labels: number;
  readonly transfer?: true;
  readonly bag?: string;
  readonly cameras?: true;
  readonly json?: true;
}

/**
 * Results of a drive. With `--transfer` also those of a second robot's drive, with the state of the first and from
 * scratch.
 */
interface WorldBenchResult extends PlaceRunResult {
  readonly transfer?: { readonly started: PlaceRunResult; readonly fromNothing: PlaceRunResult };
}

const scansPerSecond = 10;

const examples = `
Examples:
  $ npx topspark bench world --labels 0.05
  $ npx topspark bench world --minutes 2 --bag drive.mcap --cameras
`;

/** `topspark bench world`: learns kinds of places from a laser, on a drive through a generated building. */
export function worldBench(): Command {
  return new Command('world')
    .description('Kinds of places from a laser scanner, learned on a simulated drive. Needs neither ROS nor data.')
    .option('--seed <n>', 'decides building, tour, people, noise and labels', number, 1)
    .option('--neurons <N>', 'excitatory neurons, 10..6400', number, 400)
    .option('--timesteps <T>', 'timesteps a scan is presented in, 1..1000', number, 35)
    .option('--minutes <n>', `simulated time at ${scansPerSecond} scans a second`, number, 20)
    .option('--labels <share>', 'share of the scans that get a label, 0..1', number, 1)
    .option(
      '--transfer',
      'then start a second robot from that state, in another building, with a quarter of the labels',
    )
    .option('--bag <file>', 'write the messages of the drive to an MCAP bag')
    .option('--cameras', 'with --bag: also /image and /events, of a simulated camera and event camera that look ahead')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  checkInteger('--seed', flags.seed, 0, Number.MAX_SAFE_INTEGER - 1);
  checkInteger('--neurons', flags.neurons, 10, 6400);
  checkInteger('--timesteps', flags.timesteps, 1, 1000);
  checkNumber('--minutes', flags.minutes, 0.05, 100_000);
  checkNumber('--labels', flags.labels, 0, 1);
  if (flags.bag !== undefined) checkOutput('--bag', flags.bag);
  else if (flags.cameras) {
    throw new TopsparkError('bad_combination', 'usage', '--cameras is given without --bag, expected both');
  }
  const { seed, neurons, labels } = flags;
  const drive = { duration: 60 * flags.minutes, rate: scansPerSecond, labels };
  const point = leanPoint(neurons, { timesteps: flags.timesteps });
  const drives = 1 + (flags.transfer ? 2 : 0) + (flags.bag === undefined ? 0 : 1);
  const bar = new Progress('drive', drives * Math.round(drive.duration * drive.rate), process.stderr);
  const advance = (): void => {
    bar.advance(1);
  };
  const { placeRun } = await import('../world/place-run.js');
  const first = placeRun({ seed, neurons, point, ...drive }, advance);
  const second = (start: PlaceRunOptions['start']): PlaceRunResult => {
    const options = { seed: seed + 1, neurons, point, ...drive, labels: labels / 4 };
    return placeRun(start === undefined ? options : { ...options, start }, advance).result;
  };
  const transfer = flags.transfer && { started: second(first.snapshot), fromNothing: second(undefined) };
  if (flags.bag !== undefined) {
    const { writeWorldBag } = await import('../world/world-bag.js');
    await writeWorldBag(flags.bag, { seed, ...drive, cameras: flags.cameras === true }, advance);
  }
  bar.end();
  const result: WorldBenchResult = { ...first.result, ...(transfer && { transfer }) };
  process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : describe(result, flags));
}

function describe(result: WorldBenchResult, { neurons, timesteps, labels, bag }: Flags): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`.padStart(7);
  const places = Object.entries(result.recallByPlace).map(
    ([place, recall]) => `  ${place.padEnd(10)} ${percent(recall)}   ${percent(result.shares[place])} of the time`,
  );
  const course = ({ recallByFifth }: PlaceRunResult): string => recallByFifth.map(percent).join(' ');
  const { transfer } = result;
  return [
    `${pc.bold('mean recall')} ${pc.green(percent(result.recall).trim())} over the kinds of places, second half of the drive`,
    ...places,
    `accuracy     ${percent(result.accuracy)}   (flatters a robot that stays in one place)`,
    `by fifths    ${course(result)}`,
    `network      ${neurons} neurons, T ${timesteps}, ${result.samples} scans, ${percent(labels).trim()} named`,
    ...(transfer
      ? [
          `second robot ${course(transfer.started)}  from the first one's memory, a quarter of the labels`,
          `             ${course(transfer.fromNothing)}  from nothing, a quarter of the labels`,
        ]
      : []),
    ...(bag === undefined ? [] : [`bag          ${bag}`]),
    '',
  ].join('\n');
}
