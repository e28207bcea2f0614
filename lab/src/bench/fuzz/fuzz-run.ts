import { readVoltageCurve } from 'topspark/energy/voltage-curve.js';
import { Agent } from 'topspark/agent/agent.js';
import type { AgentInput } from 'topspark/agent/events.js';
import type { AgentStatus } from 'topspark/agent/agent-status.js';
import { clockFrom, type Clock, toStamp, type Stamp } from 'topspark/base/time.js';
import { Random } from 'topspark/base/random.js';
import { changeEncoding, sensorKind, type SensorUse } from 'topspark/sensing/sensor-kinds.js';
import { batteryTopic, labelTopic, sensorTopic } from 'topspark/node/messages.js';
import { fine, fuzzedSensors, fuzzedTopics } from './fuzz-messages.js';
import { once, stamp } from './values.js';
import { Wire } from './wire.js';
import { benchSettings } from '../bench-settings.js';

/** A task: what to send. */
export interface FuzzTask {
  /** A name of {@link fuzzedSensors} or {@link fuzzedTopics}. */
  readonly topic: string;
  readonly messages: number;
  readonly seed: number;
  /** Sensors use the encoding `change` instead of their default. */
  readonly change: boolean;
}

/** Outcomes of the messages on a topic. */
export interface FuzzResult {
  readonly topic: string;
  readonly messages: number;
  /** Decided samples, used labels, or accepted messages of a battery. */
  readonly accepted: number;
  /** Messages that completed no sample where a sample takes several, or labels that still wait for their samples. */
  readonly incomplete: number;
  /** Number of refusals by cause. */
  readonly refused: Readonly<Record<string, number>>;
  /** Faults of the program, and the first one in words. */
  readonly crashes: number;
  readonly firstCrash: string;
  /** Messages that must not change the weights but did: refused ones, and all of a battery; must be 0. */
  readonly changedWeights: number;
  /** Messages that were neither accepted nor counted as refused. */
  readonly uncounted: number;
}

/** Period of labels [messages of a sensor]. */
const labelEvery = 7;

/** Time between two messages [ns]; for a battery it is longer than the shortest time between decisions in any mode. */
const period = { sensor: 20_000_000n, other: 10_000_000_000n };

/**
 * Messages of an event camera for one agent. A stamp in the year 2038 makes all later ones late, so agents are renewed.
 */
const perStream = 1000;

/**
 * Sends generated messages to a learning agent, as bytes from the middleware, and compares its weights before and after
 * each refused message. An event camera gets a new agent from time to time.
 *
 * @param begin - called with the number of each message, from 0, before it is sent
 */
export function fuzz(task: FuzzTask, begin: (message: number) => void): FuzzResult {
  const { topic, messages, seed } = task;
  const random = new Random(seed);
  const shows = topic in fuzzedTopics ? topic : sensorKind(topic).shows;
  const length = shows === 'events' ? perStream : messages;
  let total: FuzzResult | undefined;
  for (let done = 0; done < messages; done += length) {
    const part = fuzzStream({ ...task, messages: Math.min(length, messages - done) }, random, (message) => {
      begin(done + message);
    });
    total = total === undefined ? part : together(total, part);
  }
  if (total === undefined) throw new RangeError(`${messages} messages, expected at least one`);
  return total;
}

function together(a: FuzzResult, b: FuzzResult): FuzzResult {
  const refused = new Map(Object.entries(a.refused));
  for (const [cause, count] of Object.entries(b.refused)) refused.set(cause, (refused.get(cause) ?? 0) + count);
  return {
    ...{ topic: a.topic, messages: a.messages + b.messages, accepted: a.accepted + b.accepted },
    incomplete: a.incomplete + b.incomplete,
    refused: Object.fromEntries([...refused].sort(([, one], [, other]) => other - one)),
    ...{ crashes: a.crashes + b.crashes, firstCrash: a.firstCrash || b.firstCrash },
    changedWeights: a.changedWeights + b.changedWeights,
    uncounted: a.uncounted + b.uncounted,
  };
}

function fuzzStream(task: FuzzTask, random: Random, begin: (message: number) => void): FuzzResult {
  const { topic, messages, change } = task;
  let now = 0n;
  const time = clockFrom(() => Number(now) / 1e9);
  const other = topic in fuzzedTopics;
  // Messages of labels and batteries are accompanied by those of a valid sensor.
  const sensor = other ? 'features' : topic;
  const { values, message: sample } = fuzzedSensors[sensor];
  const agent = fuzzedAgent(
    { name: sensor, values: change && !other ? { ...values, encoding: changeEncoding } : values },
    time,
  );
  const samples = new Wire(sensorTopic(sensorKind(sensor), () => time.monotonic()));
  const wire = { label: new Wire(labelTopic), battery_state: new Wire(batteryTopic) }[topic] ?? samples;
  const message = other ? fuzzedTopics[topic] : sample;
  const faults: string[] = [];
  let crashes = 0;
  const crashed = (why: string): void => {
    crashes++;
    if (faults.length === 0) faults.push(why);
  };
  let absentReported = 0;
  const outcome = { decided: undefined as bigint | undefined, refused: false };
  agent.onEvent = (event) => {
    if (event.kind === 'decision') outcome.decided = event.stamp;
    // A class that is given up for a new name is not a refused label.
    if (event.kind !== 'refusal' || event.cause === 'class_given_up') return;
    // The message itself is accepted.
    if (beside(event.cause)) return;
    outcome.refused = true;
    if (event.cause === 'battery_absent') absentReported++;
    if (event.cause === 'internal_error') crashed(event.message);
  };
  const send = (input: AgentInput): void => {
    [outcome.decided, outcome.refused] = [undefined, false];
    try {
      agent.take(input);
    } catch (error) {
      crashed(String(error));
    }
  };
  const counts = { decided: 0, refused: 0, silent: 0 };
  let changedWeights = 0;
  let last: Stamp = { sec: 0, nanosec: 0 };
  let before = agent.weightsHash();
  for (let k = 0; k < messages; k++) {
    begin(k);
    now += other ? period.other : period.sensor;
    if (other) send(samples.whole(toStamp(now), fine(random)));
    if (other) before = agent.weightsHash();
    last = other && !once(random, 4) ? toStamp(now) : stamp(random, last);
    send(wire.perhaps(last, message(random), random));
    const after = agent.weightsHash();
    const mayChange = other ? topic === 'label' && !outcome.refused : outcome.decided !== undefined;
    if (!mayChange && after !== before) changedWeights++;
    before = after;
    if (outcome.decided !== undefined) counts.decided++;
    else if (outcome.refused) counts.refused++;
    else counts.silent++;
    if (outcome.decided !== undefined && k % labelEvery === 0) {
      send({ topic: 'label', event: { stamp: outcome.decided, name: `class ${random.below(3)}` } });
      before = agent.weightsHash();
    }
  }
  const status = agent.status();
  const counted = [...status.dropped].filter(([cause]) => other || !cause.startsWith('label_'));
  const refusals = counted.reduce(
    (sum, [cause, count]) => sum + (cause === 'class_given_up' || beside(cause) ? 0 : count),
    0,
  );
  // A missing battery is counted every time, but reported once.
  const absent = (status.dropped.get('battery_absent') ?? 0) - absentReported;
  // Only windows may have messages without an outcome. An accepted battery message is not reported.
  const incomplete =
    sensorKind(sensor).remembers && !other ? counts.silent : topic === 'label' ? status.labelsWaiting : 0;
  const accepted = { label: status.labelled, battery_state: counts.silent - absent }[topic] ?? counts.decided;
  return {
    ...{ topic, messages, accepted, incomplete },
    refused: Object.fromEntries(counted.sort(([, a], [, b]) => b - a)),
    ...{ crashes, firstCrash: faults.at(0) ?? '', changedWeights },
    uncounted: messages - accepted - refusals - incomplete + eventsUncounted(status),
  };
}

/** Whether a cause counts a loss that was noticed with a message, while the message itself is accepted. */
const beside = (cause: string): boolean => /events_(?:lost|strange|overrun)$/.test(cause);

/** Events that the encoder of an event camera took but did not count. */
function eventsUncounted({ sensors }: AgentStatus): number {
  const { Events: all = 0, ...rest } = sensors[0].details ?? {};
  const parts = Object.entries(rest).filter(([name]) => name.startsWith('Events '));
  return Math.abs(parts.reduce((left, [, count]) => left - count, all));
}

function fuzzedAgent(use: SensorUse, clock: Clock): Agent {
  const sensors = { use: [use], sync: { slop: 0.05, policy: 'wait', queue: 8 } } as const;
  const settings = benchSettings({ neurons: 10, classes: 16, memory: 8 }, sensors);
  const voltageCurve = readVoltageCurve('10=0 12=0.5 14=1');
  return new Agent({ ...settings, battery: { ...settings.battery, voltageCurve } }, clock);
}
