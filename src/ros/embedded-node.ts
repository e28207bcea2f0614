import type { MessageTypeClassName, Options, Subscription } from 'rclnodejs';
import type { AgentStatus } from '../agent/agent-status.js';
import { createLog, type Log } from '../node/log.js';
import { ros } from './rclnodejs.js';
import type { HearBytes } from './safe-lifecycle-node.js';
import { TopsparkNode } from './topspark-node.js';

/** Open entities of a node. */
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
  /** Time at which it was taken, on a steady clock [ns]. */
  readonly taken: bigint;
  /** CDR; a copy. */
  readonly bytes: Uint8Array;
}

/** The whole node inside another process that observes it. As a program of its own, the node starts by `run`. */
export class EmbeddedNode {
  readonly #node: TopsparkNode;
  #ended: AgentStatus | undefined;

  private constructor(hear: ((message: HeardBytes) => void) | undefined) {
    const log = createLog('topspark', 2); // standard output belongs to the process around it
    this.#node = hear === undefined ? new TopsparkNode(log) : new OverheardNode(log, hear);
  }

  /**
   * Opens ROS and the node, which is not yet configured.
   *
   * @param parameters - parameters of the node by name
   * @param hear - called with every message that the node takes, before the node handles it
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
      // The listener sends invalid messages on purpose.
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

  /** Stops spinning and releases everything that {@link EmbeddedNode.start} opened. */
  stop(): void {
    this.#node.stop();
    this.#node.deactivate();
    this.#ended = this.#node.status;
    this.#node.cleanup();
  }

  /** Its status, as of the last second, or of its stop; undefined before the start. */
  get status(): AgentStatus | undefined {
    return this.#node.status ?? this.#ended;
  }

  /** Its open entities now. */
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

/** Passes every raw message that the node takes to a listener first. */
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
      // Times are distinct, so that a bag of the messages keeps their order.
      this.#last = now > this.#last ? now : this.#last + 1n;
      this.#hear({ topic: subscription.topic, type, taken: this.#last, bytes: Uint8Array.from(message) });
      hear(message, giveBack);
    });
    return subscription;
  }
}
