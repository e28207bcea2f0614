import type { Random } from 'topspark/base/random.js';
import { toStamp, type Stamp } from 'topspark/base/time.js';
import { fuzzedSensors, fuzzedTopics } from '../fuzz/fuzz-messages.js';
import { once, pick } from '../fuzz/values.js';

/** A message on its way to the agent. */
export interface TrafficMessage {
  /** Time of arrival [ns]; no two messages arrive at once. */
  readonly at: bigint;
  /** Name of a sensor, or `label`. */
  readonly input: string;
  readonly stamp: Stamp;
  /** Its other fields. */
  readonly fields: object;
}

const millisecond = 1_000_000n;
const second = 1_000_000_000n;
const year = 31_557_600n * second;
/** Start of a drive [ns]. */
const origin = 1_700_000_000n * second;

/** Time between two messages of a sensor [ns]. */
const periods: Readonly<Record<string, bigint>> = { imu: 5n * millisecond };
const standardPeriod = 20n * millisecond;

/** Least and most messages for which a sensor keeps a pattern. */
const habitLength = { least: 5, more: 60 };

/** Stamp and delay of a message that was measured at a given time [ns]. */
interface Sent {
  readonly stamp: bigint;
  readonly delay: bigint;
}
type Habit = (time: bigint, period: bigint, index: number, random: Random) => Sent;

const soon = (random: Random): bigint => BigInt(random.below(2_000_000));
const lag =
  (size: bigint): Habit =>
  (time, _period, _index, random) => ({ stamp: time - size, delay: soon(random) });

/**
 * Patterns of order and time, as sensors, drivers and networks cause them. `steady` is listed several times, so that
 * faults also end.
 */
const steady: Habit = (time, _period, _index, random) => ({ stamp: time, delay: soon(random) });
const habits: readonly Habit[] = [
  steady,
  steady,
  steady,
  // Stamps behind by a little, and by much.
  lag(150n * millisecond),
  lag(5n * second),
  // Every other message is overtaken by the next one.
  (time, period, index, random) => ({ stamp: time, delay: index % 2 === 0 ? period + soon(random) : 0n }),
  // Two messages, or ten, share a stamp.
  (time, period, index) => ({ stamp: time - BigInt(index % 2) * period, delay: 0n }),
  (time, period, index) => ({ stamp: time - BigInt(index % 10) * period, delay: 0n }),
  // A driver that does not stamp its messages.
  () => ({ stamp: 0n, delay: 0n }),
  // A clock that is wrong for one message, and for a while.
  (time, _period, index) => ({ stamp: index % 20 === 7 ? time + year : time, delay: 0n }),
  lag(-year),
  // Ten messages arrive together.
  (time, period) => ({ stamp: time, delay: 10n * period - (time % (10n * period)) }),
  // A second publisher on the topic: 5 s behind, or with a clock that differs by less than a period.
  (time, _period, index, random) => ({ stamp: time - BigInt(index % 2) * 5n * second, delay: soon(random) }),
  (time, period, index, random) => ({ stamp: time - (BigInt(index % 2) * period * 3n) / 4n, delay: soon(random) }),
  // Random delays.
  (time, period, _index, random) => ({ stamp: time, delay: BigInt(random.below(Number(8n * period))) }),
];

/**
 * Generates a drive. Stamps and arrivals of its sensors are out of order in many ways. Labels come before, at and long
 * after their samples, or belong to none.
 *
 * @param sensors - sensors in use, the primary first
 * @param count - messages of all sensors together
 */
export function traffic(sensors: readonly string[], count: number, random: Random): TrafficMessage[] {
  const sent: TrafficMessage[] = [];
  // The recording may start again, and then all stamps step back.
  let shift = 0n;
  const states = sensors.map((name, index) => ({
    name,
    next: origin + BigInt(index) * millisecond,
    period: periods[name] ?? standardPeriod,
    habit: steady,
    left: 0,
  }));
  for (let k = 0; k < count; k++) {
    const sensor = states.reduce((first, each) => (each.next < first.next ? each : first));
    if (sensor.left-- <= 0) {
      sensor.habit = pick(random, habits);
      sensor.left = habitLength.least + random.below(habitLength.more);
    }
    const time = sensor.next;
    const { stamp, delay } = sensor.habit(time, sensor.period, sensor.left, random);
    const moved = stamp === 0n ? 0n : stamp + shift;
    const at = time + delay;
    sent.push({ at, input: sensor.name, stamp: toStamp(moved), fields: fuzzedSensors[sensor.name].message(random) });
    if (sensor === states[0] && once(random, 5)) sent.push(...labels(at, moved, random));
    // Now and then nothing comes for a while, or the drive starts again.
    if (once(random, 2000)) for (const each of states) each.next += 10n * second;
    if (once(random, 2000)) shift -= BigInt(10 + random.below(1000)) * second;
    sensor.next += sensor.period + BigInt(random.below(Number(sensor.period / 10n)));
  }
  return inOrder(sent);
}

/** Labels for a sample with this stamp and arrival, as a person, a program or a careless source gives them. */
function labels(at: bigint, stamp: bigint, random: Random): TrafficMessage[] {
  const say = (later: bigint, off = 0n): TrafficMessage => ({
    at: at + later,
    input: 'label',
    stamp: toStamp(stamp + off < 0n ? 0n : stamp + off),
    fields: once(random, 30) ? fuzzedTopics['label'](random) : { label: `class ${random.below(3)}` },
  });
  const within = (most: bigint): bigint => BigInt(random.below(Number(most)));
  const ways: readonly (() => TrafficMessage[])[] = [
    () => [say(1n)],
    () => [say(within(100n * millisecond))],
    () => [say(within(20n * second))],
    () => [say(100n * second)],
    () => [say(-1n)],
    () => [say(-within(3n * second))],
    () => [say(within(second), 400_000n)],
    () => [say(within(second), 7n * second)],
    () => [say(1n), say(within(second))],
    () => [say(within(second), -stamp)],
  ];
  return pick(random, ways)();
}

/** Sorts by arrival, and keeps arrivals distinct. */
function inOrder(messages: TrafficMessage[]): TrafficMessage[] {
  messages.sort((a, b) => Number(a.at - b.at));
  let last = 0n;
  return messages.map((message) => {
    last = message.at > last ? message.at : last + 1n;
    return { ...message, at: last };
  });
}
