import { reasonOf, TopsparkError } from '../base/errors.js';
import type { Need, ParameterEntry, ParameterValue, ParameterValues } from '../base/parameters.js';
import { didYouMean, printable, shownName } from '../base/quoted.js';
import { readSmallText } from '../base/regular-file.js';
import { flattened, isYamlMap, parseYaml } from '../base/yaml.js';
import { checkParameter } from './parameter-checks.js';

/** Settings in a YAML file named by a parameter: a table that is written once for a robot. */
export interface SettingsFile {
  /** The parameter: `modes.file`. */
  readonly parameter: string;
  /** Prefix of their former names as parameters. */
  readonly block: string;
  /** A complete file to copy. */
  readonly shipped: string;
  /** Conditions for reading it. */
  readonly needs: readonly Need[];
  /** The settings by their names in the file, with their defaults. */
  readonly entries: readonly ParameterEntry[];
}

/**
 * Settings from the file, and from parameters of the old names, which win.
 *
 * @throws {@link TopsparkError} `parameter_file` where it cannot be read, `parameter_unknown`, `parameter_value` naming
 *   file, setting, value and range
 */
export function settingsIn(file: SettingsFile, values: ParameterValues): ReadonlyMap<string, ParameterValue> {
  const path = values.text(file.parameter);
  const old = values.block(file.block);
  const names = file.entries.map(({ name }) => name).filter((name) => old.has(name));
  const given = names.map((name) => [name, old.get(name)] as [string, ParameterValue]);
  return new Map([...(path === '' ? [] : readSettings(file, path)), ...given]);
}

function readSettings({ parameter, shipped, entries }: SettingsFile, path: string): Map<string, ParameterValue> {
  const where = `${parameter} ${printable(path)}`;
  const root = parseYaml(readText(path, where), where);
  // Nothing but comments: everything has its default.
  if (root === null) return new Map();
  const groups = groupsOf(entries);
  if (!isYamlMap(root)) {
    throw usage('parameter_file', `${where} is not a map, expected one of ${groups.join(', ')}; see ${shipped}`);
  }
  // Leaves out groups whose every line was removed.
  const given = flattened(root).filter(([name, value]) => value !== null || !groups.includes(name));
  return new Map(
    given.map(([name, value]): [string, ParameterValue] => {
      const entry = entries.find((each) => each.name === name);
      if (entry === undefined) throw usage('parameter_unknown', `${where}: ${unknown(name, entries)}; see ${shipped}`);
      const checked = checkParameter(entry, value, `${where}: ${name}`);
      if ('reason' in checked) throw usage('parameter_value', checked.reason);
      return [name, checked.value];
    }),
  );
}

/** Names at the top of the file. */
const groupsOf = (entries: readonly ParameterEntry[]): string[] => [
  ...new Set(entries.map(({ name }) => name.split('.', 1)[0])),
];

function unknown(name: string, entries: readonly ParameterEntry[]): string {
  const groups = groupsOf(entries);
  const [group, ...rest] = name.split('.');
  const shown = shownName(name);
  if (groups.includes(name)) {
    const own = entries.filter((each) => each.name.startsWith(`${name}.`));
    return `${shown} is not a map, expected one of ${own.map((each) => each.name.slice(name.length + 1)).join(', ')}`;
  }
  // The mode may be misspelt while its content is right.
  if (rest.length > 0 && !groups.includes(group)) {
    return `${shown} is not known${didYouMean(group, groups)}, expected one of ${groups.join(', ')}`;
  }
  const names = entries.map((each) => each.name);
  return `${shown} is not known${didYouMean(name, names)}`;
}

function readText(path: string, where: string): string {
  try {
    return readSmallText(path);
  } catch (error) {
    throw usage('parameter_file', `${where} cannot be read: ${reasonOf(error)}`);
  }
}

const usage = (code: string, message: string): TopsparkError => new TopsparkError(code, 'usage', message);
