import type { Subscription } from 'rclnodejs';
import { Subject } from 'rxjs';
import type { AgentInput } from '../agent/events.js';
import type { RefusalEvent } from '../base/refusal.js';
import type { SensorKind } from '../sensing/sensor.js';
import { endpoints, sensorEndpoint } from '../node/endpoints.js';
import { SubscriptionThrottle, RateLimit } from './subscription-throttle.js';
import type { SafeLifecycleNode } from './safe-lifecycle-node.js';
import {
  InputReader,
  batteryTopic,
  labelTopic,
  readInput,
  sensorTopic,
  type InputTopic,
} from '../node/message-reader.js';
import { definitionsOf } from './message-definitions.js';
import type { Endpoint } from '../node/qos-parameters.js';
import { toQos } from './qos.js';
import { ros, type MessageTypeClassName } from './rclnodejs.js';
import type { RosClock } from './ros-clock.js';
import type { Reach } from '../node/sensor-watch.js';

interface Heard {
  readonly subscription: Subscription;
  readonly endpoint: Endpoint;
  /** Under which its messages are refused. */
  readonly name: string;
  /** Whether every message counts, also where fewer are decided. */
  readonly remembers: boolean;
}

/** What bounds every input. */
export interface InputLimits {
  /** Larger messages are refused unread [byte]. */
  readonly maxBytes: number;
  /** Messages of a topic that are taken within a second; 0: any number. */
  readonly maxRate: number;
}

/** Who hears what comes in. */
export interface InputHearer {
  /** The middleware has handed a message over; it is made an object of next. */
  readonly taken: () => void;
  /** A sensor's message, straight from its subscription. */
  readonly sensor: (name: string, input: AgentInput) => void;
  /** A topic reached its limit. */
  readonly limited: (event: RefusalEvent) => void;
  /** Time until the next sample is wanted [s], asked after each message of the only sensor. */
  readonly wait: () => number;
}

/**
 * The node's subscriptions, which exist from construction to {@link Inputs.close}. It takes no more of each topic than the
 * limits allow, which is told, and the only sensor's messages no sooner than they are wanted. Of several sensors all messages
 * are wanted, since they are matched by their stamps, and of one that remembers messages, since samples are made of all of
 * them.
 */
export class Inputs {
  /** Names of samples, and the robot's battery: few messages, as one stream. */
  readonly others = new Subject<AgentInput>();
  readonly #sensors: readonly Heard[];
  /** The sensor whose messages are taken no sooner than they are wanted. */
  readonly #only: Heard | undefined;
  readonly #clock: RosClock;
  readonly #gates: SubscriptionThrottle[] = [];
  readonly #open: Heard[] = [];

  constructor(
    readonly node: SafeLifecycleNode,
    clock: RosClock,
    sensors: readonly SensorKind[],
    readonly limits: InputLimits,
    readonly hearer: InputHearer,
  ) {
    this.#clock = clock;
    this.#sensors = sensors.map((kind) => {
      const topic = sensorTopic(kind, clock.monotonic.bind(clock));
      const hear = hearer.sensor.bind(undefined, kind.name);
      return this.#hear(topic, sensorEndpoint(kind), hear, kind.remembers);
    });
    this.#only = this.#onlySensor();
    const other = this.others.next.bind(this.others);
    this.#hear(labelTopic, endpoints.label, other);
    this.#hear(batteryTopic, endpoints.battery, other);
  }

  // How many are lost meanwhile nobody can count: the middleware keeps the newest, and says nothing of the others.
  #limited({ name, endpoint: { topic } }: Heard, pause: number): RefusalEvent {
    const found = `${topic} sent input.max_rate = ${this.limits.maxRate} messages within a second`;
    const message = `${found}: none is taken for ${pause.toFixed(2)} s, of those that come the newest are kept`;
    return { kind: 'refusal', topic: name, cause: 'input_limited', message };
  }

  // A longer queue would hold back old messages, not the newest.
  #onlySensor(): Heard | undefined {
    const [sensor] = this.#sensors;
    const newest = !sensor.remembers && this.#depth(sensor) === 1;
    return this.#sensors.length === 1 && newest ? sensor : undefined;
  }

  #depth({ subscription: { topic } }: Heard): number {
    const value = (policy: string): unknown =>
      this.node.getParameter(`qos_overrides.${topic}.subscription.${policy}`).value;
    return value('history') === 'keep_last' ? Number(value('depth')) : Infinity;
  }

  /** Messages of a sensor that wait at most; one more, and the oldest is lost. */
  depth(sensor: string): number {
    const heard = this.#sensors.find(({ name }) => name === sensor);
    return heard === undefined ? Infinity : this.#depth(heard);
  }

  /** Messages are wanted now, whatever was said before. */
  wakeUp(): void {
    for (const gate of this.#gates) gate.open();
  }

  /** Time is simulated from now on, or no longer. */
  changeTime(): void {
    for (const gate of this.#gates) gate.changeTime();
  }

  /** Who publishes each topic now, by its relative name. */
  reach(): Record<string, Reach> {
    const gated = this.#only;
    const entries = this.#open.map((each): [string, Reach] => {
      const { subscription, endpoint } = each;
      const name = subscription.topic;
      const publishers = { present: this.node.countPublishers(name), heard: heardBy(subscription) };
      return [endpoint.topic, { name, ...publishers, gated: each === gated }];
    });
    return Object.fromEntries(entries);
  }

  /** Topics that have publishers which this node cannot hear, since their quality of service does not match. */
  unheard(): string[] {
    return this.#open.flatMap(({ subscription, endpoint: { topic, profile } }) => {
      const matched = heardBy(subscription);
      const publishers = this.node.countPublishers(subscription.topic);
      if (publishers <= matched) return [];
      const mine = `${profile.reliability}, ${profile.durability}`;
      return [
        `${topic}: ${publishers - matched} of ${publishers} publishers cannot be heard, this node asks for ${mine}`,
      ];
    });
  }

  /** Ends the stream and takes the subscriptions off the network. */
  close(): void {
    for (const gate of this.#gates.splice(0)) gate.close();
    for (const { subscription } of this.#open.splice(0)) this.node.destroySubscription(subscription);
  }

  #hear<T extends MessageTypeClassName>(
    topic: InputTopic<T>,
    endpoint: Endpoint,
    hear: (input: AgentInput) => void,
    remembers = false,
  ): Heard {
    const reader = new InputReader(topic.type, definitionsOf(topic.type), this.limits.maxBytes);
    const limit = new RateLimit(this.limits.maxRate);
    const qosOverridingOptions = ros.QoSOverridingOptions.withDefaultPolicies();
    const options = { isRaw: true, qos: toQos(endpoint.profile), qosOverridingOptions };
    const take = (bytes: Uint8Array): void => {
      this.hearer.taken();
      hear(readInput(topic, reader, bytes));
      const pause = limit.count(this.#clock);
      if (pause > 0) this.hearer.limited(this.#limited(heard, pause));
      gate.shut(heard === this.#only ? Math.max(pause, this.hearer.wait()) : pause);
    };
    const subscription = this.node.createSubscription(topic.type, endpoint.topic, options, take);
    const gate = new SubscriptionThrottle(this.node, this.#clock, subscription);
    const heard = { subscription, endpoint, name: topic.name, remembers };
    this.#open.push(heard);
    this.#gates.push(gate);
    return heard;
  }
}

/** Matched publishers; declared as a method, a getter in truth. */
function heardBy(subscription: Subscription): number {
  return (subscription as unknown as { readonly publisherCount: number }).publisherCount;
}
