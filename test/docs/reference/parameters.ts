import type { ParameterEntry } from '../../../src/base/parameters.js';
import { sensorKinds } from '../../../src/sensing/sensor-kinds.js';
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
      'Defaults of `modes.*` are those of `network.policy: lean`.',
    ].join('\n'),
    'Beside them stand `use_sim_time`, and for each topic `qos_overrides.<topic>.<publisher or subscription>.{history,depth,reliability}`.',
    ...sections,
    '',
  ].join('\n\n');
}

const head = ['parameter', 'type', 'default', 'range', 'changes', 'what'];

function row(entry: ParameterEntry): string[] {
  const bounds = 'low' in entry ? `${entry.low}..${entry.high}` : '';
  const range = 'choices' in entry ? entry.choices.join(', ') : bounds;
  const type = entry.type === 'stringArray' ? 'string[]' : entry.type;
  const changes = entry.dynamic ? 'dynamic' : '';
  return [`\`${entry.name}\``, type, `\`${shownDefault(entry)}\``, range, changes, entry.description];
}

/** A default as a parameter file writes it. */
export function shownDefault({ standard }: ParameterEntry): string {
  if (Array.isArray(standard)) return `['${standard.join("', '")}']`;
  return standard === '' ? "''" : String(standard);
}

function groupOf(name: string): string {
  const [first, second] = name.split('.') as [string, string?];
  if (sensorKinds.some((kind) => kind.name === first)) return `Sensor ${first}`;
  if (first === 'modes') return `Mode ${(second ?? '').toUpperCase()}`;
  return groupNames.get(first) ?? first;
}

const groupNames: ReadonlyMap<string, string> = new Map([
  ['autostart', 'Node'],
  ['network', 'Network'],
  ['sensors', 'Sensors'],
  ['sync', 'Sensors'],
]);
