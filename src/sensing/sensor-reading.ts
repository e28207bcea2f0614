import type { ParameterValue } from '../base/parameters.js';
import { quoted } from '../base/quoted.js';
import type { Json } from '../base/snapshot.js';
import { allValues, kindOf, sensorKind, sensorParameters, type SensorUse } from './sensor-kinds.js';

// Learned state is useless if the same messages become other intensities. So learned and measured states record how
// their sensors were read, by every parameter that is not marked as a limit. sync.* is not included: it decides which
// messages form a sample, not their intensities.

/** How one sensor is read. */
export interface SensorReading {
  readonly name: string;
  /** Name of the encoding. */
  readonly encoding: string;
  /** Every other parameter that changes an intensity; absent in older files. */
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
}

/** A difference in how a sensor is read. */
export interface ReadingDifference {
  /** Name such as `scan.near`; `sensors` where the sensors themselves differ. */
  readonly parameter: string;
  readonly found: Json | undefined;
  readonly own: Json | undefined;
}

/** Current names of renamed parameters, by their former names such as `scan.closest`; none was renamed yet. */
type Renamed = ReadonlyMap<string, string>;
const renamed: Renamed = new Map();

/** How the sensors in use are read. The weight of a single sensor does not count. */
export function readingsOf(use: readonly SensorUse[]): SensorReading[] {
  return use.map(({ name, values = {} }) => {
    const counted = sensorParameters(sensorKind(name)).filter((entry) => entry.limit !== true);
    const all = Object.fromEntries(counted.map((entry) => [entry.name, values[entry.name] ?? entry.standard]));
    const kind = sensorKind(name);
    const { encoding, weight, ...rest } = all;
    const others = { ...rest, ...kind.identity?.(allValues(kind, values)) };
    return { name, encoding: String(encoding), parameters: use.length > 1 ? { weight, ...others } : others };
  });
}

/**
 * Compares readings by meaning: numbers as numbers, a compressed picture as a picture, a renamed parameter by its
 * current name. Parameters that only one side has are not compared.
 *
 * @param stored - unchecked JSON
 * @param own - the current readings
 */
export function readingDifferences(
  stored: Json | undefined,
  own: readonly SensorReading[],
  names: Renamed = renamed,
): readonly ReadingDifference[] {
  const found = Array.isArray(stored) ? (stored as readonly Json[]).map(table) : [];
  const same = (each: Table, k: number): boolean => shown(each['name']) === shown(own[k].name);
  if (found.length !== own.length || !found.every(same)) {
    const its = found.map(({ name = null }) => name);
    return [{ parameter: 'sensors', found: its, own: own.map(({ name }) => name) }];
  }
  return own.flatMap((reading, k) => differencesOf(found[k], reading, names));
}

/** Describes differences in a sentence that says what to do. */
export function describeDifferences(differences: readonly ReadingDifference[], what: string): string {
  const described = differences.slice(0, most).map(({ parameter, found, own }) => {
    return `${show(parameter)} was ${show(found)} when ${what} and is ${show(own)} here`;
  });
  const more = differences.length > most ? [`${differences.length - most} more`] : [];
  const set = differences.slice(0, most).map(({ parameter, found }) => cure(parameter, found));
  return `${[...described, ...more].join(', ')}; to go on with it set ${set.join(', ')}`;
}

// A hash cannot be set: it belongs to a file.
function cure(parameter: string, found: Json | undefined): string {
  if (!parameter.endsWith('.sha256')) return `${show(parameter)}:=${show(found)}`;
  const block = show(parameter.slice(0, -'.sha256'.length));
  return `${block}.model or ${block}.size to the model with that SHA-256`;
}

const most = 4;

type Table = Readonly<Record<string, Json>>;

const table = (found: Json): Table =>
  typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Table) : {};

/** What a sensor with this name shows. */
function shown(name: Json | undefined): Json | undefined {
  return typeof name === 'string' && kindOf(name) !== undefined ? (sensorKind(name).shows ?? name) : name;
}

function differencesOf(stored: Table, { name, encoding, parameters = {} }: SensorReading, names: Renamed) {
  const differences: ReadingDifference[] = [];
  const compare = (parameter: string, found: Json | undefined, own: Json | undefined): void => {
    if (found !== own) differences.push({ parameter: `${name}.${parameter}`, found, own });
  };
  compare('encoding', stored['encoding'], encoding);
  const limits = sensorParameters(sensorKind(name)).filter((entry) => entry.limit === true);
  for (const [former, found] of Object.entries(table(stored['parameters'] ?? null))) {
    const parameter = names.get(`${name}.${former}`) ?? former;
    // An unknown parameter comes from another version, and cannot be compared.
    const known = Object.hasOwn(parameters, parameter) ? parameters[parameter] : undefined;
    if (limits.every((entry) => entry.name !== parameter)) compare(parameter, found, known);
  }
  return differences;
}

function show(value: Json | undefined): string {
  if (value === undefined) return 'unknown';
  if (Array.isArray(value)) return `[${value.slice(0, 8).map(show).join(', ')}]`;
  if (typeof value === 'string') return /^[\w./-]{1,40}$/.test(value) ? value : quoted(value);
  return JSON.stringify(value).slice(0, 40);
}
