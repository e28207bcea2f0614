import {
  checked,
  double,
  limit,
  needsOneOf,
  needsTwo,
  where,
  type ParameterEntry,
  type ParameterValues,
} from '../base/parameters.js';
import { TopsparkError } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import type { SensorKind } from '../sensing/sensor.js';
import { kindOf, sensorKind, sensorKinds, sensorParameters } from '../sensing/sensor-kinds.js';

/** Parameters by name as they were set, from ROS or a file, unchecked. */
export type Given = ReadonlyMap<string, { readonly value?: unknown }>;

/** Topic names as in ROS: absolute, relative, or private. */
const topicName = /^(?:~?\/)?[A-Za-z_]\w*(?:\/[A-Za-z_]\w*)*$/;

function checkTopic(text: string): void {
  if (text === '' || topicName.test(text)) return;
  throw new TopsparkError(
    'parameter_value',
    'usage',
    `${quoted(text)} is not a topic name, expected one such as /front/scan`,
  );
}

/** The block of parameters of a sensor. */
export function sensorEntries(kind: SensorKind): ParameterEntry[] {
  const rate = 'lowest rate expected; the node warns below it [1/s]; 0: any';
  const all = [
    limit(checked('topic', '', checkTopic, 'read-only', `topic of the sensor; empty: ${kind.topic}`)),
    ...sensorParameters(kind),
    limit(double('expected_rate', 0, [0, 10_000], 'read-only', rate)),
  ];
  const named = all.map((entry): ParameterEntry => {
    const needs = entry.needs?.map((need) => ({ ...need, parameter: `${kind.name}.${need.parameter}` }));
    return { ...entry, name: `${kind.name}.${entry.name}`, ...(needs && { needs }) };
  });
  const [first, beside] = [needsOneOf('sensors', [kind.name]), needsTwo('sensors')];
  // The weight has no effect with a single sensor, which gets all events.
  return where(first, named).flatMap((entry) =>
    entry.name === `${kind.name}.weight` ? where(beside, [entry]) : [entry],
  );
}

/**
 * The parameter blocks of several sensors of a kind: of those in `sensors`, and of those with any parameter set, so
 * that a parameter without effect is reported.
 */
export const instanceEntries = (given: Given): ParameterEntry[] =>
  instances(given).flatMap((name) => sensorEntries(sensorKind(name)));

/** Every sensor that a node with these parameters may use, with its topic. */
export const possibleSensors = (given: Given): SensorKind[] =>
  [...sensorKinds.map(({ name }) => name), ...instances(given)].map((name) =>
    heardOn(name, given.get(`${name}.topic`)?.value),
  );

/** The sensors in use, with their topics; the primary one first. */
export const heardSensors = (values: ParameterValues): SensorKind[] =>
  values.texts('sensors').map((name) => heardOn(name, values.text(`${name}.topic`)));

function heardOn(name: string, topic: unknown): SensorKind {
  const kind = sensorKind(name);
  return typeof topic === 'string' && topicName.test(topic) ? { ...kind, topic } : kind;
}

function instances(given: Given): string[] {
  const sensors = given.get('sensors')?.value;
  const named = Array.isArray(sensors) ? sensors.filter((each) => typeof each === 'string') : [];
  const blocks = [...given.keys()].map((name) => name.slice(0, Math.max(0, name.indexOf('.'))));
  return [...new Set([...named, ...blocks])].filter((name) => {
    const kind = kindOf(name);
    return kind !== undefined && kind.name !== name;
  });
}
