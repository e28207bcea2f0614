import type { ChildProcess } from 'node:child_process';
import { firstValueFrom, merge, tap, timer } from 'rxjs';
import { RingBuffer } from 'topspark/agent/decision-latencies.js';
import { toNanoseconds } from 'topspark/base/time.js';
import { qosProfiles } from 'topspark/node/qos-profiles.js';
import type { SimpleNode } from 'topspark/ros/open-node.js';
import { asking, Times, type LatencySpread } from './asked-state.js';
import { firstDecision, steadily } from './beside-node.js';
import { processMemory, threadTimes, type ProcessMemory } from './process-cost.js';
import { benchSender, type BenchMessages, type BenchSender } from './ros-messages.js';
import { StageAccount, type StageTimes } from './stage-account.js';

/** Load during a measurement. */
export interface Load {
  /** Messages per second [1/s]. */
  readonly rate: number;
  readonly messages: number;
  /** Time for which the idle node is measured before [s]. */
  readonly idle: number;
  /** Rate of `get_state` requests during the measurement, for a managed node [1/s]; absent: none. */
  readonly ask?: number;
}

/** Messages per second while a node warms up [1/s]. */
const warmUpRate = 400;

/** Quantiles of a duration [s]. */
export interface Durations {
  readonly p50: number;
  readonly p99: number;
}

/** Measurement of one node. */
export interface NodeMeasurement extends ProcessMemory {
  /** Decisions received. Messages are best effort at depth 1: where the node is late, the newest message wins. */
  readonly decisions: number;
  /** Time from publishing a message to receiving its decision: two transfers and the decision itself. */
  readonly roundTrip: Durations;
  /** Mean CPU use of the node's process, as a share of one core: with messages, and idle before them. */
  readonly cpu: number;
  readonly idleCpu: number;
  /** CPU time with messages, per published message [s]. */
  readonly cpuPerMessage: number;
  /** The same by name of thread [s]. */
  readonly threads: Readonly<Record<string, number>>;
}

/** Measurement of a node that reports stages as topspark does; for other nodes those fields are empty. */
export interface Measured extends NodeMeasurement {
  /** Time from taking the message in the node to publishing its decision. */
  readonly latency: Durations;
  /** CPU time of a decision by stage, as reported by the node [s]. */
  readonly stages: StageTimes;
  /** Durations of `get_state` requests during the measurement. */
  readonly answer: LatencySpread;
  /** Resident set of the node's process at the end, as reported by the node [byte]. */
  readonly memory: number;
}

/** A node in its own process, with a publisher for this node only. */
export class MessageContender {
  readonly #node: SimpleNode;
  readonly #child: ChildProcess;
  readonly #publish: BenchSender;
  readonly #decisions: ReturnType<typeof decisionsOf>;
  readonly #statuses: ReturnType<typeof statusesOf>;
  readonly #getState: (request: object) => Promise<unknown>;
  readonly #sent = new Map<bigint, number>();

  /**
   * @param name - name of the node
   * @param topics - namespace of its inputs, `numpy/`; empty: none
   */
  constructor(node: SimpleNode, messages: BenchMessages, child: ChildProcess, name: string, topics: string) {
    this.#node = node;
    this.#child = child;
    this.#publish = benchSender(node, messages, topics);
    this.#decisions = decisionsOf(node, name);
    this.#statuses = statusesOf(node, name);
    this.#getState = node.caller('lifecycle_msgs/srv/GetState', `${name}/get_state`);
  }

  /** Waits for a first decision. @throws {@link TopsparkError} `node_silent` where there is none within 20 s */
  async meet(): Promise<void> {
    await firstDecision(this.#send, this.#decisions);
  }

  /** Sends messages without measuring. */
  async warmUp(messages: number): Promise<void> {
    await steadily(warmUpRate, messages, this.#send);
    this.#sent.clear();
  }

  /** Measures the node idle, then with messages. */
  async measure({ rate, messages, idle, ask }: Load): Promise<Measured> {
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
    const answers = new Times();
    const whole = steadily(rate, messages, this.#send);
    const asked = ask === undefined ? undefined : asking(this.#getState, ask, answers, whole);
    const busy = await this.#cpuOf(whole);
    await asked;
    sending = false;
    await firstValueFrom(timer(1500)); // time for the last answers and one more status
    hearing.unsubscribe();
    return {
      ...{ decisions: heard, roundTrip: of(roundTrip), latency: of(latency), memory, stages: account.perDecision() },
      answer: answers.spread(),
      ...{ cpu: busy.share, idleCpu: resting.share, cpuPerMessage: busy.used / messages },
      ...{ threads: perMessage(busy.threads, messages), ...processMemory(this.#child.pid ?? 0) },
    };
  }

  readonly #send = (): void => {
    const stamp = this.#node.stamp();
    this.#sent.set(toNanoseconds(stamp), performance.now());
    this.#publish({ stamp, frame_id: 'bench' });
  };

  async #cpuOf(work: Promise<unknown>): Promise<{ used: number; share: number; threads: Map<string, number> }> {
    const pid = this.#child.pid ?? 0;
    const [before, start] = [threadTimes(pid), performance.now()];
    await work;
    const threads = new Map([...threadTimes(pid)].map(([name, time]) => [name, time - (before.get(name) ?? 0)]));
    const used = [...threads.values()].reduce((sum, time) => sum + time, 0);
    return { used, share: (1000 * used) / (performance.now() - start), threads };
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

function perMessage(times: ReadonlyMap<string, number>, messages: number): Record<string, number> {
  const sorted = [...times].filter(([, time]) => time > 0).sort(([, one], [, other]) => other - one);
  return Object.fromEntries(sorted.map(([name, time]) => [name, time / messages]));
}
