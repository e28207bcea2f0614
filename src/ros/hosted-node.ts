import type { AgentStatus } from '../agent/status.js';
import { createLog } from './log.js';
import { ros } from './rclnodejs.js';
import { TopsparkNode } from './topspark-node.js';

/** What a node has open. */
export interface OpenEntities {
  readonly subscriptions: number;
  readonly publishers: number;
  readonly services: number;
  readonly timers: number;
}

/** The whole node inside a process that looks at it; otherwise it runs by `run`. */
export class HostedNode {
  readonly #node: TopsparkNode;

  private constructor() {
    const log = createLog('topspark', 2); // standard output is the other's
    this.#node = new TopsparkNode(log);
  }

  /**
   * Opens ROS and the node, which is not configured.
   *
   * @param parameters - of the node, by name
   */
  static async open(parameters: Readonly<Record<string, string | number>>): Promise<HostedNode> {
    ros.removeSignalHandlers();
    const given = Object.entries(parameters).flatMap(([name, value]) => ['-p', `${name}:=${value}`]);
    await ros.init(ros.Context.defaultContext(), [
      '--ros-args',
      '--disable-stdout-logs',
      '--log-level',
      'warn',
      ...given,
    ]);
    return new HostedNode();
  }

  /** Configures, activates and spins. */
  start(): void {
    this.#node.configure();
    this.#node.activate();
    this.#node.spin(100);
  }

  /** Stops spinning and gives back everything that {@link HostedNode.start} opened. */
  stop(): void {
    this.#node.stop();
    this.#node.deactivate();
    this.#node.cleanup();
  }

  /** What it did, as of the last second. */
  get status(): Pick<AgentStatus, 'received' | 'decided' | 'labelled'> {
    return this.#node.status ?? { received: 0, decided: 0, labelled: 0 };
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
