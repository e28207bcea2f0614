import { Command, Option } from 'commander';
import pc from 'picocolors';
import { checkNumber, TopsparkError } from '../base/errors.js';
import { jsonLine, printable, printableTexts } from '../base/quoted.js';
import { loadCheckpoint } from '../checkpoint/checkpoint-file.js';
import { encodeSnapshot } from '../checkpoint/safetensors.js';
import { decisionMessage, placeMessage, questionMessage } from '../node/messages.js';
import { automatic } from '../node/mode-parameters.js';
import { bagPaths } from '../bag/bag-paths.js';
import { modeNames, type ModeName } from '../timestep/controller/modes.js';
import { bagInputs, warnIgnored, withBagOptions, type BagFlags } from './bag-inputs.js';
import { number } from './options.js';
import { checkOutputBeside, writeOutput } from './output-file.js';
import { Progress } from './progress.js';
import type { ReplayResult } from './replay-run.js';

interface Flags extends BagFlags {
  readonly mode: ModeName | typeof automatic;
  readonly rate: number;
  readonly output?: string;
  readonly start?: string;
  readonly checkpoint?: string;
  readonly list?: true;
  readonly json?: true;
}

const examples = `
Examples:
  $ npx topspark bench world --minutes 5 --labels 0.1 --bag drive.mcap
  $ npx topspark replay drive.mcap -p "sensors:=[scan]" --output decisions.mcap
  $ npx topspark replay --list camera
  $ npx topspark replay camera --params-file my.yaml -r image:=/camera/image_raw
`;

/** `topspark replay PATH…`: runs the node's agent on a recorded bag, offline. */
export function replayCommand(): Command {
  const command = new Command('replay')
    .description('Run the agent on a ROS 2 bag, MCAP or SQLite, as fast as it can. Needs no ROS.')
    .argument('<path...>', 'file (.mcap, .db3, also packed with zstd), folder of a recording, or several');
  return withBagOptions(command)
    .addOption(
      new Option('--mode <name>', 'energy mode to stay in; AUTO: the controller decides')
        .choices([automatic, ...modeNames])
        .default(automatic),
    )
    .option('--rate <x>', 'times real time; 0: as fast as it can', number, 0)
    .option('--output <file>', 'write decisions, questions and places to an MCAP bag')
    .option('--start <file>', 'start from a checkpoint')
    .option('--checkpoint <file>', 'write what was learned to a safetensors file')
    .option('--list', 'print topics, types and counts, and the options for each sensor; replay nothing')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

async function run(paths: readonly string[], flags: Flags): Promise<void> {
  if (flags.list) {
    await list(paths, flags.json === true);
    return;
  }
  checkNumber('--rate', flags.rate, 0, 1000);
  const { mode, rate } = flags;
  for (const option of ['output', 'checkpoint'] as const) {
    const file = flags[option];
    if (file !== undefined) checkOutputBeside(`--${option}`, file, bagPaths(paths).files);
  }
  const start = flags.start === undefined ? undefined : loadCheckpoint(flags.start);
  const { settings, topics, ignored, moved } = bagInputs(flags, start);
  for (const sentence of moved) process.stderr.write(`note: ${printable(sentence)}\n`);
  warnIgnored(ignored, 'a replay');
  const [{ BagReader }, { BagWriter }, { Replay }] = await Promise.all([
    import('../bag/bag-reader.js'),
    import('../bag/bag-writer.js'),
    import('./replay-run.js'),
  ]);
  const replay = new Replay({ settings, topics, mode, rate });
  if (start !== undefined) replay.agent.restore(start);
  const bag = await BagReader.open(paths);
  const decisions = flags.output === undefined ? undefined : await BagWriter.create(flags.output);
  replay.onQuestion = (event, logTime) =>
    decisions?.write('/topspark/question', 'topspark_msgs/msg/Question', logTime, questionMessage(event));
  replay.onPlace = (place, logTime) =>
    decisions?.write('/topspark/place', 'topspark_msgs/msg/Place', logTime, placeMessage(place));
  const bar = new Progress('replay', bag.size, process.stderr);
  const result = await replay
    .run(
      bag,
      (event, logTime) =>
        decisions?.write('/topspark/decision', 'topspark_msgs/msg/Decision', logTime, decisionMessage(event)),
      (bytes) => {
        bar.advance(bytes);
      },
    )
    .catch((error: unknown) => {
      decisions?.discard();
      throw error;
    })
    .finally(() => {
      bar.end();
      bag.close();
    });
  await decisions?.close();
  if (flags.checkpoint !== undefined) {
    writeOutput('--checkpoint', flags.checkpoint, encodeSnapshot(replay.agent.snapshot()));
  }
  for (const problem of result.problems) process.stderr.write(`topspark: ${printable(problem)}\n`);
  process.stdout.write(flags.json ? jsonLine(result) : describe(printable(bag.path), printableTexts(result)));
  if (result.undecided !== undefined) throw new TopsparkError('nothing_decided', 'data', result.undecided);
}

async function list(paths: readonly string[], json: boolean): Promise<void> {
  const [{ BagReader }, { listOf, describeList }] = await Promise.all([
    import('../bag/bag-reader.js'),
    import('./replay-list.js'),
  ]);
  const bag = await BagReader.open(paths);
  try {
    const found = listOf(bag);
    process.stdout.write(json ? jsonLine(found) : describeList(printableTexts(found), paths.map(printable)));
    for (const problem of found.problems) process.stderr.write(`topspark: ${printable(problem)}\n`);
  } finally {
    bag.close();
  }
}

function describe(path: string, result: ReplayResult): string {
  const {
    messages,
    decisions,
    learned,
    labelled,
    labelsWaiting: waiting,
    refused,
    refusedByCause,
    reasons,
    accuracy,
    energy,
    duration,
  } = result;
  const causes = Object.entries(refusedByCause).map(([cause, count]) => `${cause} ${count}`);
  return [
    `${pc.bold(path)}: ${duration.toFixed(1)} s recorded, ${messages} messages heard`,
    `decisions    ${decisions}, learned ${learned}, labels ${labelled}${waiting > 0 ? `, ${waiting} whose samples did not come` : ''}`,
    ...(accuracy === undefined ? [] : [`accuracy     ${pc.green(`${(100 * accuracy).toFixed(1)} %`)} by the labels`]),
    `energy       ${(energy * 1e6).toFixed(1)} µJ of the network`,
    ...(refused > 0 ? [`refused      ${refused}: ${causes.join(', ')}`] : []),
    ...Object.entries(reasons).map(([cause, why]) => `  ${cause}: ${why}`),
    `weights      sha256 ${result.weightsHash}`,
    '',
  ].join('\n');
}
