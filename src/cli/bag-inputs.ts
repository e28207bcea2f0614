import type { Command } from 'commander';
import type { AgentSettings } from '../agent/agent-settings.js';
import { ParameterValues, type ParameterValue } from '../base/parameters.js';
import { printable } from '../base/quoted.js';
import type { Snapshot } from '../base/snapshot.js';
import { bagTopics, type BagInput } from '../bag/bag-topics.js';
import { agentSettings } from '../node/settings-of-parameters.js';
import { offlineParameters } from '../node/offline-parameters.js';
import { movedSentences } from '../node/moved-parameters.js';
import { heardSensors, instanceEntries } from '../node/sensor-parameters.js';
import { parameterTable } from '../node/parameter-table.js';
import { takenOver } from '../node/sensor-takeover.js';

/** How to read a bag: parameters, and where its topics are. */
export interface BagFlags {
  readonly paramsFile?: string;
  readonly param: readonly string[];
  readonly remap: readonly string[];
  readonly namespace: string;
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

/** Adds the options for the node's parameters and topics. */
export function withBagOptions(command: Command): Command {
  return command
    .option('--params-file <yaml>', "the node's parameter file")
    .option('-p, --param <name:=value>', 'one parameter; may be repeated', collect, [])
    .option('-r, --remap <from:=to>', 'where an input is in the bag; may be repeated', collect, [])
    .option('--namespace <name>', 'namespace of the node: relative names are looked for in it', '/');
}

/**
 * Inputs that a node with these parameters would take from a bag.
 *
 * @param start - state to start from: as in a node, its sensor readings hold except where set otherwise
 * @throws TopsparkError of kind `usage`, naming parameter or remapping
 */
export function bagInputs(
  { paramsFile, param: set, namespace, remap }: BagFlags,
  start?: Snapshot,
): {
  readonly settings: AgentSettings;
  readonly topics: Map<string, BagInput>;
  /** Parameters that were set, except those in the file that equal the default. */
  readonly given: readonly string[];
  /** Those of them that only a node uses. */
  readonly ignored: readonly string[];
  /** Sentences on parameters that have moved. */
  readonly moved: readonly string[];
} {
  const node = `${namespace.replace(/\/$/, '')}/topspark`;
  const given = { set, ...(paramsFile !== undefined && { file: paramsFile }) };
  const values = offlineParameters(given, node, parameterTable);
  const all = start === undefined ? values : values.with(takenOver(start, values));
  const read = new ReadValues(all.values, all.explicit);
  const settings = agentSettings(read);
  const sensors = heardSensors(read);
  const asked = [...values.explicit].filter((name) => isAsked(name, values, set));
  const ignored = asked.filter((name) => !read.names.has(name));
  const moved = movedSentences(values, values.explicit);
  const speed = values.number('question.max_speed') > 0;
  return { settings, topics: bagTopics(sensors, namespace, remap, speed), given: asked, ignored, moved };
}

/** Notes on standard error parameters that were set without effect. */
export function warnIgnored(names: readonly string[], where: string): void {
  if (names.length === 0) return;
  process.stderr.write(`note: parameters without effect in ${where} are ignored: ${printable(names.join(', '))}\n`);
}

// A file may contain every parameter of a robot; values equal to the default say nothing.
function isAsked(name: string, { values }: ParameterValues, set: readonly string[]): boolean {
  if (set.some((text) => text.startsWith(`${name}:=`))) return true;
  const given = new Map([...values].map(([each, value]) => [each, { value }]));
  const standard = [...parameterTable, ...instanceEntries(given)].find((entry) => entry.name === name)?.standard;
  return JSON.stringify(values.get(name)) !== JSON.stringify(standard);
}

/** Records which parameters were read. */
class ReadValues extends ParameterValues {
  readonly names = new Set<string>();

  protected override read(name: string): ParameterValue | undefined {
    this.names.add(name);
    return super.read(name);
  }
}
