import type { Observable } from 'rxjs';
import { longestTeaching } from '../agent/teaching.js';
import { TopsparkError } from '../base/errors.js';
import { labelKinds } from '../classifier/label-kinds.js';
import { qosProfiles } from '../node/qos-profiles.js';
import { openNode, type SimpleNode } from './open-node.js';
import type { MessageType } from './rclnodejs.js';

/** Facts about a class of a node. */
export interface TaughtClass {
  readonly name: string;
  readonly labels: number;
  readonly neurons: number;
}

/** A running node, taught from another process. */
export class TaughtNode {
  readonly decisions: Observable<MessageType<'topspark_msgs/msg/Decision'>>;
  readonly modes: Observable<MessageType<'topspark_msgs/msg/EnergyMode'>>;
  readonly #teach;
  readonly #classes;
  readonly #labels;
  /** Stamps of the samples of the last burst. */
  #taught: MessageType<'topspark_msgs/msg/Label'>[] = [];

  private constructor(
    readonly peer: SimpleNode,
    readonly node: string,
    labels: string,
  ) {
    this.decisions = peer.messages('topspark_msgs/msg/Decision', `${node}/decision`, qosProfiles.output);
    this.modes = peer.messages('topspark_msgs/msg/EnergyMode', `${node}/energy_mode`, qosProfiles.latched);
    peer.messages('topspark_msgs/msg/Label', `${node}/taught`, qosProfiles.labels).subscribe((label) => {
      this.#taught.push(label);
    });
    this.#teach = peer.caller('topspark_msgs/srv/Teach', `${node}/teach`);
    this.#classes = peer.caller('topspark_msgs/srv/ListClasses', `${node}/classes`);
    this.#labels = peer.publisher('topspark_msgs/msg/Label', labels, qosProfiles.labels);
  }

  /**
   * Finds a node.
   *
   * @param node - full name
   * @param labels - topic of its labels
   * @param timeout - [s]
   * @throws {@link TopsparkError} `node_silent` where it does not answer in time
   */
  static async find(node: string, labels: string, timeout: number): Promise<TaughtNode> {
    const found = new TaughtNode(await openNode('topspark_teach', { argv: [] }), node, labels);
    let late: NodeJS.Timeout | undefined;
    const silent = new Promise<never>((_, reject) => {
      late = setTimeout(() => {
        const message = `${node} was not found within ${timeout} s, expected a running topspark node`;
        reject(new TopsparkError('node_silent', 'environment', `${message}: same ROS_DOMAIN_ID? right namespace?`));
      }, 1000 * timeout);
    });
    try {
      await Promise.race([found.classes(), silent]);
      return found;
    } catch (error) {
      await found.close();
      throw error;
    } finally {
      clearTimeout(late);
    }
  }

  /** Its classes. */
  async classes(): Promise<TaughtClass[]> {
    const { labels, heard, neurons } = await this.#classes({});
    return labels.map((name, c) => ({ name, labels: Number(heard[c]), neurons: neurons[c] }));
  }

  /**
   * Teaches until {@link TaughtNode.end}.
   *
   * @returns the node's answer at the end
   */
  async begin(name: string): Promise<string> {
    this.#taught = [];
    const { message } = await this.#teach({ label: name, duration: { sec: longestTeaching, nanosec: 0 } });
    return message;
  }

  /** Ends the lesson. */
  async end(): Promise<void> {
    await this.#teach({ label: '', duration: { sec: 0, nanosec: 0 } });
  }

  /**
   * Undoes the labels of the last burst.
   *
   * @returns number of samples
   */
  takeBack(): number {
    const taught = this.#taught.splice(0);
    for (const { header } of taught) {
      this.#labels.publish({ header, label: '', kind: labelKinds.indexOf('correction') });
    }
    return taught.length;
  }

  /** Stops watching; the node stays as it is. */
  async close(): Promise<void> {
    this.peer.close();
    await this.peer.closed;
  }
}
