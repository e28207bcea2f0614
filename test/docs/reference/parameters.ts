import { isDynamic, type ParameterEntry } from '../../../src/base/parameters.js';
import { sensorKinds } from '../../../src/sensing/sensor-kinds.js';
import { costFile } from '../../../src/node/energy-parameters.js';
import { modeFile } from '../../../src/node/mode-parameters.js';
import { parameterTable } from '../../../src/node/parameter-table.js';
import { generatedNote, table } from './table.js';

/** docs/parameters.md, from the table of parameters. */
export function parameterReference(): string {
  const groups = new Map<string, ParameterEntry[]>();
  for (const entry of parameterTable) {
    const group = groupOf(entry.name);
    groups.set(group, [...(groups.get(group) ?? []), entry]);
  }
  const sections = [...groups].map(([group, entries]) => [`## ${group}`, table(head, entries.map(row))].join('\n\n'));
  return [
    '# Parameters',
    generatedNote('the table that the node declares, `src/node/parameter-table.ts`'),
    [
      'Every parameter of the node with its default; [config/topspark.yaml](../config/topspark.yaml) holds the same with comments, to be copied.',
      'A value of a wrong type or out of its range stops the node at its start, or is refused by `ros2 param set`, with a sentence that names parameter, value and range.',
      'Those marked *dynamic* can be changed while the node runs, all others are read-only.',
      'The node declares those that have an effect: of the sensors in use, and of others what they need is said here.',
      '`ros2 param set` of one that is not declared says what it needs. What energy modes and operations cost stands in files: see the end of this page.',
    ].join('\n'),
    [
      'Beside them stand `use_sim_time`, and `qos_overrides.<topic>.<publisher or subscription>.{history,depth,reliability}` of each topic of which',
      'one is given at the start.',
    ].join('\n'),
    ...sections,
    '## The file of modes.file',
    [
      'YAML, as [config/modes.yaml](../config/modes.yaml); what is left out is as the policy ships it. Defaults are those of `network.policy: lean`.',
      'Given as parameters, as `modes.saver.max_rate`, they still count.',
    ].join('\n'),
    table(head, modeFile.entries.map(row)),
    '## The file of energy.costs.file',
    [
      'YAML, as [config/energy_costs.yaml](../config/energy_costs.yaml), read with `energy.cost_table: custom`. What is left out is as in `cmos45`.',
      'Given as parameters, as `energy.costs.synaptic_events`, they still count.',
    ].join('\n'),
    table(head, costFile.entries.map(row)),
    '',
  ].join('\n\n');
}

const head = ['parameter', 'type', 'default', 'range', 'changes', 'what'];

function row(entry: ParameterEntry): string[] {
  const bounds = 'low' in entry ? `${entry.low}..${entry.high}` : '';
  const range = 'choices' in entry ? entry.choices.join(', ') : bounds;
  const type = entry.type === 'stringArray' ? 'string[]' : entry.type;
  const changes = isDynamic(entry) ? 'dynamic' : '';
  // For a sensor its section says it.
  const needed = (entry.needs ?? []).filter(({ words }) => words !== entry.name.split('.')[0]);
  const needs = needed.map(({ parameter, words }) => `; needs ${words} in \`${parameter}\``).join('');
  return [`\`${entry.name}\``, type, `\`${shownDefault(entry)}\``, range, changes, `${entry.description}${needs}`];
}

/** A default as a parameter file writes it. */
export function shownDefault({ standard }: ParameterEntry): string {
  if (Array.isArray(standard)) return `['${standard.join("', '")}']`;
  return standard === '' ? "''" : String(standard);
}

function groupOf(name: string): string {
  const [first] = name.split('.') as [string, string?];
  if (sensorKinds.some((kind) => kind.name === first)) return `Sensor ${first}`;
  return groupNames.get(first) ?? first;
}

const groupNames: ReadonlyMap<string, string> = new Map([
  ['autostart', 'Node'],
  ['network', 'Network'],
  ['sensors', 'Sensors'],
  ['sync', 'Sensors'],
]);
