import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parse } from '@foxglove/rosmsg';
import { MessageWriter } from '@foxglove/rosmsg2-serialization';
import { schemaOf } from 'topspark/bag/bag-definitions.js';
import { writeCdr } from 'topspark/base/cdr.js';
import { TopsparkError } from 'topspark/base/errors.js';
import { Random } from 'topspark/base/random.js';
import { qosProfiles } from 'topspark/node/qos-profiles.js';
import { openNode, type SimpleNode, type SimplePublisher } from 'topspark/ros/open-node.js';
import { endNode, startNode } from '../beside-node.js';
import { EventPackets } from './event-packets-made.js';

/** Name of a message type. Derived here, since rclnodejs is a dependency of topspark, not of the lab. */
type MessageName = Parameters<SimpleNode['publisher']>[0];

/** Options of {@link floodEvents}. */
export interface EventFloodOptions {
  /** Millions of events per second [10⁶/s]. */
  readonly rate: number;
  readonly seconds: number;
  /** Packets per second [1/s]. */
  readonly packets: number;
}

/** Result of sending the whole node a stream of events over real ROS 2. */
export interface EventFloodResult extends EventFloodOptions {
  /** Packets and events sent, and the achieved rate [10⁶ events/s]. */
  readonly sent: number;
  readonly events: number;
  readonly achieved: number;
  /** Counts of packets and events by outcome, from the node's diagnostics. */
  readonly details: Readonly<Record<string, number>>;
  readonly decisions: number;
  /** Time from the stamp of the packet that completes a sample to the arrival of its decision here [s]. */
  readonly lag: { readonly p50: number; readonly p99: number; readonly most: number };
  /** Resident set of the node after a tenth of the time, at the end, and the largest while sending [byte]. */
  readonly memory: { readonly afterWarmUp: number; readonly atEnd: number; readonly most: number };
}

const type = 'event_camera_msgs/msg/EventPacket';
const [width, height] = [640, 480];
/** Names of the node's diagnostics that count packets and events by outcome. */
const isCount = /^(?:Packets lost|Words of no kind|Events|Events (?!since).*)$/;
/** After this time without a decision, no more are expected [ms]. */
const settled = 3000;

/**
 * Sends packets of an event camera at a steady rate to a node in its own process. Needs a sourced ROS 2 with
 * event_camera_msgs.
 *
 * @param advance - called with the seconds that have passed since the last call
 * @throws {@link TopsparkError} `node_silent` where the node does not answer within 60 s
 */
export async function floodEvents(
  options: EventFloodOptions,
  advance: (seconds: number) => void,
): Promise<EventFloodResult> {
  const folder = mkdtempSync(join(tmpdir(), 'topspark-bench-'));
  const child = startNode(folder, {
    ...{ sensors: '[events]', 'events.window': 0.1, 'events.hop': 0.05, 'energy_mode.forced': 'FULL' },
  });
  let node: SimpleNode | undefined;
  try {
    node = await openNode('topspark_bench');
    const flood = new Flood(node, options, child.pid ?? 0);
    await flood.meet();
    return await flood.send(advance);
  } finally {
    node?.close();
    await node?.closed;
    await endNode(child);
    rmSync(folder, { recursive: true, force: true });
  }
}

class Flood {
  readonly #writer = new MessageWriter(parse(schemaOf(type), { ros2: true }));
  readonly #publisher: SimplePublisher<MessageName>;
  readonly #made: EventPackets;
  readonly #lags: number[] = [];
  #details: Readonly<Record<string, number>> = {};
  #heard = performance.now();
  #sent = 0;
  #events = 0;

  constructor(
    readonly node: SimpleNode,
    readonly options: EventFloodOptions,
    readonly pid: number,
  ) {
    const { rate, packets } = options;
    this.#made = new EventPackets(width, height, Math.round((1e6 * rate) / packets), new Random(1));
    this.#publisher = node.publisher(type as MessageName, 'events', qosProfiles.sensorStream);
    node.messages('topspark_msgs/msg/Decision', 'topspark/decision', qosProfiles.output).subscribe(({ header }) => {
      this.#heard = performance.now();
      this.#lags.push(seconds(node.stamp()) - seconds(header.stamp));
    });
    node.messages('diagnostic_msgs/msg/DiagnosticArray', '/diagnostics', qosProfiles.output).subscribe(({ status }) => {
      const own = status.find(({ name }) => name === 'topspark: events');
      const counts = own?.values.map(({ key, value }): [string, number] => [key, Number(value)]) ?? [];
      if (own) this.#details = Object.fromEntries(counts.filter(([key]) => isCount.test(key)));
    });
  }

  /** Sends until the node answers: it is active then, and publisher and subscriptions are matched. */
  async meet(): Promise<void> {
    for (let waited = 0; this.#lags.length < 10; waited += 10) {
      if (waited > 60_000) {
        const expected = 'expected decisions: is event_camera_msgs sourced?';
        throw new TopsparkError('node_silent', 'environment', `the node decided nothing within 60 s, ${expected}`);
      }
      this.#publish();
      await pause(10);
    }
  }

  async send(advance: (seconds: number) => void): Promise<EventFloodResult> {
    const { seconds: length, packets } = this.options;
    await this.#settle();
    const before = this.#details;
    this.#lags.length = 0;
    [this.#sent, this.#events] = [0, 0];
    const memory = { afterWarmUp: 0, atEnd: 0, most: 0 };
    const start = performance.now();
    let looked = 0;
    for (let now = 0; now < 1000 * length; now = performance.now() - start) {
      // Publishes all packets that are due. A driver's packets do not wait for each other either.
      while (this.#sent < Math.min((now * packets) / 1000, length * packets)) this.#publish();
      if (now - looked > 1000) {
        const resident = residentSet(this.pid);
        if (memory.afterWarmUp === 0 || now < 100 * length) memory.afterWarmUp = resident;
        memory.most = Math.max(memory.most, resident);
        advance((now - looked) / 1000);
        looked = now;
      }
      await pause(1);
    }
    const took = (performance.now() - start) / 1000;
    const { length: decisions } = this.#lags;
    const lags = this.#lags.toSorted((a, b) => a - b);
    const quantile = (share: number): number => lags[Math.min(lags.length - 1, Math.floor(share * lags.length))] ?? NaN;
    await this.#settle();
    memory.atEnd = residentSet(this.pid);
    const details = Object.entries(this.#details).map(([key, value]) => [key, value - (before[key] ?? 0)]);
    return {
      ...this.options,
      ...{ sent: this.#sent, events: this.#events, achieved: this.#events / took / 1e6, decisions, memory },
      details: Object.fromEntries(details) as Record<string, number>,
      lag: { p50: quantile(0.5), p99: quantile(0.99), most: quantile(1) },
    };
  }

  // Waits until no decision has come for a while; by then the diagnostics are up to date.
  async #settle(): Promise<void> {
    this.#heard = performance.now();
    while (performance.now() - this.#heard < settled) await pause(100);
  }

  #publish(): void {
    const { bytes, events, seq } = this.#made.next(performance.now() * 1000);
    const header = { stamp: this.node.stamp(), frame_id: 'event_camera' };
    const fields = { width, height, seq, time_base: 0n, encoding: 'evt3', is_bigendian: false, events: bytes };
    this.#publisher.publishBytes(writeCdr(this.#writer, { header, ...fields }));
    this.#sent++;
    this.#events += events;
  }
}

const seconds = ({ sec, nanosec }: { readonly sec: number; readonly nanosec: number }): number => sec + nanosec / 1e9;

/** Resident set of a process [byte]; Linux only. */
function residentSet(pid: number): number {
  return 1024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN);
}
