import { Command, Option } from 'commander';
import pc from 'picocolors';
import { checkInteger, checkNumber, TopsparkError } from 'topspark/base/errors.js';
import { sensorNames } from 'topspark/sensing/sensor-kinds.js';
import { number } from 'topspark/cli/options.js';
import { Progress } from 'topspark/cli/progress.js';
import type { BagFuzzResult } from './fuzz/fuzz-bags.js';
import type { FuzzResult } from './fuzz/fuzz-run.js';

interface FuzzFlags {
  readonly topic: string;
  readonly change?: true;
  readonly bags?: true;
  readonly order?: true;
  readonly ros?: true;
  readonly rate: number;
  readonly messages: number;
  readonly seed: number;
  readonly json?: true;
}

// Topics other than sensors come last. Generators are loaded when needed.
const topics = [...sensorNames, 'label', 'battery_state'];
/** With --order: each sensor alone, and some together, the primary first: a slow one with a fast one, and three. */
const orderTopics = [...sensorNames, 'image+imu', 'scan+range+imu'];

const examples = `
Examples:
  $ npx topspark bench fuzz --topic scan --messages 1000000
  $ npx topspark bench fuzz --order --topic imu --json
  $ npx topspark bench fuzz --bags --messages 1000000
`;

/** `topspark bench fuzz`: messages that no driver should send. */
export function fuzzBench(): Command {
  return new Command('fuzz')
    .description(
      'Send generated messages, many of them wrong or damaged, to an agent that learns; ends with 1 where one did harm or does not end.',
    )
    .addOption(
      new Option('--topic <name>', 'type of the messages; with --order also sensors together')
        .choices([...new Set(['all', ...topics, ...orderTopics])])
        .default('all'),
    )
    .option(
      '--order',
      'sound messages and labels out of order in every way: each is accounted for, live and from a bag',
    )
    .option(
      '--bags',
      'damaged bags in every form, each read as topspark replay does; --messages are those of each form',
    )
    .option('--ros', 'with --order: from another process over real, reliable ROS 2; needs a sourced ROS 2')
    .option('--rate <hz>', 'messages a second, with --ros', number, 1000)
    .option('--messages <n>', 'messages of each topic', number, 100_000)
    .option('--seed <n>', 'of the messages', number, 1)
    .option('--change', 'sensors show their change in time, in place of their standard encoding')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

async function run(flags: FuzzFlags): Promise<void> {
  checkInteger('--messages', flags.messages, 1, 1e9);
  checkInteger('--seed', flags.seed, 0, Number.MAX_SAFE_INTEGER);
  checkNumber('--rate', flags.rate, 1, 10_000);
  checkCombination(flags);
  if (flags.order) {
    const { orderBench } = await import('./order/order-bench.js');
    await orderBench({ ...flags, names: flags.topic === 'all' ? orderTopics : [flags.topic] });
    return;
  }
  if (flags.bags) {
    await runBags(flags);
    return;
  }
  const { WatchedFuzz } = await import('./fuzz/watched.js');
  const { messages, seed, change = false } = flags;
  const names = flags.topic === 'all' ? topics : [flags.topic];
  const bar = new Progress('fuzz', names.length * messages, process.stderr);
  const thread = new WatchedFuzz();
  const results: FuzzResult[] = [];
  try {
    for (const topic of names) {
      results.push(await thread.run({ topic, messages, seed, change }, bar.advance.bind(bar)));
    }
  } finally {
    bar.end();
    await thread.end();
  }
  process.stdout.write(
    flags.json ? `${JSON.stringify({ seed, change, topics: results })}\n` : results.map(describe).join(''),
  );
  if (results.some(harmed)) process.exitCode = 1;
}

async function runBags({ messages, seed, json }: FuzzFlags): Promise<void> {
  const [{ WatchedFuzz }, { bagForms }] = await Promise.all([
    import('./fuzz/watched.js'),
    import('./fuzz/damaged-bag.js'),
  ]);
  const bar = new Progress('fuzz', bagForms.length * messages, process.stderr);
  const thread = new WatchedFuzz();
  const results: BagFuzzResult[] = [];
  try {
    for (const bag of bagForms) results.push(await thread.run({ bag, messages, seed }, bar.advance.bind(bar)));
  } finally {
    bar.end();
    await thread.end();
  }
  process.stdout.write(json ? `${JSON.stringify({ seed, bags: results })}\n` : results.map(describeBags).join(''));
  if (results.some(harmed)) process.exitCode = 1;
}

function describeBags(result: BagFuzzResult): string {
  const { bag, bags, unreadable, told, messages, heard, accepted, refused } = result;
  const causes = Object.entries(refused).map(([cause, count]) => `  ${String(count).padStart(8)}  ${cause}`);
  return [
    `${pc.bold(bag)}: ${bags} bags of ${messages} messages, damage reported in ${told}, nothing readable in ${unreadable}; ${heard} read, ${accepted} accepted, refused:`,
    ...causes,
    ...verdictOf(result),
    '',
  ].join('\n');
}

// Refuses options that would be ignored.
function checkCombination({ topic, order, bags, ros, change }: FuzzFlags): void {
  if (bags && (topic !== 'all' || order || ros || change)) {
    const message = '--bags goes without --topic, --order, --ros and --change';
    throw new TopsparkError('bad_combination', 'usage', message);
  }
  const wrong = order
    ? [
        change && '--change goes without --order',
        topic !== 'all' && !orderTopics.includes(topic) && `--order sends ${orderTopics.join(', ')}`,
      ]
    : [
        ros && '--ros goes with --order',
        topic !== 'all' && !topics.includes(topic) && `--topic ${topic} goes with --order`,
      ];
  const why = wrong.find((each) => typeof each === 'string');
  if (why !== undefined) throw new TopsparkError('bad_combination', 'usage', why);
}

type Harm = Pick<FuzzResult, 'crashes' | 'firstCrash' | 'changedWeights' | 'uncounted'>;

const harmed = ({ crashes, changedWeights, uncounted }: Harm): boolean =>
  crashes + changedWeights + Math.abs(uncounted) > 0;

function describe(result: FuzzResult): string {
  const { topic, messages, accepted, incomplete, refused } = result;
  const causes = Object.entries(refused).map(([cause, count]) => `  ${String(count).padStart(8)}  ${cause}`);
  const open = topic === 'label' ? 'wait for their samples' : 'completed no window';
  const window = incomplete > 0 ? `, ${incomplete} ${open}` : '';
  return [
    `${pc.bold(topic)}: ${messages} messages, ${accepted} accepted${window}, refused:`,
    ...causes,
    ...verdictOf(result),
    '',
  ].join('\n');
}

function verdictOf(result: Harm): string[] {
  const { crashes, firstCrash, changedWeights, uncounted } = result;
  const verdict = `${crashes} crashes, ${changedWeights} changed weights, ${uncounted} not counted`;
  const coloured = harmed(result) ? pc.red(verdict) : pc.green(verdict);
  return [`  ${coloured}`, ...(firstCrash === '' ? [] : [`  ${firstCrash}`])];
}
