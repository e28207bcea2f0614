import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TopsparkError } from 'topspark/base/errors.js';
import { profileVariables, publishLargeMessages } from 'topspark/node/large-messages.js';
import { openNode, type SimpleNode } from 'topspark/ros/open-node.js';
import { endNode, startNode } from './beside-node.js';
import { MessageContender, type Measured, type NodeMeasurement } from './message-contender.js';
import type { BenchMessages } from './ros-messages.js';

/** Settings of {@link benchRos}. */
export interface RosBenchOptions extends BenchMessages {
  /** Messages per second [1/s]. */
  readonly rate: number;
  /** Messages in a round. */
  readonly messages: number;
  /** The result is the round with the median CPU time. */
  readonly rounds: number;
  /** Most decisions per second that the mode allows [1/s]; 0: no limit. */
  readonly cap: number;
  /** Time for which the idle node is measured before each round [s]. */
  readonly idle: number;
  /** Parameters of the node by name, as written after `-p`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Messages before measuring. They let V8 compile code that runs often, which is not a cost of a message. */
  readonly warmup: number;
  /** Whether to measure, in turns, a node of rclpy and numpy that scales images down in the same way. */
  readonly numpy: boolean;
}

/** Results over real ROS 2, with the node in its own process. */
export interface RosBenchResult extends RosBenchOptions, Measured {
  /** Result of the node of rclpy and numpy, which learns nothing; absent: not requested. */
  readonly peer?: NodeMeasurement;
  /** CPU time of a message in each round, of our node and of the peer [s]. */
  readonly all: readonly number[];
  readonly allPeer: readonly number[];
}

/**
 * Publishes messages at a steady rate and measures how the node answers. Needs a sourced ROS 2.
 *
 * @throws {@link TopsparkError} `node_silent` where the node does not answer within 20 s
 */
export async function benchRos(options: RosBenchOptions): Promise<RosBenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'topspark-bench-'));
  const parameters = { sensors: `[${options.sensor}]`, ...options.parameters };
  const children = [
    startNode(folder, parameters, { max_rate: options.cap }),
    ...(options.numpy ? [startNumpy('numpy')] : []),
  ];
  // Applies to the publisher only: the nodes' processes have already started.
  publishLargeMessages();
  let node: SimpleNode | undefined;
  try {
    node = await openNode('topspark_bench');
    const ours = new MessageContender(node, options, children[0], 'topspark', '');
    const peer = options.numpy ? new MessageContender(node, options, children[1], 'numpy', 'numpy/') : undefined;
    for (const each of [ours, peer]) {
      await each?.meet();
      await each?.warmUp(options.warmup);
    }
    const [rounds, peers]: [Measured[], Measured[]] = [[], []];
    for (let round = 0; round < options.rounds; round++) {
      rounds.push(await ours.measure({ ...options, ask: 5 }));
      if (peer) peers.push(await peer.measure(options));
    }
    const cpuOf = (measured: readonly Measured[]): number[] => measured.map(({ cpuPerMessage }) => cpuPerMessage);
    const result = { ...options, ...middle(rounds), all: cpuOf(rounds), allPeer: cpuOf(peers) };
    if (peer === undefined) return result;
    return { ...result, peer: middle(peers) };
  } finally {
    node?.close();
    await node?.closed;
    await Promise.all(children.map(endNode));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The round with the median CPU time. */
export function middle(rounds: readonly Measured[]): Measured {
  const sorted = [...rounds].sort((a, b) => a.cpuPerMessage - b.cpuPerMessage);
  return sorted[(sorted.length - 1) >> 1];
}

/**
 * Starts the node of rclpy and numpy.
 *
 * @param name - name of the node, and namespace of its input
 * @throws {@link TopsparkError} `no_peer` in an installed package, which does not contain it
 */
export function startNumpy(name: string): ChildProcess {
  const program = fileURLToPath(new URL('../../bench/numpy/numpy_node.py', import.meta.url));
  if (!existsSync(program)) {
    throw new TopsparkError('no_peer', 'environment', `${program} is missing, expected a checkout of the project`);
  }
  const own = Object.entries(process.env).filter(([name]) => !profileVariables.some((each) => each === name));
  const env = Object.fromEntries(own);
  const topics = ['image', 'scan'].flatMap((topic) => ['-r', `${topic}:=${name}/${topic}`]);
  return spawn('python3', [program, '--ros-args', '-r', `__node:=${name}`, ...topics], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
}
