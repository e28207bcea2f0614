import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, merge, tap, timer } from 'rxjs';
import { TopsparkError } from '../../base/errors.js';
import { RingBuffer } from '../../base/ring-buffer.js';
import { toNanoseconds } from '../../base/stamps.js';
import { publishLargeMessages } from '../../ros/large-messages.js';
import { openNode, type SimpleNode } from '../../ros/open-node.js';
import { qosProfiles } from '../../ros/qos-profiles.js';
import { endNode, firstDecision, startNode, steadily } from './beside-node.js';
import { processCpu } from './process-cpu.js';
import { benchSender, type BenchMessages } from './ros-messages.js';
import { StageAccount, type StageTimes } from './stage-account.js';

/** What {@link benchRos} does. */
export interface RosBenchOptions extends BenchMessages {
  /** Messages a second. */
  readonly rate: number;
  /** Messages in all. */
  readonly messages: number;
  /** Decisions a second that the mode allows; 0: as they come. */
  readonly cap: number;
  /** How long the idle node is looked at before [s]. */
  readonly idle: number;
  /** Measure a node of rclpy and numpy that scales images down in the same way, right after. */
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
}

/**
 * Publishes messages at a steady rate and measures how the node answers. Needs a sourced ROS 2.
 *
 * @throws {@link TopsparkError} `node_silent` where the node does not answer within 20 s
 */
export async function benchRos(options: RosBenchOptions): Promise<RosBenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'topspark-bench-'));
  const parameters = { sensors: `[${options.sensor}]`, 'modes.full.max_rate': options.cap.toFixed(3) };
  let child = startNode(folder, parameters);
  // The publisher's alone: the node's process has started without.
  publishLargeMessages();
  let node: SimpleNode | undefined;
  try {
    node = await openNode('topspark_bench');
    const ours = await measure(node, options, 'topspark', child);
    await endNode(child);
    if (!options.numpy) return { ...options, ...ours };
    child = startPeer();
    const { decisions, roundTrip, cpu, idleCpu, cpuPerMessage } = await measure(node, options, 'numpy', child);
    return { ...options, ...ours, peer: { decisions, roundTrip, cpu, idleCpu, cpuPerMessage } };
  } finally {
    node?.close();
    await node?.closed;
    await endNode(child);
    rmSync(folder, { recursive: true, force: true });
  }
}

type Measured = Omit<RosBenchResult, keyof RosBenchOptions>;

async function measure(
  node: SimpleNode,
  options: RosBenchOptions,
  name: string,
  child: ChildProcess,
): Promise<Measured> {
  const { rate, messages, idle } = options;
  const publish = benchSender(node, options);
  const decisions = node.messages('topspark_msgs/msg/Decision', `${name}/decision`, qosProfiles.output);
  const statuses = node.messages('topspark_msgs/msg/Status', `${name}/status`, qosProfiles.output);
  const sent = new Map<bigint, number>();
  const send = (): void => {
    const stamp = node.stamp();
    sent.set(toNanoseconds(stamp), performance.now());
    publish({ stamp, frame_id: 'bench' });
  };
  await firstDecision(send, decisions);
  sent.clear();
  const cpuOf = async (work: Promise<unknown>): Promise<{ used: number; share: number }> => {
    const [before, start] = [processCpu(child.pid ?? 0), performance.now()];
    await work;
    const used = processCpu(child.pid ?? 0) - before;
    return { used, share: (1000 * used) / (performance.now() - start) };
  };
  const resting = await cpuOf(firstValueFrom(timer(1000 * idle)));

  const roundTrip = new RingBuffer(messages);
  const latency = new RingBuffer(messages);
  const account = new StageAccount();
  let memory = 0;
  let heard = 0;
  let sending = true;
  const hearing = merge(
    decisions.pipe(
      tap((decision) => {
        const start = sent.get(toNanoseconds(decision.header.stamp));
        if (start === undefined) return;
        roundTrip.add((performance.now() - start) / 1000);
        latency.add(decision.latency);
        heard++;
      }),
    ),
    statuses.pipe(
      tap((status) => {
        memory = Number(status.memory);
        if (sending && sent.size > 0) account.hear(status);
      }),
    ),
  ).subscribe();
  const busy = await cpuOf(steadily(rate, messages, send));
  sending = false;
  await firstValueFrom(timer(1500)); // the last answers, and a last status
  hearing.unsubscribe();
  return {
    ...{ decisions: heard, roundTrip: of(roundTrip), latency: of(latency), memory, stages: account.perDecision() },
    ...{ cpu: busy.share, idleCpu: resting.share, cpuPerMessage: busy.used / messages },
  };
}

function of(values: RingBuffer): Durations {
  const [p50 = NaN, p99 = NaN] = values.quantiles(0.5, 0.99);
  return { p50, p99 };
}

/** @throws {@link TopsparkError} `no_peer` in a package, which does not hold it */
function startPeer(): ChildProcess {
  const program = new URL('../../../bench/numpy/numpy_node.py', import.meta.url).pathname;
  if (!existsSync(program)) {
    throw new TopsparkError('no_peer', 'environment', `${program} is missing, expected a checkout of the project`);
  }
  const env = { ...process.env };
  delete env['FASTRTPS_DEFAULT_PROFILES_FILE'];
  return spawn('python3', [program], { stdio: ['ignore', 'ignore', 'inherit'], env });
}
