import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allEndpoints } from '../../src/node/endpoints.js';
import { isDynamic, type ParameterEntry } from '../../src/base/parameters.js';
import { parameterTable } from '../../src/node/parameter-table.js';
import { sensorKinds } from '../../src/sensing/sensor-kinds.js';
import { defaultModes, modeNames } from '../../src/timestep/controller/modes.js';
import { shownDefault } from './reference/parameters.js';

// Without the padding of its tables.
const narrow = (text: string): string => text.replaceAll(/ {2,}/g, ' ');
const page = narrow(readFileSync(new URL('../../docs/node.md', import.meta.url), 'utf8'));

/** One row of the page's short table of parameters. */
function row(entry: ParameterEntry): string {
  const bounds = 'low' in entry ? `${entry.low}..${entry.high}` : '';
  const range = 'choices' in entry ? entry.choices.join(', ') : bounds;
  const name = `\`${entry.name}\`${isDynamic(entry) ? ' (d)' : ''}`;
  return `| ${name} | \`${shownDefault(entry)}\` | ${range} | ${entry.description} |`;
}

describe('docs/node.md', () => {
  // docs/parameters.md has all of them.
  it('describes the first parameters as the table does', () => {
    const section = /^## Parameters$[^]*?^## /m.exec(page)?.[0] ?? '';
    const lines = section.split('\n').filter((line) => line.startsWith('| `'));
    expect(lines.length).toBeGreaterThan(9);
    expect(parameterTable.map(row).map(narrow)).toEqual(expect.arrayContaining(lines));
  });

  it.each(allEndpoints(sensorKinds).map(({ topic }) => topic))('documents the topic %s', (topic) => {
    expect(page).toContain(`| \`${topic}\` |`);
  });

  it.each(modeNames)('says how much CPU %s may cost', (name) => {
    const { timesteps, events, keep } = defaultModes[name].point;
    expect(page).toMatch(new RegExp(`\\| ${name} \\|.*\\| ${timesteps} / ${events} / ${keep} \\|`));
  });
});
