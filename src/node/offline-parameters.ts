import type { AgentSettings } from '../agent/agent-settings.js';
import { didYouMean } from '../base/quoted.js';
import { TopsparkError, reasonOf } from '../base/errors.js';
import { type ParameterEntry, ParameterValues } from '../base/parameters.js';
import { readSmallText } from '../base/regular-file.js';
import { flattened, isYamlMap, parseYaml, type YamlMap } from '../base/yaml.js';
import { parameterValues } from './given-parameters.js';
import { movedEntries, movedTo } from './moved-parameters.js';
import { parameterTable } from './parameter-table.js';
import { instanceEntries } from './sensor-parameters.js';
import { agentSettings } from './settings-of-parameters.js';
import { strayBlocks } from './unknown-parameters.js';
import { matchOverrides, type NodeOverrides } from './parameter-overrides.js';

interface Given {
  readonly name: string;
  readonly value: unknown;
}

/** Parameters that a user gave for a node, as after `--ros-args`. */
export interface GivenParameters {
  /** A parameter file. */
  readonly file?: string;
  /** `NAME:=VALUE` each, the value as in YAML; they override the file. */
  readonly set?: readonly string[];
}

/**
 * The parameters of a node, read without ROS.
 *
 * @param node - full name: `/robot1/topspark`
 * @throws {@link TopsparkError} `parameter_file` where it cannot be read, `parameter_value` naming parameter, value and
 *   range, `parameter_unknown` for a name that the table lacks
 */
export function offlineParameters(
  { file, set = [] }: GivenParameters,
  node: string,
  table: readonly ParameterEntry[],
): ParameterValues {
  const blocks = file === undefined ? [] : readBlocks(file);
  const elsewhere = strayBlocks(blocks, node);
  if (elsewhere !== undefined) throw usage('parameter_file', `${file}: ${elsewhere}`);
  const given = matchOverrides(blocks, node);
  for (const text of set) {
    const parameter = parseSetting(text);
    given.set(parameter.name, parameter);
  }
  const all = [...table, ...instanceEntries(given)];
  const known = new Set([...all, ...movedEntries].map(({ name }) => name));
  const stray = [...given.keys()].find((name) => !known.has(name) && !isOfEveryNode(name));
  if (stray !== undefined) {
    const moved = movedTo(stray);
    const why = moved === undefined ? didYouMean(stray, known) : `: ${moved}`;
    throw usage('parameter_unknown', `parameter ${stray} is not known${why}; see config/topspark.yaml`);
  }
  return new ParameterValues(parameterValues(all, given), new Set(given.keys()));
}

/**
 * Settings of an agent, equal to those of a node with these parameters; docs/parameters.md has the names.
 *
 * @param given - changes to the defaults, such as `{ set: ['network.neurons:=1600'] }`, or a parameter file
 * @throws {@link TopsparkError} of kind `usage`, naming parameter, value and range
 */
export function settingsFromParameters(given: GivenParameters = {}): AgentSettings {
  return agentSettings(offlineParameters(given, '/topspark', parameterTable));
}

function parseSetting(text: string): Given {
  const at = text.indexOf(':=');
  if (at < 1) throw usage('parameter_value', `the parameter is "${text}", expected NAME:=VALUE`);
  return { name: text.slice(0, at), value: parseYaml(text.slice(at + 2), text) };
}

// Parameters that ROS itself declares on every node.
const isOfEveryNode = (name: string): boolean => name === 'use_sim_time' || name.startsWith('qos_overrides.');

function readBlocks(path: string): NodeOverrides<Given>[] {
  const root = parseYaml(readText(path), path);
  if (!isYamlMap(root)) throw usage('parameter_file', `${path}: expected blocks of parameters by node, such as /**:`);
  return blocksOf(root, '');
}

function readText(path: string): string {
  try {
    return readSmallText(path);
  } catch (error) {
    const why = reasonOf(error);
    throw usage('parameter_file', `the parameter file cannot be read: ${why}`);
  }
}

// Names of nodes may be nested, one namespace per level.
function blocksOf(map: YamlMap, above: string): NodeOverrides<Given>[] {
  return Object.entries(map).flatMap(([key, value]) => {
    if (!isYamlMap(value)) return [];
    if (key === 'ros__parameters') {
      return [{ name: above, parameters: flattened(value).map(([name, each]) => ({ name, value: each })) }];
    }
    return blocksOf(value, above === '' ? key : `${above.replace(/\/$/, '')}/${key.replace(/^\//, '')}`);
  });
}

const usage = (code: string, message: string): TopsparkError => new TopsparkError(code, 'usage', message);
