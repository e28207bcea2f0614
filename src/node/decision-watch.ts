import type { AgentStatus } from '../agent/agent-status.js';
import { kindOf, sensorOfCause } from '../sensing/sensor-kinds.js';

/** Least time without a decision before a warning [s]. */
const patience = 10;

/** Called with a sensor's fault and its cause. */
type Alarm = (sensor: string, cause: 'nothing_decided' | 'sensor_unused', message: string) => void;

/** State that the watch checks. */
export interface WatchedDecisions {
  readonly status: Pick<AgentStatus, 'decided' | 'dropped'>;
  /** Messages received of each sensor in use, whether or not they could be read; the primary sensor first. */
  readonly heard: readonly { readonly name: string; readonly messages: number }[];
  /** Longest acceptable time between two decisions [s]. */
  readonly period: number;
  /** Most messages of a sensor that wait for the node. */
  readonly depth: (sensor: string) => number;
}

/** The counts at some moment [s]. */
interface Mark {
  readonly time: number;
  readonly decided: number;
  readonly messages: number;
  readonly dropped: ReadonlyMap<string, number>;
}

/** Remedies of causes whose refusals name none. */
const remedies = new Map([
  ['imu_few', 'raise imu.window or the rate of the driver'],
  ['imu_late', 'is there one publisher, are its stamps in order?'],
  ['imu_stamp_stuck', 'does the driver stamp its messages?'],
  ['imu_incomplete', 'messages must come without pauses for a whole imu.window'],
  ['sensor_missing', 'another sensor has nothing for its stamps, see sync.slop and sync.policy'],
  ['busy', 'samples come faster than they can be decided'],
]);

/** Depth below which a queue loses messages of a packet. */
const shallow = 10;

/**
 * Detects sensors without effect: no sample is decided although messages of the primary sensor come, or every sample is
 * decided without another sensor. A count alone is easily overlooked, and some causes give no warning.
 */
export class DecisionWatch {
  /**
   * Counts of each sensor when all was well: for the primary sensor, when something was last decided or no message had
   * come; for another, when it was last part of a sample.
   */
  readonly #marks = new Map<string, Mark>();

  /**
   * Call it about once a second.
   *
   * @param now - time that has passed [s]
   * @param alarm - called for each sensor without effect, each time
   * @returns the faults, by the name of the sensor
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

  /** Forgets all counts; call it while the node is not active. */
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

  // Fault of another sensor than the primary one. A sensor that is part of at least one sample is fine.
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

  // The last mark of a sensor, moved to now if all is well or no message came: a silent sensor is reported elsewhere.
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

/** Causes that belong to no sensor's messages. */
const elsewhere = /^(label|battery|clock|request|class)_/;

/** Increases of the counts, largest first. */
function rises(now: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>): [string, number][] {
  return [...now]
    .map(([cause, count]): [string, number] => [cause, count - (before.get(cause) ?? 0)])
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a);
}

function explain(causes: readonly (readonly [string, number])[], sensor: string, depth: number): string {
  const most = causes.at(0);
  if (most === undefined)
    return 'no sample is complete yet, and none was refused; messages that wait for a match are counted';
  const counts = causes.map(([each, count]) => `${each} ${count}`).join(', ');
  // A remedy for a kind of sensor applies to each of several sensors of that kind.
  const kind = kindOf(sensor)?.name ?? sensor;
  const cause = most[0].startsWith(`${sensor}_`) ? `${kind}${most[0].slice(sensor.length)}` : most[0];
  const lost =
    cause === 'imu_few' && depth < shallow
      ? `; at most ${depth} wait for the node, and the rest of a packet is lost: raise its qos_overrides depth`
      : '';
  const remedy = remedies.get(cause)?.replaceAll(`${kind}.`, `${sensor}.`);
  return `${counts}${remedy === undefined ? '' : `; ${remedy}`}${lost}`;
}
