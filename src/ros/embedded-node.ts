import type { MessageTypeClassName, Options, Subscription } from 'rclnodejs';
import type { AgentStatus } from '../agent/agent-status.js';
import { createLog, type Log } from '../node/log.js';
import { ros } from './rclnodejs.js';
import type { HearBytes } from './safe-lifecycle-node.js';
import { TopsparkNode } from './topspark-node.js';

/** What a node has open. */
export interface OpenEntities {
  readonly subscriptions: number;
  readonly publishers: number;
  readonly services: number;
  readonly timers: number;
}

/** A message as the node took it from the middleware. */
export interface HeardBytes {
  /** Full name of the topic. */
  readonly topic: string;
  readonly type: MessageTypeClassName;
  /** When, of a steady clock [ns]. */
  readonly taken: bigint;
  /** CDR; a copy. */
  readonly bytes: Uint8Array;
}

/** The whole node inside a process that looks at it; otherwise it runs by `run`. */
export class EmbeddedNode {
  readonly #node: TopsparkNode;
  #ended: AgentStatus | undefined;

  private constructor(hear: ((message: HeardBytes) => void) | undefined) {
    const log = createLog('topspark', 2); // standard output is the other's
    this.#node = hear === undefined ? new TopsparkNode(log) : new OverheardNode(log, hear);
  }

  /**
   * Opens ROS and the node, which is not configured.
   *
   * @param parameters - of the node, by name
   * @param hear - hears every message that the node takes, before the node does
   */
  static async open(
    parameters: Readonly<Record<string, string | number>>,
    hear?: (message: HeardBytes) => void,
  ): Promise<EmbeddedNode> {
    ros.removeSignalHandlers();
    const given = Object.entries(parameters).flatMap(([name, value]) => ['-p', `${name}:=${value}`]);
    await ros.init(ros.Context.defaultContext(), [
      '--ros-args',
      '--disable-stdout-logs',
      '--log-level',
      // What whoever listens sends is wrong on purpose.
      hear === undefined ? 'warn' : 'error',
      ...given,
    ]);
    return new EmbeddedNode(hear);
  }

  /** Configures, activates and spins. */
  start(): void {
    this.#node.configure();
    this.#node.activate();
    this.#node.spin(100);
  }

  /** Stops spinning and gives back everything that {@link EmbeddedNode.start} opened. */
  stop(): void {
    this.#node.stop();
    this.#node.deactivate();
    this.#ended = this.#node.status;
    this.#node.cleanup();
  }

  /** What it did, as of the last second, or when it was stopped; nothing before it was started. */
  get status(): AgentStatus | undefined {
    return this.#node.status ?? this.#ended;
  }

  /** What it has open now. */
  get open(): OpenEntities {
    const { _subscriptions: subscriptions, _publishers: publishers, _services: services, _timers: timers } = this.#node;
    return {
      ...{ subscriptions: subscriptions.length, publishers: publishers.length },
      ...{ services: services.length, timers: timers.length },
    };
  }

  /** Ends the node and ROS. */
  close(): void {
    this.#node.close();
    ros.shutdown();
  }
}

/** Hands every message that its node takes raw to a listener first. */
class OverheardNode extends TopsparkNode {
  readonly #hear: (message: HeardBytes) => void;
  #last = 0n;

  constructor(log: Log, hear: (message: HeardBytes) => void) {
    super(log);
    this.#hear = hear;
  }

  override hearBytes(type: MessageTypeClassName, topic: string, options: Options, hear: HearBytes): Subscription {
    const subscription = super.hearBytes(type, topic, options, (message, giveBack) => {
      const now = BigInt(Math.round(performance.now() * 1e6));
      // No two at once: their order is what a bag of them must keep.
      this.#last = now > this.#last ? now : this.#last + 1n;
      this.#hear({ topic: subscription.topic, type, taken: this.#last, bytes: Uint8Array.from(message) });
      hear(message, giveBack);
    });
    return subscription;
  }
}
