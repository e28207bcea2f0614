import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Publisher } from 'rclnodejs';
import { CdrWriter } from '../base/cdr-codec.js';
import { reasonOf } from '../base/errors.js';
import { bytesPublisher } from './arrivals.js';
import { definitionsOf } from './message-definitions.js';
import type { MessageType, MessageTypeClassName } from './rclnodejs.js';
import { endpoints } from '../node/endpoints.js';
import type { ClassificationMessage, TextMarkerMessage } from '../node/messages.js';
import type { SafeLifecycleNode } from './safe-lifecycle-node.js';
import type { Endpoint } from '../node/qos-parameters.js';
import { qosOptions } from './qos.js';

/**
 * Writes messages of a type as bytes (CDR) for the middleware; every field must be set. The bytes stay until the next
 * message is written: the middleware has sent or copied them by then.
 */
export function messageWriter<T extends MessageTypeClassName>(type: T): (message: MessageType<T>) => Buffer {
  const writer = new CdrWriter<MessageType<T>>(definitionsOf(type));
  return (message) => writer.write(message);
}

/** Publishes messages of one type. */
interface Output<Message> {
  publish(message: Message): void;
  /** Whether there were subscribers at the last check; some outputs are made only then. */
  readonly heard: boolean;
}

/** The node's publishers. They pass bytes to the middleware: rclnodejs's conversion takes more than twice as long. */
export class Outputs {
  readonly decision;
  readonly place;
  readonly question;
  readonly energyMode;
  readonly status;
  readonly taught;
  readonly classEdit;
  readonly spikes;
  readonly prototypes;
  readonly diagnostics;
  /** Absent where their packages are not sourced. */
  readonly classification: Output<ClassificationMessage> | undefined;
  readonly marker: Output<TextMarkerMessage> | undefined;
  /** Outputs that are off, and why. */
  readonly absent: string[] = [];
  readonly #open: Publisher<MessageTypeClassName>[] = [];
  readonly #looks: (() => void)[] = [];

  constructor(readonly node: SafeLifecycleNode) {
    this.decision = this.#publisher('topspark_msgs/msg/Decision', endpoints.decision);
    this.question = this.#publisher('topspark_msgs/msg/Question', endpoints.question);
    this.place = this.#publisher('topspark_msgs/msg/Place', endpoints.place);
    this.energyMode = this.#publisher('topspark_msgs/msg/EnergyMode', endpoints.energyMode);
    this.status = this.#publisher('topspark_msgs/msg/Status', endpoints.status);
    this.taught = this.#publisher('topspark_msgs/msg/Label', endpoints.taught);
    this.classEdit = this.#publisher('topspark_msgs/msg/ClassEdit', endpoints.classEdit);
    this.spikes = this.#publisher('topspark_msgs/msg/Spikes', endpoints.spikes);
    this.prototypes = this.#publisher('topspark_msgs/msg/Prototypes', endpoints.prototypes);
    this.diagnostics = this.#publisher('diagnostic_msgs/msg/DiagnosticArray', endpoints.diagnostics);
    this.classification = this.#whereSourced('vision_msgs/msg/Classification', endpoints.classification);
    this.marker = this.#whereSourced('visualization_msgs/msg/Marker', endpoints.marker);
  }

  /** Checks for subscribers, once a second, so that a decision does not pay for it. */
  look(): void {
    for (const each of this.#looks) each();
  }

  /** Closes the publishers. */
  close(): void {
    this.#looks.length = 0;
    for (const each of this.#open.splice(0)) this.node.destroyPublisher(each);
  }

  #publisher<T extends MessageTypeClassName>(type: T, endpoint: Endpoint): Output<MessageType<T>> {
    return this.#make<MessageType<T>>(type, endpoint);
  }

  /** A publisher of a type that is not installed everywhere. */
  #whereSourced<Message>(type: string, endpoint: Endpoint): Output<Message> | undefined {
    const [name] = type.split('/');
    if (!isSourced(name)) {
      this.absent.push(`${endpoint.topic} is off, since ${name} is not sourced`);
      return undefined;
    }
    try {
      return this.#make<Message>(type as MessageTypeClassName, endpoint);
    } catch (error) {
      // The package was installed after topspark was built, in a folder that cannot be written.
      this.absent.push(`${endpoint.topic} is off, since ${type} cannot be used: ${reasonOf(error)}`);
      return undefined;
    }
  }

  #make<Message>(type: MessageTypeClassName, endpoint: Endpoint): Output<Message> {
    const writer = new CdrWriter<Message>(definitionsOf(type));
    const publisher = this.node.createPublisher(type, endpoint.topic, qosOptions(this.node, endpoint));
    this.#open.push(publisher);
    // `subscriptionCount` is declared as a method, but is a getter.
    const matched = publisher as unknown as { readonly subscriptionCount: number; readonly handle: unknown };
    // Bypasses `publisher`, which looks up the name of its topic on each call, for a log line that nobody reads.
    const send = bytesPublisher(matched.handle);
    const output = {
      publish: (message: Message) => {
        const length = writer.encode(message);
        send(writer.bytes, length);
      },
      heard: false,
    };
    this.#looks.push(() => {
      output.heard = matched.subscriptionCount > 0;
    });
    return output;
  }
}

/** Whether a package is in the ROS environment of this process. */
export function isSourced(name: string): boolean {
  const prefixes = (process.env['AMENT_PREFIX_PATH'] ?? '').split(delimiter);
  return prefixes.some((prefix) => prefix !== '' && existsSync(join(prefix, 'share', name, 'package.xml')));
}
