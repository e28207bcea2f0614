import type { Publisher } from 'rclnodejs';
import { endpoints } from './endpoints.js';
import type { GuardedNode } from './guarded-node.js';
import type { Endpoint } from './qos-parameters.js';
import { toQos } from './qos.js';
import { ros, type MessageTypeClassName } from './rclnodejs.js';

/** The node's publishers. */
export class Outputs {
  readonly decision: Publisher<'topspark_msgs/msg/Decision'>;
  readonly energyMode: Publisher<'topspark_msgs/msg/EnergyMode'>;
  readonly status: Publisher<'topspark_msgs/msg/Status'>;
  readonly diagnostics: Publisher<'diagnostic_msgs/msg/DiagnosticArray'>;

  constructor(readonly node: GuardedNode) {
    this.decision = this.#publisher('topspark_msgs/msg/Decision', endpoints.decision);
    this.energyMode = this.#publisher('topspark_msgs/msg/EnergyMode', endpoints.energyMode);
    this.status = this.#publisher('topspark_msgs/msg/Status', endpoints.status);
    this.diagnostics = this.#publisher('diagnostic_msgs/msg/DiagnosticArray', endpoints.diagnostics);
  }

  /** Takes the publishers off the network. */
  close(): void {
    for (const each of [this.decision, this.energyMode, this.status, this.diagnostics])
      this.node.destroyPublisher(each);
  }

  #publisher<T extends MessageTypeClassName>(type: T, { topic, profile }: Endpoint): Publisher<T> {
    const qosOverridingOptions = ros.QoSOverridingOptions.withDefaultPolicies();
    return this.node.createPublisher(type, topic, { qos: toQos(profile), qosOverridingOptions });
  }
}
