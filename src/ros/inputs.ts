import type { Subscription } from 'rclnodejs';
import { map, merge, share, Subject, tap, type Observable } from 'rxjs';
import type { AgentInput } from '../agent/events.js';
import type { RefusalEvent } from '../base/refusal.js';
import type { SensorKind } from '../sensing/sensor.js';
import { endpoints, sensorEndpoint } from '../node/endpoints.js';
import { Gate } from './gate.js';
import type { GuardedNode } from './guarded-node.js';
import { InputReader } from '../node/input-reader.js';
import { batteryTopic, labelTopic, readInput, sensorTopic, type InputTopic } from '../node/input-topics.js';
import { definitionsOf } from './message-definitions.js';
import type { Endpoint } from '../node/qos-parameters.js';
import { toQos } from './qos.js';
import { RateLimit } from '../node/rate-limit.js';
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
  /** Shared: a message is read once. */
  readonly observable: Observable<AgentInput>;
}

/** What bounds every input. */
export interface InputLimits {
  /** Larger messages are refused unread [byte]. */
  readonly maxBytes: number;
  /** Messages of a topic that are taken within a second; 0: any number. */
  readonly maxRate: number;
}

/** Hears what came in, before anything is judged. */
export interface InputCounters {
  /** The middleware has handed a message over; it is made an object of next. */
  readonly taken: () => void;
  readonly sensor: (name: string) => void;
  readonly label: () => void;
}

/** The node's subscriptions, as one stream of the agent's inputs. They exist from construction to {@link Inputs.close}. */
export class Inputs {
  readonly stream: Observable<AgentInput>;
  readonly #sensors: readonly Heard[];
  readonly #clock: RosClock;
  readonly #gates: Gate[] = [];
  readonly #open: Heard[] = [];
  readonly #told = new Subject<AgentInput>();

  constructor(
    readonly node: GuardedNode,
    clock: RosClock,
    sensors: readonly SensorKind[],
    readonly limits: InputLimits,
    readonly counters: InputCounters,
  ) {
    this.#clock = clock;
    this.#sensors = sensors.map((kind) =>
      this.#hear(sensorTopic(kind, clock.monotonic.bind(clock)), sensorEndpoint(kind), kind.remembers),
    );
    this.stream = merge(
      this.#told,
      ...sensors.map(({ name }, index) =>
        this.#sensors[index].observable.pipe(
          tap(() => {
            counters.sensor(name);
          }),
        ),
      ),
      this.#hear(labelTopic, endpoints.label).observable.pipe(tap(counters.label)),
      this.#hear(batteryTopic, endpoints.battery).observable,
    );
  }

  /**
   * Takes no more of each topic than the limits allow, which is told, and the only sensor's messages no sooner than they are
   * wanted; call it once the stream is heard. Of several sensors all messages are wanted, since they are matched by their
   * stamps, and of one that remembers messages, since samples are made of all of them.
   *
   * @param wait - asked after each message: time until the next is wanted [s]
   */
  takeOnly(wait: () => number): void {
    const only = this.#gated;
    for (const heard of this.#open) {
      const gate = new Gate(this.node, this.#clock, heard.subscription);
      const limit = new RateLimit(this.limits.maxRate);
      heard.observable.subscribe(() => {
        const pause = limit.count(this.#clock.elapsed());
        if (pause > 0) this.#told.next({ topic: 'unread', event: this.#limited(heard, pause) });
        gate.shut(heard === only ? Math.max(pause, wait()) : pause);
      });
      this.#gates.push(gate);
    }
  }

  // How many are lost meanwhile nobody can count: the middleware keeps the newest, and says nothing of the others.
  #limited({ name, endpoint: { topic } }: Heard, pause: number): RefusalEvent {
    const found = `${topic} sent input.max_rate = ${this.limits.maxRate} messages within a second`;
    const message = `${found}: none is taken for ${pause.toFixed(2)} s, of those that come the newest are kept`;
    return { kind: 'refusal', topic: name, cause: 'input_limited', message };
  }

  // A longer queue would hold back old messages, not the newest.
  get #gated(): Heard | undefined {
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
    const gated = this.#gated;
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

  #hear<T extends MessageTypeClassName>(topic: InputTopic<T>, endpoint: Endpoint, remembers = false): Heard {
    const reader = new InputReader(topic.type, definitionsOf(topic.type), this.limits.maxBytes);
    const qosOverridingOptions = ros.QoSOverridingOptions.withDefaultPolicies();
    const options = { isRaw: true, qos: toQos(endpoint.profile), qosOverridingOptions };
    const { subscription, observable } = this.node.createObservableSubscription(topic.type, endpoint.topic, options);
    const read = (bytes: unknown): AgentInput => {
      this.counters.taken();
      return readInput(topic, reader, bytes as Uint8Array);
    };
    const { name } = topic;
    const heard = { subscription, endpoint, name, remembers, observable: observable.pipe(map(read), share()) };
    this.#open.push(heard);
    return heard;
  }
}

/** Matched publishers; declared as a method, a getter in truth. */
function heardBy(subscription: Subscription): number {
  return (subscription as unknown as { readonly publisherCount: number }).publisherCount;
}
