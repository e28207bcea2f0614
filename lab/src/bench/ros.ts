import { Command, Option } from 'commander';
import { checkInteger, checkNumber, TopsparkError } from 'topspark/base/errors.js';
import { quoted } from 'topspark/base/quoted.js';
import { number } from 'topspark/cli/options.js';
import { Progress } from 'topspark/cli/progress.js';
import type { NodeMeasurement } from './message-contender.js';
import type { RosBenchOptions, RosBenchResult } from './ros-latency.js';
import type { PeersOptions, PeersResult } from './ros-peers.js';

type RosFlags = Omit<RosBenchOptions, 'numpy' | 'parameters'> & {
  readonly param: readonly string[];
  readonly numpy?: true;
  readonly peers?: true;
  readonly seconds: number;
  readonly json?: true;
};

const examples = `
Examples:
  $ npx topspark bench ros --width 640 --height 480 --cap 5
  $ npx topspark bench ros --sensor scan --beams 720 --json
  $ npx topspark bench ros --width 640 --height 480 --encoding rgb8 --rate 5 -p image.encoding:=embedding
  $ npx topspark bench ros --width 640 --height 480 --encoding rgb8 --numpy --rounds 5 --messages 300
  $ npx topspark bench ros --peers --rounds 5
  $ npx topspark bench ros --peers --sensor scan
`;

/** `topspark bench ros`: from a message to its decision over real ROS 2. */
export function rosBench(): Command {
  return new Command('ros')
    .description(
      'Message to decision over real ROS 2: latency, memory, and CPU of the node by stage. Needs a sourced ROS 2.',
    )
    .addOption(new Option('--sensor <name>', 'what is published').choices(['image', 'scan']).default('image'))
    .option('--rate <hz>', 'messages a second', number, 30)
    .option('--messages <n>', 'messages in a round', number, 900)
    .option('--rounds <n>', 'rounds; the one with the median CPU time is the result', number, 1)
    .option('--width <pixels>', 'of an image', number, 28)
    .option('--height <pixels>', 'of an image', number, 28)
    .addOption(
      new Option('--encoding <name>', 'of an image')
        .choices(['mono8', 'rgb8', 'bgr8', 'rgba8', 'bgra8'])
        .default('mono8'),
    )
    .option('--beams <n>', 'of a turn of the laser', number, 720)
    .option('-p, --param <name:=value>', 'one parameter of the node; may be repeated', collect, [])
    .option('--cap <hz>', 'decisions a second at most; 0: as messages come', number, 0)
    .option('--warmup <n>', 'messages before anything is measured', number, 3000)
    .option('--idle <s>', 'how long the idle node is measured before it gets messages', number, 5)
    .option('--numpy', 'measure a node of rclpy and numpy with the same scaling by turns (from a checkout)')
    .option(
      '--peers',
      'measure by turns, at 30 and at 200 messages a second, what a message costs this node, a C program on rcl, rclnodejs alone, and rclpy with numpy (from a checkout)',
    )
    .option('--seconds <s>', 'with --peers: how long each gets messages in a round', number, 10)
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

async function run({ json, param, peers, seconds, ...flags }: RosFlags): Promise<void> {
  checkNumber('--rate', flags.rate, 0.1, 10_000);
  checkInteger('--messages', flags.messages, 1, 1e7);
  checkInteger('--rounds', flags.rounds, 1, 1000);
  checkInteger('--width', flags.width, 4, 8192);
  checkInteger('--height', flags.height, 4, 8192);
  checkInteger('--beams', flags.beams, 4, 100_000);
  checkNumber('--cap', flags.cap, 0, 1000);
  checkNumber('--idle', flags.idle, 0, 3600);
  checkNumber('--seconds', seconds, 1, 3600);
  checkInteger('--warmup', flags.warmup, 0, 1e6);
  if (peers) {
    await runPeers({ ...flags, seconds }, json === true);
    return;
  }
  const parameters = Object.fromEntries(param.map(split));
  const { numpy = false } = flags;
  // Loaded here, since all other commands run without ROS.
  const { benchRos } = await import('./ros-latency.js');
  const result = await benchRos({ ...flags, parameters, numpy });
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : describe(result));
}

async function runPeers(options: PeersOptions, json: boolean): Promise<void> {
  const { benchPeers, peerTurns } = await import('./ros-peers.js');
  const bar = new Progress('turns', peerTurns(options.rounds), process.stderr);
  const result = await benchPeers(options, () => {
    bar.advance(1);
  }).finally(() => {
    bar.end();
  });
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : describePeers(result));
}

function describePeers({ contenders, idle }: PeersResult): string {
  const head = ['', '30 Hz', '÷ C', '200 Hz', '÷ C', 'idle', 'private', 'PSS'];
  const milliseconds = (seconds: number): string => `${(1000 * seconds).toFixed(3)} ms`;
  const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const names = Object.keys(contenders) as (keyof typeof contenders)[];
  const rows = names.map((name) => {
    const [slow, fast] = [contenders[name]['30'], contenders[name]['200']];
    const ratio = (rate: '30' | '200'): string =>
      (contenders[name][rate].cpuPerMessage / contenders.c[rate].cpuPerMessage).toFixed(2);
    return [
      ...[name, milliseconds(slow.cpuPerMessage), ratio('30'), milliseconds(fast.cpuPerMessage), ratio('200')],
      ...[`${(100 * idle[name]).toFixed(2)} %`, mebibytes(fast.privateBytes), mebibytes(fast.pss)],
    ];
  });
  const lines = [head, ...rows].map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(12) : cell.padStart(10))).join(''),
  );
  return `CPU of all threads a message; memory at the end\n${lines.join('\n')}\n`;
}

function split(text: string): [string, string] {
  const at = text.indexOf(':=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 2)];
  throw new TopsparkError('bad_option', 'usage', `--param is ${quoted(text)}, expected NAME:=VALUE`);
}

function describe(result: RosBenchResult): string {
  const {
    sensor,
    rate,
    cap,
    messages,
    width,
    height,
    encoding,
    beams,
    latency,
    memory,
    stages,
    answer,
    peer,
    all,
    allPeer,
  } = result;
  const milliseconds = (seconds: number): string => `${(1000 * seconds).toFixed(2)} ms`;
  const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const node = ({ decisions, roundTrip, cpu, idleCpu, cpuPerMessage }: NodeMeasurement): string[] => [
    `decisions heard         ${decisions}`,
    `published to heard      p50 ${milliseconds(roundTrip.p50)}  p99 ${milliseconds(roundTrip.p99)}`,
    `CPU of the node         ${(100 * cpu).toFixed(1)} % of one core, ${milliseconds(cpuPerMessage)} a message; idle ${(100 * idleCpu).toFixed(1)} %`,
  ];
  const what = sensor === 'scan' ? `scans of ${beams} beams` : `images of ${width}×${height} ${encoding}`;
  const whole = Object.values(stages).reduce((sum, time) => sum + time, 0);
  return [
    `${messages} ${what} at ${rate} Hz${cap > 0 ? `, at most ${cap} decisions a second` : ''}`,
    ...node(result),
    `taken to decided        p50 ${milliseconds(latency.p50)}  p99 ${milliseconds(latency.p99)}`,
    `CPU of a decision       ${milliseconds(whole)}`,
    ...Object.entries(stages).map(
      ([name, time]) => `  ${name.padEnd(22)}${milliseconds(time)}  ${((100 * time) / whole).toFixed(0).padStart(3)} %`,
    ),
    ...Object.entries(result.threads)
      .slice(0, 6)
      .map(([name, time], at) => `${(at === 0 ? 'by thread' : '').padEnd(24)}${milliseconds(time)}  ${name}`),
    `get_state, meanwhile    p50 ${milliseconds(answer.p50)}  max ${milliseconds(answer.max)}`,
    `memory of the node      ${mebibytes(memory)}, of it its own ${mebibytes(result.privateBytes)}; PSS ${mebibytes(result.pss)}`,
    ...(peer
      ? [
          'rclpy and numpy, which makes messages smaller in the same way and learns nothing:',
          ...node(peer),
          `CPU of ours ÷ theirs    ${(result.cpuPerMessage / peer.cpuPerMessage).toFixed(2)}`,
        ]
      : []),
    ...(all.length > 1 ? [`CPU by round [ms]       ${list(all)}${peer ? `; theirs ${list(allPeer)}` : ''}`] : []),
    '',
  ].join('\n');
}

const list = (seconds: readonly number[]): string => seconds.map((each) => (1000 * each).toFixed(2)).join(' ');
