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
  /** Messages a second. */
  readonly rate: number;
  /** Messages in a round. */
  readonly messages: number;
  /** The result is the round with the median CPU time. */
  readonly rounds: number;
  /** Decisions a second that the mode allows; 0: as they come. */
  readonly cap: number;
  /** Time for which the idle node is measured first [s]. */
  readonly idle: number;
  /** Parameters of the node by name, as they are written behind `-p`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Messages before measuring: V8 compiles code that runs often, which is not a cost of a message. */
  readonly warmup: number;
  /** Measure a node of rclpy and numpy that scales images down in the same way, by turns. */
  readonly numpy: boolean;
}

/** What was measured over real ROS 2, the node in a process of its own. */
export interface RosBenchResult extends RosBenchOptions, Measured {
  /** The node of rclpy and numpy, which learns nothing; where it was asked for. */
  readonly peer?: NodeMeasurement;
  /** CPU time of a message, by round, and of the peer. */
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
  // The publisher's alone: the nodes' processes have started without.
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
 * The node of rclpy and numpy.
 *
 * @param name - of the node, and namespace of what it hears
 * @throws {@link TopsparkError} `no_peer` in a package, which does not hold it
 */
export function startNumpy(name: string): ChildProcess {
  const program = fileURLToPath(new URL('../../bench/numpy/numpy_node.py', import.meta.url));
  if (!existsSync(program)) {
    throw new TopsparkError('no_peer', 'environment', `${program} is missing, expected a checkout of the project`);
  }
  const own = Object.entries(process.env).filter(([name]) => !profileVariables.some((each) => each === name));
  const env = Object.fromEntries(own);
  return spawn('python3', [program, '--ros-args', '-r', `__node:=${name}`, '-r', `image:=${name}/image`], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
}
