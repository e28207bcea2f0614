import { createRequire } from 'node:module';
import type { ScalarTag } from 'yaml';
import { reasonOf, TopsparkError } from './errors.js';

/** A YAML map. */
export type YamlMap = Readonly<Record<string, unknown>>;

/** Whether a YAML value is a map. */
export const isYamlMap = (value: unknown): value is YamlMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Loads the YAML library only where YAML is read, so that most nodes start faster. */
const load = createRequire(import.meta.url);

/** Words for true and false in ROS's parser (YAML 1.1); YAML 1.2 reads most of them as texts. */
const [yes, no] = [/^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/, /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/];

const rosBoolean: ScalarTag = {
  identify: (value) => typeof value === 'boolean',
  default: true,
  tag: 'tag:yaml.org,2002:bool',
  test: new RegExp(`${yes.source}|${no.source}`),
  resolve: (text) => yes.test(text),
};

/**
 * Reads YAML as ROS's parser of parameters does. Integers are bigint, as from ROS; 1.0 is a double.
 *
 * @param where - the source in errors
 * @throws {@link TopsparkError} `parameter_file` that says what is wrong, and in which line
 */
export function parseYaml(text: string, where: string): unknown {
  const { parseDocument } = load('yaml') as typeof import('yaml');
  const document = parseDocument(text, { intAsBigInt: true, customTags: (tags) => [rosBoolean, ...tags] });
  for (const { message } of document.errors) {
    throw new TopsparkError('parameter_file', 'usage', `${where} is not YAML: ${firstLine(message)}`);
  }
  try {
    return document.toJS();
  } catch (error) {
    // An undefined alias, or too many aliases.
    throw new TopsparkError('parameter_file', 'usage', `${where} is not YAML: ${firstLine(reasonOf(error))}`);
  }
}

/** Flattens a map of maps: each value by its name, with the names of the maps around it, joined by dots. */
export function flattened(map: YamlMap, above = ''): [name: string, value: unknown][] {
  return Object.entries(map).flatMap(([key, value]): [string, unknown][] => {
    const name = above === '' ? key : `${above}.${key}`;
    return isYamlMap(value) ? flattened(value, name) : [[name, value]];
  });
}

const firstLine = (text: string): string => text.split('\n', 1)[0].replace(/:$/, '');
