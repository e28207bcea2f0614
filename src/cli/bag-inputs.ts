import type { Command } from 'commander';
import type { AgentSettings } from '../agent/agent-settings.js';
import type { Snapshot } from '../base/snapshot.js';
import { bagTopics, type BagInput } from '../bag/bag-topics.js';
import { agentSettings } from '../node/settings-of-parameters.js';
import { offlineParameters } from '../node/offline-parameters.js';
import { parameterTable } from '../node/parameter-table.js';
import { takenOver } from '../node/sensor-takeover.js';

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
 * @param start - what it starts from: as a node does, it reads its sensors as that was learned where nothing else is set
 * @throws TopsparkError of kind `usage`, naming parameter or remapping
 */
export function bagInputs(
  { paramsFile, param: set, namespace, remap }: BagFlags,
  start?: Snapshot,
): {
  readonly settings: AgentSettings;
  readonly topics: Map<string, BagInput>;
} {
  const node = `${namespace.replace(/\/$/, '')}/topspark`;
  const given = { set, ...(paramsFile !== undefined && { file: paramsFile }) };
  const values = offlineParameters(given, node, parameterTable);
  const settings = agentSettings(start === undefined ? values : values.with(takenOver(start, values)));
  const sensors = settings.sensors.use.map(({ name }) => name);
  return { settings, topics: bagTopics(sensors, namespace, remap) };
}
