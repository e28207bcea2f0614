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
      'This page lists every parameter of the node with its default. [config/topspark.yaml](../config/topspark.yaml) has the same with comments, to be copied.',
      'A value of a wrong type or out of its range stops the node at its start, or is refused by `ros2 param set`. A sentence names the parameter, the value and the range.',
      'A parameter marked *dynamic* can be changed while the node runs; all others are read-only.',
      'The node declares only parameters that have an effect: those of the sensors in use, and others if the condition after *needs* is met.',
      '`ros2 param set` of a parameter that is not declared says what it needs. The limits of energy modes and the costs of operations are in files, described at the end of this page.',
    ].join('\n'),
    [
      'Two more exist: `use_sim_time`, and `qos_overrides.<topic>.<publisher or subscription>.{history,depth,reliability}`. The latter are declared for',
      'a topic if one of them is set at the start.',
    ].join('\n'),
    ...sections,
    '## The file of modes.file',
    [
      'The file is YAML, as [config/modes.yaml](../config/modes.yaml). Settings that it leaves out have the defaults of the policy; the table has those of `network.policy: lean`.',
      'The same settings may still be given as parameters, such as `modes.saver.max_rate`.',
    ].join('\n'),
    table(head, modeFile.entries.map(row)),
    '## The file of energy.costs.file',
    [
      'The file is YAML, as [config/energy_costs.yaml](../config/energy_costs.yaml). The node reads it with `energy.cost_table: custom`. Costs that it leaves out are those of `cmos45`.',
      'The same costs may still be given as parameters, such as `energy.costs.synaptic_events`.',
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
  // The section of a sensor already says that the sensor must be in use.
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
