import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, merge, tap, timer } from 'rxjs';
import { TopsparkError } from '../../base/errors.js';
import { RingBuffer } from '../../base/ring-buffer.js';
import { openNode, type SimpleNode } from '../../ros/open-node.js';
import { qosProfiles } from '../../ros/qos-profiles.js';
import { publishLargeMessages } from '../../ros/large-messages.js';
import { toNanoseconds } from '../../base/stamps.js';
import { benchPictures, endNode, firstDecision, startNode, steadily } from './beside-node.js';
import { processCpu } from './process-cpu.js';

/** Bytes of a pixel, of the encodings that can be published here. */
export const benchEncodings = { mono8: 1, rgb8: 3, bgr8: 3, rgba8: 4, bgra8: 4 } as const;

/** What {@link benchRos} does. */
export interface RosBenchOptions {
  /** Images a second. */
  readonly rate: number;
  /** Images in all. */
  readonly messages: number;
  /** Size of an image [pixel]. */
  readonly width: number;
  readonly height: number;
  readonly encoding: keyof typeof benchEncodings;
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
  /** Decisions heard; best effort at depth 1, so that the newest image wins where the node is late. */
  readonly decisions: number;
  /** From publishing an image to hearing its decision: two messages and the decision. */
  readonly roundTrip: Durations;
  /** CPU of the node's process, of one core, mean. */
  readonly cpu: number;
  /** The same for each image published [s]. */
  readonly cpuPerImage: number;
}

/** What was measured over real ROS 2, the node in a process of its own. */
export interface RosBenchResult extends RosBenchOptions, NodeMeasurement {
  /** From taking the image in the node to publishing its decision. */
  readonly latency: Durations;
  /** Resident set of the node's process at the end [byte]. */
  readonly memory: number;
  /** The node of rclpy and numpy, which learns nothing; where it was asked for. */
  readonly peer?: NodeMeasurement;
}

/**
 * Publishes images at a steady rate and measures how the node answers. Needs a sourced ROS 2.
 *
 * @throws {@link TopsparkError} `node_silent` where the node does not answer within 20 s
 */
export async function benchRos(options: RosBenchOptions): Promise<RosBenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'topspark-bench-'));
  let child = startNode(folder);
  // The publisher's alone: the node's process has started without.
  publishLargeMessages();
  let node: SimpleNode | undefined;
  try {
    node = await openNode('topspark_bench');
    const ours = await measure(node, options, 'topspark', child);
    await endNode(child);
    if (!options.numpy) return { ...options, ...ours };
    child = startPeer();
    const { decisions, roundTrip, cpu, cpuPerImage } = await measure(node, options, 'numpy', child);
    return { ...options, ...ours, peer: { decisions, roundTrip, cpu, cpuPerImage } };
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
  const { rate, messages, width, height, encoding } = options;
  const images = node.publisher('sensor_msgs/msg/Image', 'image', qosProfiles.sensorData);
  const decisions = node.messages('topspark_msgs/msg/Decision', `${name}/decision`, qosProfiles.output);
  const statuses = node.messages('topspark_msgs/msg/Status', `${name}/status`, qosProfiles.output);
  const pictures = benchPictures(width, height, benchEncodings[encoding]);
  const sent = new Map<bigint, number>();
  const send = (): void => {
    const stamp = node.stamp();
    const data = pictures[sent.size % pictures.length];
    const step = width * benchEncodings[encoding];
    sent.set(toNanoseconds(stamp), performance.now());
    images.publish({ header: { stamp, frame_id: 'bench' }, width, height, encoding, is_bigendian: 0, step, data });
  };
  await firstDecision(send, decisions);
  sent.clear();

  const roundTrip = new RingBuffer(messages);
  const latency = new RingBuffer(messages);
  let memory = 0;
  let heard = 0;
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
      }),
    ),
  ).subscribe();
  const [cpuBefore, start] = [processCpu(child.pid ?? 0), performance.now()];
  await steadily(rate, messages, send);
  await firstValueFrom(timer(1500)); // the last answers, and a last status
  const used = processCpu(child.pid ?? 0) - cpuBefore;
  hearing.unsubscribe();
  const cpu = used / ((performance.now() - start) / 1000);
  const quantiles = { roundTrip: of(roundTrip), latency: of(latency) };
  return { decisions: heard, ...quantiles, cpu, cpuPerImage: used / messages, memory };
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
