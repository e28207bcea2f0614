import type { ParameterValues } from '../base/parameters.js';
import type { SensorKind } from '../sensing/sensor.js';

/** A frequency compared with its expectation. */
export interface FrequencyReport {
  /** Events since the monitor was made. */
  readonly total: number;
  /** Mean over the window [1/s]; NaN before two ticks. */
  readonly frequency: number;
  readonly verdict: 'ok' | 'none' | 'low';
}

const window = 5;
const tolerance = 0.1;

/**
 * Judges the frequency of events over the last five ticks, as diagnostic_updater's FrequencyStatus does without a
 * highest frequency.
 */
export class FrequencyMonitor {
  readonly #ticks: { readonly time: number; readonly total: number }[] = [];

  /** @param expected - lowest acceptable frequency [1/s]; 0: any */
  constructor(readonly expected: number) {}

  /**
   * Call it about once a second.
   *
   * @param now - [s], any origin
   * @param total - events so far
   * @param expected - lowest acceptable frequency [1/s]; 0: any
   */
  tick(now: number, total: number, expected = this.expected): FrequencyReport {
    const oldest = this.#ticks.at(0);
    this.#ticks.push({ time: now, total });
    if (this.#ticks.length > window) this.#ticks.shift();
    const elapsed = oldest === undefined ? 0 : now - oldest.time;
    const events = total - (oldest?.total ?? 0);
    const frequency = elapsed > 0 ? events / elapsed : NaN;
    return { total, frequency, verdict: judge(events, frequency, expected) };
  }
}

function judge(events: number, frequency: number, expected: number): FrequencyReport['verdict'] {
  if (events === 0) return 'none';
  if (expected === 0 || Number.isNaN(frequency)) return 'ok';
  return frequency < expected * (1 - tolerance) ? 'low' : 'ok';
}

/** Message rate of a sensor. */
export interface SensorReport {
  readonly name: string;
  readonly topic: string;
  readonly frequency: FrequencyReport;
  /** Lowest rate expected [1/s]; 0: any. */
  readonly expected: number;
  /** What is wrong, the likely reason and the remedy; absent where nothing is. */
  readonly fault?: string;
  /** Time since the last message [s]; NaN before the first. */
  readonly silence: number;
}

/** Publishers of a sensor's topic. */
export interface Reach {
  /** Full name of the topic after remapping. */
  readonly name: string;
  /** Publishers of that name. */
  readonly present: number;
  /** Publishers of that name whose type and quality of service fit. */
  readonly heard: number;
  /** Whether messages are taken only as fast as decisions are made. */
  readonly gated: boolean;
}

/** Called with a sensor's fault and its cause. */
export type SensorAlarm = (sensor: string, cause: 'rate_low' | 'sensor_silent', message: string) => void;

/** Ticks for which a fault must last before a warning: the window of the average rate. */
const patience = 5;

/** Below this rate, a window without messages is acceptable [1/s]. */
const rarely = 0.5;

/** Sensors at least this fast are reported when they stop, even without an expected rate [1/s]. */
const steadily = 1;

/** Sensors whose messages may be larger than the shared memory of Fast DDS. */
const large: ReadonlySet<string> = new Set(['sensor_msgs/msg/Image', 'sensor_msgs/msg/PointCloud2']);

interface Watched {
  readonly kind: SensorKind;
  readonly monitor: FrequencyMonitor;
  /** Ticks with a low rate, and ticks without messages. */
  low: number;
  silent: number;
  /** Time of the last message, as of the next tick [s]. */
  last: number;
  total: number;
  /** For how many more ticks messages count as steady, although the window that ends holds only the last of them. */
  steady: number;
  reported: boolean;
}

/** Finds sensors in use that are silent or slower than expected, and why. */
export class SensorWatch {
  readonly #sensors: readonly Watched[];

  /**
   * @param values - `NAME.expected_rate` of each sensor
   * @param taken - messages so far by the name of the sensor, kept up to date by the intake
   */
  constructor(
    sensors: readonly SensorKind[],
    values: ParameterValues,
    readonly taken: ReadonlyMap<string, number>,
  ) {
    this.#sensors = sensors.map((kind) => ({
      ...{ kind, monitor: new FrequencyMonitor(values.number(`${kind.name}.expected_rate`)) },
      ...{ low: 0, silent: 0, last: NaN, total: 0, steady: 0, reported: false },
    }));
  }

  /**
   * Call it about once a second.
   *
   * @param now - monotonic time [s]
   * @param cap - most decisions per second, and so messages taken of a gated sensor; 0: no limit
   * @param reach - by the sensor's relative topic; empty while the node is not active
   * @param alarm - called for each sensor that is silent or slow for some seconds
   */
  tick(now: number, cap: number, reach: Readonly<Record<string, Reach>>, alarm: SensorAlarm): SensorReport[] {
    return this.#sensors.map((sensor) => this.#look(sensor, now, cap, reach[sensor.kind.topic], alarm));
  }

  #look(sensor: Watched, now: number, cap: number, reach: Reach | undefined, alarm: SensorAlarm): SensorReport {
    const { kind, monitor } = sensor;
    const { name, topic } = kind;
    // If fewer are taken than expected, the real rate is unknown.
    const taken = reach?.gated === true && cap > 0 ? cap : Infinity;
    const expected = taken <= monitor.expected ? 0 : monitor.expected;
    const heard = monitor.tick(now, this.taken.get(name) ?? 0, expected);
    const rare = taken < rarely && heard.verdict === 'none';
    const frequency = rare ? { ...heard, verdict: 'ok' as const } : heard;
    if (frequency.total > sensor.total) Object.assign(sensor, { total: frequency.total, last: now, reported: false });
    if (frequency.frequency >= steadily) sensor.steady = window + 1;
    else if (frequency.verdict !== 'none') sensor.steady--;
    sensor.low = frequency.verdict === 'low' ? sensor.low + 1 : 0;
    sensor.silent = frequency.verdict === 'none' && reach !== undefined ? sensor.silent + 1 : 0;
    const silence = now - sensor.last;
    const fault =
      frequency.verdict === 'none'
        ? reach && silent(kind, reach, silence)
        : frequency.verdict === 'low'
          ? slow(kind, frequency.frequency, expected)
          : undefined;
    if (fault !== undefined && sensor.low >= patience) alarm(name, 'rate_low', fault);
    if (fault !== undefined && sensor.silent >= patience) {
      const missed = expected > 0 || (!sensor.reported && (sensor.total === 0 || sensor.steady > 0));
      sensor.reported = true;
      if (missed) alarm(name, 'sensor_silent', fault);
    }
    return { name, topic, frequency, expected, silence, ...(fault !== undefined && { fault }) };
  }
}

function slow({ name, topic, type }: SensorKind, frequency: number, expected: number): string {
  const why = large.has(type)
    ? 'the driver is slow, or large messages are lost on the way, see docs/sensors.md'
    : `the driver is slow, or the network loses messages; or lower ${name}.expected_rate`;
  return `${topic} comes at ${frequency.toFixed(1)} Hz, expected ${expected} Hz: ${why}`;
}

/** Why no message comes, as far as can be seen, and what to do. */
function silent(kind: SensorKind, { name: topic, present, heard }: Reach, silence: number): string {
  const found = Number.isNaN(silence) ? 'nothing has come yet' : `nothing has come for ${Math.round(silence)} s`;
  const publishers = (count: number): string => (count === 1 ? '1 publisher' : `${count} publishers`);
  if (present === 0) {
    return Number.isNaN(silence)
      ? `${found}, nobody publishes ${topic}: is the driver running, is the topic's name right? Map it with -r ${kind.topic}:=…`
      : `${found}, nobody publishes ${topic} any more: has the driver ended?`;
  }
  if (heard === 0) {
    const differs = 'with another type or quality of service than this node requests';
    return `${found}, ${publishers(present)} of ${topic} cannot be received, ${differs}: see ros2 topic info -v ${topic}`;
  }
  const lost = Number.isNaN(silence) && large.has(kind.type);
  const why = lost ? 'large messages may be lost on the way, see docs/sensors.md' : 'does the driver still get data?';
  return `${found}, though ${topic} has ${publishers(heard)}: ${why}`;
}
