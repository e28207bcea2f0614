import type { AgentStatus } from '../agent/agent-status.js';
import { kindOf, sensorOfCause } from '../sensing/sensor-kinds.js';

/** Least time without a decision that is told [s]. */
const patience = 10;

/** Hears what is to be told of a sensor, and the cause under which. */
type Alarm = (sensor: string, cause: 'nothing_decided' | 'sensor_unused', message: string) => void;

/** What the watch looks at. */
export interface WatchedDecisions {
  readonly status: Pick<AgentStatus, 'decided' | 'dropped'>;
  /** Of the sensors in use, the primary one first: messages that came, read or not. */
  readonly heard: readonly { readonly name: string; readonly messages: number }[];
  /** Longest time between two decisions that is in order [s]. */
  readonly period: number;
  /** Messages of a sensor that wait for the node at most. */
  readonly depth: (sensor: string) => number;
}

/** The counts as of some moment [s]. */
interface Mark {
  readonly time: number;
  readonly decided: number;
  readonly messages: number;
  readonly dropped: ReadonlyMap<string, number>;
}

/** What to do about causes that name no remedy themselves. */
const remedies = new Map([
  ['imu_few', 'raise imu.window or the rate of the driver'],
  ['imu_late', 'is there one publisher, are its stamps in order?'],
  ['imu_stamp_stuck', 'does the driver stamp its messages?'],
  ['imu_incomplete', 'messages must come without pauses for a whole imu.window'],
  ['sensor_missing', 'another sensor has nothing for its stamps, see sync.slop and sync.policy'],
  ['busy', 'samples come faster than they can be decided'],
]);

/** Fewer messages that wait than this lose those of a packet. */
const shallow = 10;

/**
 * Sees when nothing comes of what is heard: no sample is decided though the primary sensor is heard, or every sample is
 * decided without another sensor. A count alone is easily overlooked, and some of it comes without a warning.
 */
export class DecisionWatch {
  /** When something was decided last, or nothing was heard; and for each other sensor, when it was part of a sample. */
  readonly #marks = new Map<string, Mark>();

  /**
   * Call it about once a second.
   *
   * @param now - time that has passed [s]
   * @param alarm - hears of each sensor of which nothing comes, each time
   * @returns what is wrong, by the name of the sensor
   */
  look(now: number, watched: WatchedDecisions, alarm: Alarm): ReadonlyMap<string, string> {
    const faults = new Map<string, string>();
    for (const [index, sensor] of watched.heard.entries()) {
      const fault = index === 0 ? this.#undecided(sensor, now, watched) : this.#unused(sensor, now, watched);
      if (fault === undefined) continue;
      alarm(sensor.name, index === 0 ? 'nothing_decided' : 'sensor_unused', fault);
      faults.set(sensor.name, fault);
    }
    return faults;
  }

  /** The node does not hear: what was seen belongs to another time. */
  rest(): void {
    this.#marks.clear();
  }

  #undecided({ name, messages }: Heard, now: number, { status, period, depth }: WatchedDecisions): string | undefined {
    const mark = this.#since({ name, messages }, now, status, (before) => status.decided > before.decided);
    if (now - mark.time < Math.max(patience, 2 * period)) return undefined;
    const causes = rises(status.dropped, mark.dropped).filter(([cause]) => !elsewhere.test(cause));
    const found = `nothing was decided for ${Math.round(now - mark.time)} s`;
    return `${found}, though ${messages - mark.messages} messages came: ${explain(causes, name, depth(name))}`;
  }

  // Of another sensor that has something for at least one sample nothing is told.
  #unused(
    { name, messages }: Heard,
    now: number,
    { status, heard, period, depth }: WatchedDecisions,
  ): string | undefined {
    const names = heard.map((each) => each.name);
    const own = (from: ReadonlyMap<string, number>): [string, number][] =>
      rises(status.dropped, from).filter(
        ([cause]) => sensorOfCause(cause, names) === name && cause !== `${name}_unused`,
      );
    const without = (from: ReadonlyMap<string, number>): number =>
      own(from)
        .filter(([cause]) => cause === `${name}_missing` || cause === `${name}_few`)
        .reduce((sum, [, count]) => sum + count, 0);
    const mark = this.#since(
      { name, messages },
      now,
      status,
      (before) => status.decided - before.decided > without(before.dropped),
    );
    const samples = status.decided - mark.decided;
    if (samples === 0 || now - mark.time < Math.max(patience, 2 * period)) return undefined;
    const found = `${samples} samples were decided without it in ${Math.round(now - mark.time)} s`;
    return `${found}, though ${messages - mark.messages} messages came: ${explain(own(mark.dropped), name, depth(name))}`;
  }

  // A sensor that is silent is told elsewhere.
  #since(
    { name, messages }: Heard,
    now: number,
    { decided, dropped }: WatchedDecisions['status'],
    well: (before: Mark) => boolean,
  ): Mark {
    const before = this.#marks.get(name);
    if (before !== undefined && messages > before.messages && !well(before)) return before;
    const mark = { time: now, decided, messages, dropped: new Map(dropped) };
    this.#marks.set(name, mark);
    return mark;
  }
}

type Heard = WatchedDecisions['heard'][number];

/** Causes that are not of a sensor's messages. */
const elsewhere = /^(label|battery|clock|request|class)_/;

/** By how much counts have risen, the most first. */
function rises(now: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>): [string, number][] {
  return [...now]
    .map(([cause, count]): [string, number] => [cause, count - (before.get(cause) ?? 0)])
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a);
}

function explain(causes: readonly (readonly [string, number])[], sensor: string, depth: number): string {
  const most = causes.at(0);
  if (most === undefined) return 'no sample is complete yet, and none was refused; what waits for a match is counted';
  const counts = causes.map(([each, count]) => `${each} ${count}`).join(', ');
  // What is told of a kind holds for each of several of that kind.
  const kind = kindOf(sensor)?.name ?? sensor;
  const cause = most[0].startsWith(`${sensor}_`) ? `${kind}${most[0].slice(sensor.length)}` : most[0];
  const lost =
    cause === 'imu_few' && depth < shallow
      ? `; at most ${depth} wait for the node, so that packets lose the others: raise its qos_overrides depth`
      : '';
  const remedy = remedies.get(cause)?.replaceAll(`${kind}.`, `${sensor}.`);
  return `${counts}${remedy === undefined ? '' : `; ${remedy}`}${lost}`;
}
