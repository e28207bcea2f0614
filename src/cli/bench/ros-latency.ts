import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, interval, merge, race, takeUntil, tap, timer } from 'rxjs';
import { TopsparkError } from '../../base/errors.js';
import { RingBuffer } from '../../base/ring-buffer.js';
import { Random } from '../../base/random.js';
import { openNode, type SimpleNode } from '../../ros/open-node.js';
import { qosProfiles } from '../../ros/qos-profiles.js';
import { toNanoseconds } from '../../ros/stamps.js';

/** What {@link benchRos} does. */
export interface RosBenchOptions {
  /** Images a second. */
  readonly rate: number;
  /** Images in all. */
  readonly messages: number;
}

/** Quantiles of a duration [s]. */
export interface Durations {
  readonly p50: number;
  readonly p99: number;
}

/** What was measured over real ROS 2, the node in a process of its own. */
export interface RosBenchResult extends RosBenchOptions {
  /** Decisions heard; best effort at depth 1, so that the newest image wins where the node is late. */
  readonly decisions: number;
  /** From publishing an image to hearing its decision: two messages and the decision. */
  readonly roundTrip: Durations;
  /** From taking the image in the node to publishing its decision. */
  readonly latency: Durations;
  /** CPU of the node's process, of one core, mean. */
  readonly cpu: number;
  /** Resident set of the node's process at the end [byte]. */
  readonly memory: number;
}

const side = 28;

/**
 * Publishes 28×28 images at a steady rate and measures how the node answers. Needs a sourced ROS 2.
 *
 * @throws {@link TopsparkError} `node_silent` where the node does not answer within 20 s
 */
export async function benchRos(options: RosBenchOptions): Promise<RosBenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'topspark-bench-'));
  const child = startNode(folder);
  let node: SimpleNode | undefined;
  try {
    node = await openNode('topspark_bench');
    return await measure(node, options);
  } finally {
    node?.close();
    await node?.closed;
    await endNode(child);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(node: SimpleNode, { rate, messages }: RosBenchOptions): Promise<RosBenchResult> {
  const images = node.publisher('sensor_msgs/msg/Image', 'image', qosProfiles.sensorData);
  const decisions = node.messages('topspark_msgs/msg/Decision', 'topspark/decision', qosProfiles.output);
  const statuses = node.messages('topspark_msgs/msg/Status', 'topspark/status', qosProfiles.output);
  const random = new Random(1);
  const sent = new Map<bigint, number>();
  const send = (): void => {
    const stamp = node.stamp();
    const image = { width: side, height: side, encoding: 'mono8', is_bigendian: 0, step: side, data: picture(random) };
    sent.set(toNanoseconds(stamp), performance.now());
    images.publish({ header: { stamp, frame_id: 'bench' }, ...image });
  };
  await firstDecision(send, decisions);
  sent.clear();

  const roundTrip = new RingBuffer(messages);
  const latency = new RingBuffer(messages);
  const cpu: number[] = [];
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
        cpu.push(status.cpu);
        memory = Number(status.memory);
      }),
    ),
  ).subscribe();
  await steadily(rate, messages, send);
  await firstValueFrom(timer(1500)); // the last answers, and a last status
  hearing.unsubscribe();
  const mean = cpu.reduce((sum, value) => sum + value, 0) / cpu.length;
  return { rate, messages, decisions: heard, roundTrip: of(roundTrip), latency: of(latency), cpu: mean, memory };
}

function of(values: RingBuffer): Durations {
  const [p50 = NaN, p99 = NaN] = values.quantiles(0.5, 0.99);
  return { p50, p99 };
}

/** Sends until the node answers: it is active then, and both ends know each other. */
async function firstDecision(send: () => void, decisions: ReturnType<SimpleNode['messages']>): Promise<void> {
  const knocking = interval(100).pipe(takeUntil(decisions)).subscribe(send);
  const silent = await firstValueFrom(race(decisions, timer(20_000)));
  knocking.unsubscribe();
  if (typeof silent === 'number') {
    throw new TopsparkError('node_silent', 'environment', 'the node decided nothing within 20 s, expected a decision');
  }
}

/** Calls `send` on a fixed grid of time; after a stall it catches up slowly, as no sensor sends two at once. */
async function steadily(rate: number, count: number, send: () => void): Promise<void> {
  const start = performance.now();
  let earliest = start;
  for (let index = 0; index < count; index++) {
    const due = Math.max(start + (index * 1000) / rate, earliest);
    await firstValueFrom(timer(Math.max(0, due - performance.now())));
    earliest = performance.now() + 750 / rate;
    send();
  }
}

/** Three bright strokes on black, each time elsewhere. */
function picture(random: Random): Uint8Array {
  const data = new Uint8Array(side * side);
  for (let stroke = 0; stroke < 3; stroke++) {
    const row = 2 + random.below(side - 8);
    const column = 2 + random.below(side - 8);
    const step = stroke === 0 ? 1 : stroke === 1 ? side : side + 1;
    for (let index = 0; index < 6; index++) data[row * side + column + index * step] = 255;
  }
  return data;
}

function startNode(folder: string): ChildProcess {
  const program = new URL('../../ros/main.js', import.meta.url).pathname;
  const parameters = ['-p', `checkpoint.directory:=${folder}`, '-p', 'checkpoint.restore:=false'];
  return spawn(process.execPath, [program, '--ros-args', ...parameters], { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function endNode(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  const late = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(late);
}
