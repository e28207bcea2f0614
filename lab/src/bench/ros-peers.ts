import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TopsparkError } from 'topspark/base/errors.js';
import { openNode, type SimpleNode } from 'topspark/ros/open-node.js';
import { messageWriter } from 'topspark/ros/outputs.js';
import { endNode, startNode } from './beside-node.js';
import { MessageContender, type Measured } from './message-contender.js';
import type { ProcessMemory } from './process-cost.js';
import { middle, startNumpy } from './ros-latency.js';
import type { BenchMessages } from './ros-messages.js';

// Cost of a message for a process, from the middleware and back: the node, and three processes that do less. All run at
// the same time on topics of their own, get the same messages from this process in turns, and are warm before measuring.
// Machines differ and are shared, so the figure is the ratio to the first one.
//
//   c          a C program on rcl: a message as bytes in, a decision as bytes out; the lower bound
//   rclnodejs  the same with rclnodejs only
//   rclpy      rclpy and numpy, with message objects, which scales images down or takes medians of scans, learns nothing
//   topspark   the node, which learns

/** Contenders in the order of their turns. */
export const contenders = ['c', 'rclnodejs', 'rclpy', 'topspark'] as const;

/** Rates of messages [1/s]. */
export const peerRates = ['30', '200'] as const;

/** Number of turns in {@link benchPeers}: each contender warms up, and is measured once per round. */
export const peerTurns = (rounds: number): number => contenders.length * (1 + rounds);

/** Cost of a message for a process at one rate; median of the rounds. */
export interface MessageCost extends ProcessMemory {
  /** CPU time of all threads [s]. */
  readonly cpuPerMessage: number;
  /** The same by name of thread [s]. */
  readonly threads: Readonly<Record<string, number>>;
  /** Decisions received, and messages sent. */
  readonly decisions: number;
  readonly messages: number;
}

/** Results of {@link benchPeers}. */
export interface PeersResult {
  readonly contenders: Readonly<
    Record<(typeof contenders)[number], Readonly<Record<(typeof peerRates)[number], MessageCost>>>
  >;
  /** CPU use of each process without messages, as a share of one core. */
  readonly idle: Readonly<Record<(typeof contenders)[number], number>>;
}

/** Options of {@link benchPeers}. */
export interface PeersOptions extends BenchMessages {
  readonly rounds: number;
  /** Duration of the messages of a round [s]. */
  readonly seconds: number;
  /** Time for which each idle process is measured before [s]. */
  readonly idle: number;
  /** Messages to each process before measuring. */
  readonly warmup: number;
}

/**
 * Measures the node and its peers. Needs a sourced ROS 2, a C compiler and a checkout of the project.
 *
 * @param advance - called after each of the {@link peerTurns} turns
 * @throws {@link TopsparkError} `no_peer` where a peer cannot be built, `node_silent` where one does not answer within
 *   20 s
 */
export async function benchPeers(options: PeersOptions, advance: () => void): Promise<PeersResult> {
  const folder = mkdtempSync(join(tmpdir(), 'topspark-peers-'));
  const children: ChildProcess[] = [];
  let node: SimpleNode | undefined;
  try {
    const floor = compileFloor(folder);
    node = await openNode('topspark_bench');
    const answer = emptyDecision().toString('hex');
    const stdio = ['ignore', 'ignore', 'inherit'] as const;
    const { sensor } = options;
    const start = {
      c: () => spawn(floor, ['c', answer, sensor], { stdio: [...stdio] }),
      rclnodejs: () =>
        spawn(process.execPath, [peerFile('rclnodejs_node.mjs'), 'rclnodejs', answer, sensor], { stdio: [...stdio] }),
      rclpy: () => startNumpy('rclpy'),
      topspark: () => startNode(folder, { sensors: `[${sensor}]` }),
    };
    const racers: { readonly name: (typeof contenders)[number]; readonly contender: MessageContender }[] = [];
    for (const name of contenders) {
      const child = start[name]();
      children.push(child);
      racers.push({
        name,
        contender: new MessageContender(node, options, child, name, name === 'topspark' ? '' : `${name}/`),
      });
    }
    for (const { contender } of racers) {
      await contender.meet();
      await contender.warmUp(options.warmup);
      advance();
    }
    const measured = racers.map(() => peerRates.map((): Measured[] => []));
    for (let round = 0; round < options.rounds; round++) {
      for (const [at, { contender }] of racers.entries()) {
        for (const [which, rate] of peerRates.entries()) {
          const load = { rate: Number(rate), messages: Math.round(Number(rate) * options.seconds), idle: options.idle };
          measured[at][which].push(await contender.measure(load));
        }
        advance();
      }
    }
    return resultOf(measured, options);
  } finally {
    node?.close();
    await node?.closed;
    await Promise.all(children.map(endNode));
    rmSync(folder, { recursive: true, force: true });
  }
}

function resultOf(measured: readonly (readonly Measured[][])[], { seconds }: PeersOptions): PeersResult {
  const cost = (at: number, which: number): MessageCost => {
    const { cpuPerMessage, threads, privateBytes, pss, decisions } = middle(measured[at][which]);
    const messages = Math.round(Number(peerRates[which]) * seconds);
    return { cpuPerMessage, threads, privateBytes, pss, decisions, messages };
  };
  const idle = (at: number): number => {
    const shares = measured[at].flat().map(({ idleCpu }) => idleCpu);
    return shares.sort((one, other) => one - other)[(shares.length - 1) >> 1];
  };
  const byName = <Value>(value: (at: number) => Value): Record<(typeof contenders)[number], Value> => {
    const [c, rclnodejs, rclpy, topspark] = contenders.map((_, at) => value(at));
    return { c, rclnodejs, rclpy, topspark };
  };
  return { contenders: byName((at) => ({ 30: cost(at, 0), 200: cost(at, 1) })), idle: byName(idle) };
}

/** Bytes of a decision without content, which the C program and that of rclnodejs send. */
function emptyDecision(): Buffer {
  return messageWriter('topspark_msgs/msg/Decision')({
    header: { stamp: { sec: 0, nanosec: 0 }, frame_id: 'bench' },
    ...{ label: '', confidence: 0, classes: [], scores: new Float32Array(0), timesteps: 0, timesteps_run: 0 },
    ...{
      latency: 0,
      energy: 0,
      learned: false,
      readout: 0,
      given_label: '',
      unknown: false,
      unknown_score: 0,
      repeated: false,
    },
  });
}

function peerFile(name: string): string {
  const file = fileURLToPath(new URL(`../../bench/floor/${name}`, import.meta.url));
  if (existsSync(file)) return file;
  throw new TopsparkError('no_peer', 'environment', `${file} is missing, expected a checkout of the project`);
}

/** Compiles the C program. @returns its path */
function compileFloor(folder: string): string {
  const prefixes = (process.env['AMENT_PREFIX_PATH'] ?? '').split(delimiter).filter((prefix) => prefix !== '');
  const includes = prefixes.flatMap((prefix) => {
    const include = join(prefix, 'include');
    return existsSync(include) ? [include, ...readdirSync(include).map((each) => join(include, each))] : [];
  });
  const libraries = prefixes.map((prefix) => join(prefix, 'lib')).filter((each) => existsSync(each));
  const names = [
    'rcl',
    'rmw',
    'rcutils',
    'rosidl_runtime_c',
    'sensor_msgs__rosidl_typesupport_c',
    'topspark_msgs__rosidl_typesupport_c',
  ];
  const program = join(folder, 'floor_node');
  const args = [
    ...['-O2', '-std=gnu11', peerFile('floor_node.c'), '-o', program],
    ...includes.map((each) => `-I${each}`),
    ...libraries.flatMap((each) => [`-L${each}`, `-Wl,-rpath,${each}`, `-Wl,-rpath-link,${each}`]),
    ...names.map((each) => `-l${each}`),
  ];
  try {
    execFileSync(process.env['CC'] ?? 'cc', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const { stderr } = error as { readonly stderr?: Buffer };
    const lines = stderr?.toString().split('\n') ?? [];
    const reason = lines.find((line) => line.includes('error:')) ?? lines.at(0) ?? String(error);
    throw new TopsparkError('no_peer', 'environment', `the C program cannot be compiled: ${reason}`);
  }
  return program;
}
