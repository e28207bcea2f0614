import type { Command } from 'commander';
import type { AgentSettings } from '../agent/settings.js';
import { bagTopics, type BagInput } from '../data/mcap/bag-topics.js';
import { agentSettings } from '../ros/agent-settings.js';
import { offlineParameters } from '../ros/offline-parameters.js';
import { parameterTable } from '../ros/parameter-table.js';

/** How a bag is to be heard: with which parameters, and where its topics are. */
export interface BagFlags {
  readonly paramsFile?: string;
  readonly param: readonly string[];
  readonly remap: readonly string[];
  readonly namespace: string;
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

/** Adds the options by which a node would be told its parameters and topics. */
export function withBagOptions(command: Command): Command {
  return command
    .option('--params-file <yaml>', "the node's parameter file")
    .option('-p, --param <name:=value>', 'one parameter; may be repeated', collect, [])
    .option('-r, --remap <from:=to>', 'where an input is in the bag; may be repeated', collect, [])
    .option('--namespace <name>', 'namespace of the node: relative names are looked for in it', '/');
}

/**
 * What a node with these parameters would hear of a bag.
 *
 * @throws TopsparkError of kind `usage`, naming parameter or remapping
 */
export function bagInputs({ paramsFile, param: set, namespace, remap }: BagFlags): {
  readonly settings: AgentSettings;
  readonly topics: Map<string, BagInput>;
} {
  const node = `${namespace.replace(/\/$/, '')}/topspark`;
  const given = { set, ...(paramsFile !== undefined && { file: paramsFile }) };
  const settings = agentSettings(offlineParameters(given, node, parameterTable));
  const sensors = settings.sensors.use.map(({ name }) => name);
  return { settings, topics: bagTopics(sensors, namespace, remap) };
}
