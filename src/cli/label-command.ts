import { Command } from 'commander';
import { TopsparkError } from '../base/errors.js';
import { jsonLine, printable, quoted } from '../base/quoted.js';
import { stampText, toStamp } from '../base/time.js';
import { bagPaths } from '../bag/bag-paths.js';
import { labelKinds } from '../classifier/label-kinds.js';
import { loadCheckpoint } from '../checkpoint/checkpoint-file.js';
import { bagInputs, warnIgnored, withBagOptions, type BagFlags } from './bag-inputs.js';
import { checkIntervals, intervalAt, readIntervals, stretchLine, type Interval } from './label-intervals.js';
import { number } from './options.js';
import { checkOutputBeside } from './output-file.js';
import { Progress } from './progress.js';
import type { DecisionEvent } from '../agent/events.js';
import type { BagReader } from '../bag/bag-reader.js';
import type { Snapshot } from '../base/snapshot.js';
import type { Answered } from './answer-runs.js';

interface Flags extends BagFlags {
  readonly from?: number;
  readonly to?: number;
  readonly intervals?: string;
  readonly output?: string;
  readonly start?: string;
  readonly show?: true;
  readonly json?: true;
}

const examples = `
Examples:
  $ npx topspark label drive.mcap -p "sensors:=[scan]" --show --start learned.safetensors
  $ npx topspark label drive.mcap -p "sensors:=[scan]" --from 12.0 --to 20.5 kitchen
  $ npx topspark label drive.mcap --intervals rooms.csv --output rooms.mcap
  $ npx topspark replay drive.mcap drive.labels.mcap -p "sensors:=[scan]"
`;

/** `topspark label BAG`: labels the samples of a recording, in a second bag beside it. */
export function labelCommand(): Command {
  const command = new Command('label')
    .description('Name the samples of a recording: writes their labels to a bag beside it. Needs no ROS.')
    .argument('<path>', 'file (.mcap, .db3, also packed with zstd), or folder of a recording')
    .argument('[label]', 'name of the class');
  return withBagOptions(command)
    .option('--from <s>', 'begin of the interval, from the first message of a topic in use', number)
    .option('--to <s>', 'its end', number)
    .option('--intervals <csv>', 'a file of intervals, a line each: from,to,label')
    .option('--output <file>', 'where the labels go (default: BAG.labels.mcap)')
    .option('--start <file>', 'with --show: a checkpoint whose answers are shown')
    .option('--show', 'show who answers what and when: the decisions in the bag, else those of a replay')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

async function run(path: string, label: string | undefined, flags: Flags): Promise<void> {
  const intervals = flags.show ? [] : asked(label, flags);
  const output = flags.output ?? `${path.replace(/(\.mcap|\.db3)?(\.zstd)?\/?$/, '')}.labels.mcap`;
  if (!flags.show) checkOutputBeside('--output', output, bagPaths([path]).files);
  const start = flags.start === undefined ? undefined : loadCheckpoint(flags.start);
  const heard = bagInputs(flags, start);
  const { topics } = heard;
  warnIgnored(heard.ignored, 'labelling');
  const { BagReader } = await import('../bag/bag-reader.js');
  const bag = await BagReader.open([path]);
  try {
    if (flags.show) await show(bag, heard, start, flags.json === true);
    else {
      const result = await name(await samplesOf(bag, heard, start), intervals, topics, output);
      process.stdout.write(flags.json ? jsonLine(result) : describe(printable(path), result));
    }
  } finally {
    bag.close();
  }
}

type Heard = Pick<ReturnType<typeof bagInputs>, 'settings' | 'topics'>;

/** Every sample of a recording, including those that a mode would skip, with an agent's answers. */
async function samplesOf(bag: BagReader, heard: Heard, start: Snapshot | undefined): Promise<Answered[]> {
  const { Replay } = await import('./replay-run.js');
  const replay = new Replay({ ...heard, mode: 'FULL', rate: 0 });
  if (start !== undefined) replay.agent.restore(start);
  const samples: Answered[] = [];
  const bar = new Progress('label', bag.size, process.stderr);
  const decided = ({ stamp, label }: DecisionEvent, logTime: bigint, seconds: number): void => {
    samples.push({ seconds, logTime, stamp, answer: label });
  };
  const { problems } = await replay
    .run(bag, decided, (bytes) => {
      bar.advance(bytes);
    })
    .finally(() => {
      bar.end();
    });
  for (const problem of problems) process.stderr.write(`topspark: ${printable(problem)}\n`);
  return samples;
}

async function show(bag: BagReader, heard: Heard, start: Snapshot | undefined, json: boolean): Promise<void> {
  const { describeRuns, recordedAnswers, runsOf } = await import('./answer-runs.js');
  const answers = recordedAnswers(bag, heard.topics);
  const recorded = answers.length > 0;
  const runs = runsOf(recorded ? answers : await samplesOf(bag, heard, start));
  process.stdout.write(json ? jsonLine({ recorded, runs }) : describeRuns(runs));
}

/** Writes the labels of the samples that lie in an interval. */
async function name(
  samples: readonly Answered[],
  intervals: readonly Interval[],
  topics: Heard['topics'],
  output: string,
): Promise<Result> {
  const named = samples.flatMap((sample) => {
    const interval = intervalAt(intervals, sample.seconds);
    return interval === undefined ? [] : [{ ...sample, interval }];
  });
  refuseEmpty(intervals, samples, named);
  const [topic = '/label'] = [...topics].find(([, { input }]) => input === 'label') ?? [];
  const { BagWriter } = await import('../bag/bag-writer.js');
  const writer = await BagWriter.create(output);
  try {
    for (const { stamp, logTime, interval } of named) {
      const header = { stamp: toStamp(stamp), frame_id: '' };
      const message = { header, label: interval.label, kind: labelKinds.indexOf('teaching') };
      await writer.write(topic, 'topspark_msgs/msg/Label', logTime, message);
    }
  } catch (error) {
    writer.discard();
    throw error;
  }
  await writer.close();
  const counts = intervals.map((interval) => ({
    ...interval,
    samples: named.filter((each) => each.interval === interval).length,
  }));
  return { output, samples: samples.length, named: named.length, intervals: counts };
}

function asked(label: string | undefined, { from, to, intervals }: Flags): readonly Interval[] {
  const alone = label !== undefined || from !== undefined || to !== undefined;
  if (alone === (intervals !== undefined)) {
    const found = alone ? 'an interval and --intervals are given' : 'no interval is given';
    const expected = '--from S --to S LABEL, or --intervals FILE; --show lists possible ones';
    throw new TopsparkError('bad_combination', 'usage', `${found}, expected ${expected}`);
  }
  if (intervals !== undefined) return checkIntervals(readIntervals(intervals));
  if (label === undefined || from === undefined || to === undefined) {
    const missing = [...(label === undefined ? ['LABEL'] : []), ...(from === undefined ? ['--from'] : [])];
    const lacking = [...missing, ...(to === undefined ? ['--to'] : [])].join(' and ');
    throw new TopsparkError('bad_combination', 'usage', `${lacking} is missing, expected --from S --to S LABEL`);
  }
  return checkIntervals([{ from, to, label }]);
}

function refuseEmpty(
  intervals: readonly Interval[],
  samples: readonly Answered[],
  named: readonly { readonly interval: Interval }[],
): void {
  const empty = intervals.find((interval) => !named.some((each) => each.interval === interval));
  if (empty === undefined) return;
  const [first, last] = [samples.at(0), samples.at(-1)];
  const found = `no sample lies between ${empty.from} and ${empty.to} s to be named ${quoted(empty.label)}`;
  const there =
    first === undefined || last === undefined
      ? 'the bag has no sample that can be decided'
      : `they go from ${first.seconds.toFixed(1)} s (${stampText(first.stamp)}) to ${last.seconds.toFixed(1)} s`;
  throw new TopsparkError('no_sample', 'data', `${found}: ${there}`);
}

interface Result {
  readonly output: string;
  readonly samples: number;
  readonly named: number;
  readonly intervals: readonly (Interval & { readonly samples: number })[];
}

function describe(path: string, { output, samples, named, intervals }: Result): string {
  const lines = intervals.map(
    ({ samples: count, label, ...times }) => `  ${stretchLine(times, count, printable(label))}`,
  );
  const hear = `hear them: topspark replay ${path} ${printable(output)}`;
  return `${named} of ${samples} samples named, in ${printable(output)}\n${lines.join('')}${hear}\n`;
}
