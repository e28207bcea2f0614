import { TopsparkError } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import {
  choice,
  double,
  limit,
  whereGiven,
  type ParameterEntry,
  type ParameterValue,
  ParameterValues,
} from '../base/parameters.js';
import type { SensorEncoder, SensorKind } from './sensor.js';
import { Silence } from './refuse.js';
import { compressedImage } from './image/compressed-image-sensor.js';
import { dvsEvents, events, propheseeEvents } from './events/events-sensor.js';
import { features } from './features-sensor.js';
import { image } from './image/image-sensor.js';
import { imu } from './motion/imu-sensor.js';
import { points } from './range/points-sensor.js';
import { range } from './range/range-sensor.js';
import { scan } from './range/scan-sensor.js';

/** Every kind of sensor by its name. To add one: a file in `src/sensing`, its test, and a line here. */
export const sensorKinds: readonly SensorKind[] = [
  ...[image, compressedImage, scan, range, imu, points, features],
  ...[events, dvsEvents, propheseeEvents],
];

/** Names of {@link sensorKinds}. */
export const sensorNames: readonly string[] = sensorKinds.map(({ name }) => name);

/** A sensor in use: its name, and the values that differ from the defaults of its block. */
export interface SensorUse {
  readonly name: string;
  readonly values?: Readonly<Record<string, ParameterValue>>;
}

/** Ending of one of several sensors of a kind: a number or words, as in `range3`, `scan_rear`. */
const ending = /^(?:\d+|(?:_[A-Za-z\d]+)+)$/;

/** The kind of a sensor by its exact name in {@link sensorKinds}; `undefined` where there is none. */
export const kindOf = (name: string): SensorKind | undefined =>
  sensorKinds.find(
    (kind) => name === kind.name || (name.startsWith(kind.name) && ending.test(name.slice(kind.name.length))),
  );

/** Names that a sensor may have besides {@link sensorNames}, in words. */
export const severalOfAKind = 'several of a kind each have their own ending, such as scan_rear or range3';

/**
 * Finds a kind by its name. One of several sensors of a kind counts as a kind with its own name, block of parameters
 * and topic.
 *
 * @throws {@link TopsparkError} `sensor_unknown` naming those that are known
 */
export function sensorKind(name: string): SensorKind {
  const kind = kindOf(name);
  if (kind === undefined) {
    const expected = `one of ${sensorNames.join(', ')}; ${severalOfAKind}`;
    throw new TopsparkError('sensor_unknown', 'usage', `sensor is ${quoted(name)}, expected ${expected}`);
  }
  const own = name.slice(kind.name.length);
  if (own === '') return kind;
  // A part after a slash is the transport: image_rear/compressed.
  const topic = kind.topic.replace(/^[^/]+/, (first) => first + own);
  return { ...kind, name, topic, shows: `${kind.shows ?? kind.name}${own}` };
}

/** Finds the sensor to which a cause belongs: causes begin with the sensor's name. `undefined`: none of them. */
export function sensorOfCause(cause: string, names: readonly string[]): string | undefined {
  const own = names.filter((name) => cause.startsWith(`${name}_`));
  return own.reduce<string | undefined>((best, name) => (name.length > (best?.length ?? 0) ? name : best), undefined);
}

/** Name of the encoding of on and off change since the last sample. Every sensor has it besides its own encodings. */
export const changeEncoding = 'change';

const novelty = whereGiven(
  limit(
    double(
      'novelty',
      0,
      [0, 0.5],
      'read-only',
      'if the largest change since the last decided message is smaller, its answer is repeated [share of full scale]; 0: never',
    ),
  ),
);
/** All parameters of a kind, without the name of the block. */
export function sensorParameters({ encodings = ['plain'], parameters }: SensorKind): readonly ParameterEntry[] {
  const ways = [...encodings, changeEncoding];
  return [
    choice('encoding', ways[0], ways, 'read-only', 'how messages become intensities'),
    double(
      'weight',
      1,
      [0.01, 100],
      'read-only',
      'weight of each input beside those of other sensors, when events are shared out',
    ),
    novelty,
    ...parameters,
  ];
}

/** The values of all parameters of a kind: those that are set, or the defaults. */
export function allValues(kind: SensorKind, values: SensorUse['values'] = {}): ParameterValues {
  const standard = sensorParameters(kind).map((entry): [string, ParameterValue] => [entry.name, entry.standard]);
  return new ParameterValues(new Map([...standard, ...Object.entries(values)]));
}

/**
 * Makes the encoder of a sensor in use. Also returns the name of its encoding, its weight and its novelty threshold.
 *
 * @throws {@link TopsparkError} `sensor_unknown`, or `out_of_range` naming the parameter
 */
export function sensorEncoder({ name, values = {} }: SensorUse): {
  readonly encoder: SensorEncoder;
  readonly encoding: string;
  readonly weight: number;
  /** Share of full scale below which a change is ignored; 0: every message is decided. */
  readonly novelty: number;
} {
  const kind = sensorKind(name);
  const all = allValues(kind, values);
  const encoder = created(kind, all);
  // Otherwise the node would leave messages unread that the encoder needs.
  if (encoder.hear && !kind.remembers) throw new TypeError(`sensor ${name} has hear, expected remembers: true`);
  return {
    ...{ encoder, encoding: all.text('encoding'), weight: all.number('weight') },
    novelty: all.number('novelty'),
  };
}

function created(kind: SensorKind, values: ParameterValues): SensorEncoder {
  try {
    return kind.create(values);
  } catch (error) {
    throw inItsName(error, kind.name);
  }
}

/**
 * Renames an error of a kind for one of several sensors of it, so that cause and parameters begin with the sensor's
 * name. Other errors stay unchanged.
 */
export function inItsName(error: unknown, name: string): unknown {
  const kind = kindOf(name)?.name ?? name;
  if (kind === name || !(error instanceof TopsparkError) || error.code.startsWith(`${name}_`)) return error;
  // The sensors of pictures share their causes.
  const prefix = sensorKinds.find((each) => error.code.startsWith(`${each.name}_`))?.name;
  const rest = prefix === undefined ? error.code : error.code.slice(prefix.length + 1);
  const code = error.kind === 'data' ? `${name}_${rest}` : error.code;
  const message = error.message.replaceAll(new RegExp(`\\b${kind}\\.(?=[a-z])`, 'g'), `${name}.`);
  if (error instanceof Silence) return new Silence(code, message, error.fault);
  return new TopsparkError(code, error.kind, message, { cause: error });
}
