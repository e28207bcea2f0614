import { MessageWriter } from '@foxglove/rosmsg2-serialization';
import type { Publisher } from 'rclnodejs';
import { writeCdr } from '../base/cdr.js';
import { definitionsOf } from './message-definitions.js';
import type { MessageType, MessageTypeClassName } from './rclnodejs.js';
import { endpoints } from '../node/endpoints.js';
import type { SafeLifecycleNode } from './safe-lifecycle-node.js';
import type { Endpoint } from '../node/qos-parameters.js';
import { qosOptions } from './qos.js';

/** Writes messages of a type as the bytes (CDR) that the middleware sends; every field is to be filled. */
export function messageWriter<T extends MessageTypeClassName>(type: T): (message: MessageType<T>) => Buffer {
  const writer = new MessageWriter(definitionsOf(type));
  return (message) => {
    const { buffer, byteOffset, byteLength } = writeCdr(writer, message);
    return Buffer.from(buffer, byteOffset, byteLength);
  };
}

/** Publishes messages of one type. */
interface Output<T extends MessageTypeClassName> {
  publish(message: MessageType<T>): void;
}

/** The node's publishers. They hand the middleware bytes: rclnodejs's conversion takes more than twice as long. */
export class Outputs {
  readonly decision: Output<'topspark_msgs/msg/Decision'>;
  readonly question: Output<'topspark_msgs/msg/Question'>;
  readonly energyMode: Output<'topspark_msgs/msg/EnergyMode'>;
  readonly status: Output<'topspark_msgs/msg/Status'>;
  readonly taught: Output<'topspark_msgs/msg/Label'>;
  readonly classEdit: Output<'topspark_msgs/msg/ClassEdit'>;
  readonly diagnostics: Output<'diagnostic_msgs/msg/DiagnosticArray'>;
  readonly #open: Publisher<MessageTypeClassName>[] = [];

  constructor(readonly node: SafeLifecycleNode) {
    this.decision = this.#publisher('topspark_msgs/msg/Decision', endpoints.decision);
    this.question = this.#publisher('topspark_msgs/msg/Question', endpoints.question);
    this.energyMode = this.#publisher('topspark_msgs/msg/EnergyMode', endpoints.energyMode);
    this.status = this.#publisher('topspark_msgs/msg/Status', endpoints.status);
    this.taught = this.#publisher('topspark_msgs/msg/Label', endpoints.taught);
    this.classEdit = this.#publisher('topspark_msgs/msg/ClassEdit', endpoints.classEdit);
    this.diagnostics = this.#publisher('diagnostic_msgs/msg/DiagnosticArray', endpoints.diagnostics);
  }

  /** Takes the publishers off the network. */
  close(): void {
    for (const each of this.#open.splice(0)) this.node.destroyPublisher(each);
  }

  #publisher<T extends MessageTypeClassName>(type: T, endpoint: Endpoint): Output<T> {
    const publisher = this.node.createPublisher(type, endpoint.topic, qosOptions(this.node, endpoint));
    this.#open.push(publisher);
    const write = messageWriter(type);
    return {
      publish: (message) => {
        publisher.publish(write(message));
      },
    };
  }
}
