import type { Subscription } from 'rclnodejs';
import { TopsparkError } from '../base/errors.js';
import { monotonic } from '../base/time.js';
import { endpoints, sensorEndpoint } from '../node/endpoints.js';
import { Intake, type IntakeParts } from '../node/intake.js';
import { batteryTopic, joyTopic, labelTopic, odometryTopic, sensorTopic, type InputTopic } from '../node/messages.js';
import type { SensorKind } from '../sensing/sensor.js';
import { SubscriptionThrottle } from './subscription-throttle.js';
import type { SafeLifecycleNode } from './safe-lifecycle-node.js';
import { definitionsOf } from './message-definitions.js';
import { qosBlock, type Endpoint } from '../node/qos-parameters.js';
import { isSourced } from './outputs.js';
import { qosOptions } from './qos.js';
import type { MessageTypeClassName } from './rclnodejs.js';
import type { RosClock } from './ros-clock.js';
import type { Reach } from '../node/sensor-watch.js';

interface Heard {
  readonly subscription: Subscription;
  /** Full name of its topic, which rclnodejs asks the middleware for each time. */
  readonly name: string;
  readonly endpoint: Endpoint;
  /** Handler of its messages. */
  readonly intake: { readonly topic: { readonly name: string }; paced: boolean };
}

/**
 * The node's subscriptions, which exist from construction to {@link Inputs.close}. Limits bound the messages taken of
 * each topic; the node reports when they are reached. Messages of a single sensor are taken only as fast as they are
 * wanted. With several sensors all messages are wanted, since they are matched by their stamps. The same holds for a
 * sensor that builds a sample from several messages.
 */
export class Inputs {
  readonly #sensors: readonly Heard[];
  /** The sensor whose messages are taken only as fast as they are wanted. */
  readonly #only: Heard | undefined;
  readonly #clock: RosClock;
  readonly #gates: SubscriptionThrottle[] = [];
  readonly #open: Heard[] = [];

  constructor(
    readonly node: SafeLifecycleNode,
    clock: RosClock,
    sensors: readonly SensorKind[],
    readonly parts: IntakeParts,
    { joy, odometry }: { readonly joy: boolean; readonly odometry: boolean },
  ) {
    this.#clock = clock;
    checkSourced(sensors);
    this.#sensors = sensors.map((kind) => this.#hear(sensorTopic(kind, monotonic), sensorEndpoint(kind)));
    this.#only = this.#onlySensor(sensors);
    if (this.#only) this.#only.intake.paced = true;
    this.#hear(labelTopic, endpoints.label);
    this.#hear(batteryTopic, endpoints.battery);
    if (joy) this.#hear(joyTopic, endpoints.joy);
    if (odometry) this.#hear(odometryTopic, endpoints.odometry);
  }

  // The queue must have a depth of 1: a longer one would keep old messages, not the newest.
  #onlySensor([{ remembers }]: readonly SensorKind[]): Heard | undefined {
    const [sensor] = this.#sensors;
    const newest = !remembers && this.#depth(sensor) === 1;
    return this.#sensors.length === 1 && newest ? sensor : undefined;
  }

  #depth({ name: topic, endpoint: { kind, profile } }: Heard): number {
    const name = (policy: string): string => `${qosBlock(topic, kind)}.${policy}`;
    const value = (policy: string): unknown => this.node.getParameter(name(policy)).value;
    if (!this.node.hasParameter(name('depth'))) return profile.depth;
    return value('history') === 'keep_last' ? Number(value('depth')) : Infinity;
  }

  /** Most messages of a sensor that wait; with one more the oldest is lost. */
  depth(sensor: string): number {
    const heard = this.#sensors.find(({ intake }) => intake.topic.name === sensor);
    return heard === undefined ? Infinity : this.#depth(heard);
  }

  /** Messages are wanted now; ends every wait. */
  wakeUp(): void {
    for (const gate of this.#gates) gate.open();
  }

  /** Time is simulated from now on, or no longer. */
  changeTime(): void {
    for (const gate of this.#gates) gate.changeTime();
  }

  /** Publishers of each topic now, by its relative name. */
  reach(): Record<string, Reach> {
    const gated = this.#only;
    const entries = this.#open.map((each): [string, Reach] => {
      const { subscription, endpoint, name } = each;
      const publishers = { present: this.node.publishersOf(name), heard: heardBy(subscription) };
      return [endpoint.topic, { name, ...publishers, gated: each === gated }];
    });
    return Object.fromEntries(entries);
  }

  /** Topics with publishers that this node cannot receive, since their quality of service does not match. */
  unheard(reach: Readonly<Record<string, Reach>>): string[] {
    return this.#open.flatMap(({ endpoint: { topic, profile } }) => {
      const { present, heard } = reach[topic];
      if (present <= heard) return [];
      const mine = `${profile.reliability}, ${profile.durability}`;
      return [`${topic}: ${present - heard} of ${present} publishers cannot be received, this node requests ${mine}`];
    });
  }

  /** Closes the subscriptions. */
  close(): void {
    for (const gate of this.#gates.splice(0)) gate.close();
    for (const { subscription } of this.#open.splice(0)) this.node.destroySubscription(subscription);
  }

  #hear<T extends MessageTypeClassName>(topic: InputTopic<T>, endpoint: Endpoint): Heard {
    const intake = new Intake(topic, endpoint.topic, definitionsOf(topic.type), this.parts, (wait) => {
      gate.shut(wait);
    });
    const take = intake.take.bind(intake);
    const subscription = this.node.hearBytes(topic.type, endpoint.topic, qosOptions(this.node, endpoint), take);
    const gate = new SubscriptionThrottle(this.node, this.#clock, subscription);
    const heard = { subscription, name: subscription.topic, endpoint, intake };
    this.#open.push(heard);
    this.#gates.push(gate);
    return heard;
  }
}

/**
 * Refuses a sensor whose message type is not installed here. The types of event cameras are in no distribution's base.
 *
 * @throws {@link TopsparkError} `package_not_sourced`
 */
function checkSourced(sensors: readonly SensorKind[]): void {
  for (const { name, type } of sensors) {
    const [wanted] = type.split('/');
    if (isSourced(wanted)) continue;
    const found = `sensor ${name} needs ${type}, and ${wanted} is not sourced`;
    const expected = `expected its package: install ros-DISTRO-${wanted.replaceAll('_', '-')}, or build and source it`;
    throw new TopsparkError('package_not_sourced', 'environment', `${found}; ${expected}, then start the node again`);
  }
}

/** Number of matched publishers; declared as a method, but a getter. */
function heardBy(subscription: Subscription): number {
  return (subscription as unknown as { readonly publisherCount: number }).publisherCount;
}
