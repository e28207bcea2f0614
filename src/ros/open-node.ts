import { Subject, type Observable } from 'rxjs';
import { TopsparkError } from '../base/errors.js';
import type { QosProfile } from '../node/qos-profiles.js';
import { toQos } from './qos.js';
import type { ServiceRequestMessage, ServiceResponseMessage } from 'rclnodejs';
import {
  BaseNode,
  parameterTypes,
  ros,
  type MessageType,
  type MessageTypeClassName,
  type ServiceTypeClassName,
} from './rclnodejs.js';
import { onStopSignal } from '../node/signals.js';

/** Publishes messages of one type; after {@link SimpleNode.close} it does nothing. */
export interface SimplePublisher<T extends MessageTypeClassName> {
  publish(message: MessageType<T>): void;
  /** Publishes a message that is already serialised (CDR). */
  publishBytes(message: Uint8Array): void;
  /** Subscriptions matched now. */
  subscriptions(): number;
}

/** Most rounds in which one poll takes messages: a flood must not block the thread. */
const mostTakes = 16;

/** Options of a subscription. */
export interface Hearing {
  readonly type: MessageTypeClassName;
  readonly topic: string;
  readonly profile: QosProfile;
}

/** Calls a service and waits for its answer. */
export type ServiceCaller<T extends ServiceTypeClassName> = (
  request: ServiceRequestMessage<T>,
) => Promise<ServiceResponseMessage<T>>;

/** Options of {@link openNode}. */
export interface OpenNodeOptions {
  /** Arguments with `--ros-args`; those of the process by default. */
  readonly argv?: readonly string[];
  /** Whether SIGINT and SIGTERM close the node; true by default. */
  readonly signals?: boolean;
  /** Messages come by {@link SimpleNode.poll} alone; otherwise at once, from a waiting thread. */
  readonly polled?: boolean;
}

/**
 * Opens a spinning node for small processes: a camera, a battery, a listener.
 *
 * @throws Error where the ROS arguments cannot be parsed
 */
export async function openNode(name: string, options: OpenNodeOptions = {}): Promise<SimpleNode> {
  ros.removeSignalHandlers();
  await ros.init(ros.Context.defaultContext(), [...(options.argv ?? process.argv)]);
  const node = new SimpleNode(name);
  // Shuts ROS down also when an uncaught exception ends the process; otherwise ROS would abort, too.
  process.once('uncaughtExceptionMonitor', () => {
    node.abandon();
  });
  if (options.signals !== false) {
    const release = onStopSignal(() => {
      node.close();
    });
    void node.closed.finally(release);
  }
  if (options.polled !== true) node.start();
  return node;
}

/** A node for small processes; see {@link openNode}. */
export class SimpleNode {
  /** Settles when the node was closed; rejects with an error thrown by a callback. */
  readonly closed: Promise<void>;
  readonly #node: CallbackGuard;
  #settle: (fault?: Error) => void = () => undefined;
  #open = true;

  constructor(name: string) {
    this.#node = new CallbackGuard(name);
    this.#node.fault = (error) => {
      this.#end(error instanceof Error ? error : new Error('a callback threw', { cause: error }));
    };
    this.closed = new Promise((resolve, reject) => {
      this.#settle = (fault) => {
        if (fault === undefined) resolve();
        else reject(fault);
      };
    });
  }

  /** Starts spinning; {@link openNode} calls it. */
  start(): void {
    this.#node.spin();
  }

  /** Full name, with its namespace. */
  get fullName(): string {
    return this.#node.getFullyQualifiedName();
  }

  /** ROS time now, for a header. */
  stamp(): { sec: number; nanosec: number } {
    const { seconds, nanoseconds } = this.#node.now().secondsAndNanoseconds;
    return { sec: Number(seconds), nanosec: Number(nanoseconds) };
  }

  /**
   * Declares a read-only parameter and reads it; a whole number is also a valid double.
   *
   * @throws {@link TopsparkError} `parameter_type` where the value given is of another type
   */
  parameter<T extends number | string | boolean>(name: string, standard: T, description: string): T {
    const given = this.#node.getParameterOverrides().find((override) => override.name === name)?.value as unknown;
    const value = typeof given === 'bigint' ? Number(given) : (given ?? standard);
    if (typeof value !== typeof standard) {
      const found = `${JSON.stringify(value)} (${typeof value})`;
      throw new TopsparkError(
        'parameter_type',
        'usage',
        `parameter ${name} is ${found}, expected a ${typeof standard}`,
      );
    }
    const { bool, double, string } = parameterTypes;
    const type = typeof value === 'boolean' ? bool : typeof value === 'number' ? double : string;
    const descriptor = new ros.ParameterDescriptor(name, type, description, true);
    this.#node.declareParameter(new ros.Parameter(name, type, value), descriptor, true);
    return value as T;
  }

  /** Publishes on `topic`, relative to the namespace of the node. */
  publisher<T extends MessageTypeClassName>(type: T, topic: string, profile: QosProfile): SimplePublisher<T> {
    const publisher = this.#node.createPublisher(type, topic, { qos: toQos(profile) });
    // Declared as a method, but a getter.
    const matched = publisher as unknown as { readonly subscriptionCount: number };
    return {
      publish: (message) => {
        if (this.#open) publisher.publish(message);
      },
      publishBytes: ({ buffer, byteOffset, byteLength }) => {
        if (this.#open) publisher.publish(Buffer.from(buffer, byteOffset, byteLength));
      },
      subscriptions: () => (this.#open ? matched.subscriptionCount : 0),
    };
  }

  /** Subscribes to `topic` at once, whether or not the observable has subscribers. */
  messages<T extends MessageTypeClassName>(type: T, topic: string, profile: QosProfile): Observable<MessageType<T>> {
    const heard = new Subject<MessageType<T>>();
    this.#node.createSubscription(type, topic, { qos: toQos(profile) }, (message: MessageType<T>) => {
      heard.next(message);
    });
    return heard;
  }

  /** Takes the messages that have come to a polled node. Only those messages take time; no thread waits. */
  poll(): void {
    for (let k = 0; k < mostTakes && this.#open; k++) {
      const before = this.#node.executed;
      this.#node.spinOnce(0);
      if (this.#node.executed === before) return;
    }
  }

  /**
   * Receives `topic` as the bytes (CDR) of its messages until it is stopped.
   *
   * @returns a function that stops it
   */
  hearBytes({ type, topic, profile }: Hearing, hear: (message: Uint8Array) => void): () => void {
    const options = { isRaw: true, qos: toQos(profile) };
    const subscription = this.#node.createSubscription(type, topic, options, (message: Buffer) => {
      hear(message);
    });
    return () => {
      if (this.#open) this.#node.destroySubscription(subscription);
    };
  }

  /**
   * A caller of a service with a time limit, which does not wait for the service to appear.
   *
   * @returns rejects with a {@link TopsparkError} `service_absent` or `service_silent`
   */
  impatientCaller<T extends ServiceTypeClassName>(
    type: T,
    service: string,
  ): (request: ServiceRequestMessage<T>, timeout: number) => Promise<ServiceResponseMessage<T>> {
    const client = this.#node.createClient(type, service);
    return async (request, timeout) => {
      if (!this.#open || !client.isServiceServerAvailable()) {
        throw new TopsparkError('service_absent', 'environment', `no node offers ${service}: is the node running?`);
      }
      try {
        return await client.sendRequestAsync(request, { timeout: 1000 * timeout });
      } catch (cause) {
        const message = `${service} did not answer within ${timeout} s: is the node busy, or gone?`;
        throw new TopsparkError('service_silent', 'environment', message, { cause });
      }
    };
  }

  /** Topics that another node subscribes to, with their types, by the current graph. */
  heardBy(node: string): { readonly topic: string; readonly types: readonly string[] }[] {
    const at = node.lastIndexOf('/');
    try {
      return this.#node
        .getSubscriptionNamesAndTypesByNode(node.slice(at + 1), node.slice(0, at) || '/')
        .map(({ name, types }) => ({ topic: name, types }));
    } catch {
      // The graph does not contain the node.
      return [];
    }
  }

  /** A caller of a service without a time limit. */
  caller<T extends ServiceTypeClassName>(type: T, service: string): ServiceCaller<T> {
    const client = this.#node.createClient(type, service);
    return async (request) => {
      await client.waitForService();
      return await client.sendRequestAsync(request);
    };
  }

  /** Publishers of a topic in the current graph. */
  publishersOf(topic: string): number {
    return this.#open ? this.#node.countPublishers(this.#node.resolveTopicName(topic)) : 0;
  }

  /** Ends everything once; safe inside callbacks. */
  close(): void {
    this.#end();
  }

  /** Ends everything at once, for a process that is dying; not inside callbacks. */
  abandon(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#node.stop();
    ros.shutdown();
  }

  #end(fault?: Error): void {
    // A node must not be destroyed inside its own callback.
    setImmediate(() => {
      this.abandon();
      this.#settle(fault);
    });
  }
}

/** An exception from a callback would abort the process in native code; here it closes the node instead. */
class CallbackGuard extends BaseNode {
  fault: (error: unknown) => void = () => undefined;
  /** Handles executed so far. */
  executed = 0;

  override execute(handles: readonly unknown[]): void {
    this.executed += handles.length;
    try {
      super.execute(handles);
    } catch (error) {
      this.fault(error);
    }
  }
}
