import { TopsparkError } from '../base/errors.js';
import { choice, double, type ParameterEntry, type ParameterValue, ParameterValues } from '../base/parameters.js';
import type { SensorEncoder, SensorKind } from './sensor.js';
import { compressedImage } from './image/compressed-image-sensor.js';
import { features } from './features-sensor.js';
import { image } from './image/image-sensor.js';
import { imu } from './motion/imu-sensor.js';
import { points } from './range/points-sensor.js';
import { range } from './range/range-sensor.js';
import { scan } from './range/scan-sensor.js';

/** Every kind of sensor by its name. To add one: a file in `sensors/`, its test, and a line here. */
export const sensorKinds: readonly SensorKind[] = [image, compressedImage, scan, range, imu, points, features];

/** Names of {@link sensorKinds}. */
export const sensorNames: readonly string[] = sensorKinds.map(({ name }) => name);

/** A sensor in use: its kind's name, and what is set differently from the defaults of its block. */
export interface SensorUse {
  readonly name: string;
  readonly values?: Readonly<Record<string, ParameterValue>>;
}

/** @throws {@link TopsparkError} `sensor_unknown` naming those that are known */
export function sensorKind(name: string): SensorKind {
  const kind = sensorKinds.find((each) => each.name === name);
  if (kind !== undefined) return kind;
  const known = sensorNames.join(', ');
  throw new TopsparkError('sensor_unknown', 'usage', `sensor is "${name}", expected one of ${known}`);
}

/** Name of the encoding that shows on and off change since the sample before; every sensor has it beside its own. */
export const changeEncoding = 'change';

/** All parameters of a kind, without the name of the block. */
export function sensorParameters({ encodings = ['plain'], parameters }: SensorKind): readonly ParameterEntry[] {
  const ways = [...encodings, changeEncoding];
  return [
    choice('encoding', ways[0], ways, 'read-only', 'how messages become intensities'),
    double('weight', 1, [0.01, 100], 'read-only', 'share of the events beside other sensors, by each of its inputs'),
    ...parameters,
  ];
}

/**
 * The encoder of a sensor in use, the name of its encoding, and its weight beside other sensors. Of {@link changeEncoding} it writes what changes.
 *
 * @throws {@link TopsparkError} `sensor_unknown`, or `out_of_range` naming the parameter
 */
export function sensorEncoder({ name, values = {} }: SensorUse): {
  readonly encoder: SensorEncoder;
  readonly encoding: string;
  readonly weight: number;
} {
  const kind = sensorKind(name);
  const standard = sensorParameters(kind).map((entry): [string, ParameterValue] => [entry.name, entry.standard]);
  const all = new ParameterValues(new Map([...standard, ...Object.entries(values)]));
  const encoder = kind.create(all);
  // Left out, the node would leave messages unread that the encoder needs.
  if (encoder.hear && !kind.remembers) throw new TypeError(`sensor ${name} has hear, expected remembers: true`);
  return { encoder, encoding: all.text('encoding'), weight: all.number('weight') };
}
