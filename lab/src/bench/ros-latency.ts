import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstValueFrom, merge, tap, timer } from 'rxjs';
import { TopsparkError } from 'topspark/base/errors.js';
import { RingBuffer } from 'topspark/agent/decision-latencies.js';
import { toNanoseconds } from 'topspark/base/time.js';
import { profileVariables, publishLargeMessages } from 'topspark/node/large-messages.js';
import { openNode, type SimpleNode } from 'topspark/ros/open-node.js';
import { qosProfiles } from 'topspark/node/qos-profiles.js';
import { endNode, firstDecision, startNode, steadily } from './beside-node.js';
import { processCpu } from './process-cpu.js';
import { benchSender, type BenchMessages, type BenchSender } from './ros-messages.js';
import { StageAccount, type StageTimes } from './stage-account.js';

/** What {@link benchRos} does. */
export interface RosBenchOptions extends BenchMessages {
  /** Messages a second. */
  readonly rate: number;
  /** Messages in a round. */
  readonly messages: number;
  /** What is told is the round with the median CPU time. */
  readonly rounds: number;
  /** Decisions a second that the mode allows; 0: as they come. */
  readonly cap: number;
  /** How long the idle node is looked at before [s]. */
  readonly idle: number;
  /** Measure a node of rclpy and numpy that scales images down in the same way, by turns. */
  readonly numpy: boolean;
}

/** Quantiles of a duration [s]. */
export interface Durations {
  readonly p50: number;
  readonly p99: number;
}

/** What was measured of one node. */
export interface NodeMeasurement {
  /** Decisions heard; best effort at depth 1, so that the newest message wins where the node is late. */
  readonly decisions: number;
  /** From publishing a message to hearing its decision: two messages and the decision. */
  readonly roundTrip: Durations;
  /** CPU of the node's process, of one core, mean: while it gets messages, and before. */
  readonly cpu: number;
  readonly idleCpu: number;
  /** The first for each message published [s]. */
  readonly cpuPerMessage: number;
}

/** What was measured over real ROS 2, the node in a process of its own. */
export interface RosBenchResult extends RosBenchOptions, NodeMeasurement {
  /** From taking the message in the node to publishing its decision. */
  readonly latency: Durations;
  /** CPU time of a decision by stage, as the node accounts for it [s]. */
  readonly stages: StageTimes;
  /** Resident set of the node's process at the end [byte]. */
  readonly memory: number;
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
  const parameters = { sensors: `[${options.sensor}]` };
  const children = [startNode(folder, parameters, { max_rate: options.cap }), ...(options.numpy ? [startPeer()] : [])];
  // The publisher's alone: the nodes' processes have started without.
  publishLargeMessages();
  let node: SimpleNode | undefined;
  try {
    node = await openNode('topspark_bench');
    const ours = new Contender(node, options, children[0], 'topspark', '');
    const peer = options.numpy ? new Contender(node, options, children[1], 'numpy', 'numpy/') : undefined;
    await ours.meet();
    await peer?.meet();
    const [rounds, peers]: [Measured[], Measured[]] = [[], []];
    for (let round = 0; round < options.rounds; round++) {
      rounds.push(await ours.measure());
      if (peer) peers.push(await peer.measure());
    }
    const cpuOf = (measured: readonly Measured[]): number[] => measured.map(({ cpuPerMessage }) => cpuPerMessage);
    const result = { ...options, ...middle(rounds), all: cpuOf(rounds), allPeer: cpuOf(peers) };
    if (peer === undefined) return result;
    const { decisions, roundTrip, cpu, idleCpu, cpuPerMessage } = middle(peers);
    return { ...result, peer: { decisions, roundTrip, cpu, idleCpu, cpuPerMessage } };
  } finally {
    node?.close();
    await node?.closed;
    await Promise.all(children.map(endNode));
    rmSync(folder, { recursive: true, force: true });
  }
}

type Measured = Omit<RosBenchResult, keyof RosBenchOptions | 'all' | 'allPeer'>;

/** The round with the median CPU time. */
function middle(rounds: readonly Measured[]): Measured {
  const sorted = [...rounds].sort((a, b) => a.cpuPerMessage - b.cpuPerMessage);
  return sorted[(sorted.length - 1) >> 1];
}

/** A node in a process of its own, with a publisher that it alone hears. */
class Contender {
  readonly #node: SimpleNode;
  readonly #options: RosBenchOptions;
  readonly #child: ChildProcess;
  readonly #publish: BenchSender;
  readonly #decisions: ReturnType<typeof decisionsOf>;
  readonly #statuses: ReturnType<typeof statusesOf>;
  readonly #sent = new Map<bigint, number>();

  /**
   * @param name - of the node
   * @param topics - namespace of what it hears
   */
  constructor(node: SimpleNode, options: RosBenchOptions, child: ChildProcess, name: string, topics: string) {
    this.#node = node;
    this.#options = options;
    this.#child = child;
    this.#publish = benchSender(node, options, topics);
    this.#decisions = decisionsOf(node, name);
    this.#statuses = statusesOf(node, name);
  }

  /** @throws {@link TopsparkError} `node_silent` where it does not answer within 20 s */
  async meet(): Promise<void> {
    await firstDecision(this.#send, this.#decisions);
  }

  async measure(): Promise<Measured> {
    const { rate, messages, idle } = this.#options;
    this.#sent.clear();
    const resting = await this.#cpuOf(firstValueFrom(timer(1000 * idle)));

    const roundTrip = new RingBuffer(messages);
    const latency = new RingBuffer(messages);
    const account = new StageAccount();
    let memory = 0;
    let heard = 0;
    let sending = true;
    const hearing = merge(
      this.#decisions.pipe(
        tap((decision) => {
          const start = this.#sent.get(toNanoseconds(decision.header.stamp));
          if (start === undefined) return;
          roundTrip.add((performance.now() - start) / 1000);
          latency.add(decision.latency);
          heard++;
        }),
      ),
      this.#statuses.pipe(
        tap((status) => {
          memory = Number(status.memory);
          if (sending && this.#sent.size > 0) account.hear(status);
        }),
      ),
    ).subscribe();
    const busy = await this.#cpuOf(steadily(rate, messages, this.#send));
    sending = false;
    await firstValueFrom(timer(1500)); // the last answers, and a last status
    hearing.unsubscribe();
    return {
      ...{ decisions: heard, roundTrip: of(roundTrip), latency: of(latency), memory, stages: account.perDecision() },
      ...{ cpu: busy.share, idleCpu: resting.share, cpuPerMessage: busy.used / messages },
    };
  }

  readonly #send = (): void => {
    const stamp = this.#node.stamp();
    this.#sent.set(toNanoseconds(stamp), performance.now());
    this.#publish({ stamp, frame_id: 'bench' });
  };

  async #cpuOf(work: Promise<unknown>): Promise<{ used: number; share: number }> {
    const pid = this.#child.pid ?? 0;
    const [before, start] = [processCpu(pid), performance.now()];
    await work;
    const used = processCpu(pid) - before;
    return { used, share: (1000 * used) / (performance.now() - start) };
  }
}

const decisionsOf = (node: SimpleNode, name: string) =>
  node.messages('topspark_msgs/msg/Decision', `${name}/decision`, qosProfiles.output);
const statusesOf = (node: SimpleNode, name: string) =>
  node.messages('topspark_msgs/msg/Status', `${name}/status`, qosProfiles.output);

function of(values: RingBuffer): Durations {
  const [p50 = NaN, p99 = NaN] = values.quantiles(0.5, 0.99);
  return { p50, p99 };
}

/** @throws {@link TopsparkError} `no_peer` in a package, which does not hold it */
function startPeer(): ChildProcess {
  const program = fileURLToPath(new URL('../../bench/numpy/numpy_node.py', import.meta.url));
  if (!existsSync(program)) {
    throw new TopsparkError('no_peer', 'environment', `${program} is missing, expected a checkout of the project`);
  }
  const own = Object.entries(process.env).filter(([name]) => !profileVariables.some((each) => each === name));
  const env = Object.fromEntries(own);
  return spawn('python3', [program, '--ros-args', '-r', 'image:=numpy/image'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
}
