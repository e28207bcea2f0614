import { createRequire } from 'node:module';
import type { ScalarTag } from 'yaml';
import { reasonOf, TopsparkError } from './errors.js';

/** A map of YAML. */
export type YamlMap = Readonly<Record<string, unknown>>;

/** Whether a value of YAML is a map. */
export const isYamlMap = (value: unknown): value is YamlMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Loaded where YAML is read, and at once: most nodes start without, and what starts one does not wait. */
const load = createRequire(import.meta.url);

/** The words for true and false that ROS's parser knows (YAML 1.1), which plain YAML 1.2 takes for texts. */
const [yes, no] = [/^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/, /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/];

const rosBoolean: ScalarTag = {
  identify: (value) => typeof value === 'boolean',
  default: true,
  tag: 'tag:yaml.org,2002:bool',
  test: new RegExp(`${yes.source}|${no.source}`),
  resolve: (text) => yes.test(text),
};

/**
 * Reads YAML as ROS's parser of parameters does. Integers are bigint, as from ROS: 1.0 is a double there.
 *
 * @param where - what holds it, for the error's sentence
 * @throws {@link TopsparkError} `parameter_file` saying what is wrong, and in which line
 */
export function parseYaml(text: string, where: string): unknown {
  const { parseDocument } = load('yaml') as typeof import('yaml');
  const document = parseDocument(text, { intAsBigInt: true, customTags: (tags) => [rosBoolean, ...tags] });
  for (const { message } of document.errors) {
    throw new TopsparkError('parameter_file', 'usage', `${where} is no YAML: ${firstLine(message)}`);
  }
  try {
    return document.toJS();
  } catch (error) {
    // An alias of nothing, or too many of them.
    throw new TopsparkError('parameter_file', 'usage', `${where} is no YAML: ${firstLine(reasonOf(error))}`);
  }
}

/** What stands in a map of maps: each value under its name, the names of its maps before it, with dots. */
export function flattened(map: YamlMap, above = ''): [name: string, value: unknown][] {
  return Object.entries(map).flatMap(([key, value]): [string, unknown][] => {
    const name = above === '' ? key : `${above}.${key}`;
    return isYamlMap(value) ? flattened(value, name) : [[name, value]];
  });
}

const firstLine = (text: string): string => text.split('\n', 1)[0].replace(/:$/, '');
