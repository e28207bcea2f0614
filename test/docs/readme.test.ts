import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allEndpoints } from '../../src/node/endpoints.js';
import type { ParameterEntry } from '../../src/base/parameter-entry.js';
import { parameterTable } from '../../src/node/parameter-table.js';
import { defaultModes, modeNames } from '../../src/timestep/controller/modes.js';
import { shownDefault } from './reference/parameters.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
// Without the padding of its tables.
const narrow = (text: string): string => text.replaceAll(/ {2,}/g, ' ');
const readme = narrow(read('README.md'));

/** One row of README's short table of parameters. */
function row(entry: ParameterEntry): string {
  const bounds = 'low' in entry ? `${entry.low}..${entry.high}` : '';
  const range = 'choices' in entry ? entry.choices.join(', ') : bounds;
  const name = `\`${entry.name}\`${entry.dynamic ? ' (d)' : ''}`;
  return `| ${name} | \`${shownDefault(entry)}\` | ${range} | ${entry.description} |`;
}

describe('README', () => {
  // docs/parameters.md has all of them.
  it('tells of the first parameters what the table says', () => {
    const section = /^## Parameters$[^]*?^## /m.exec(readme)?.[0] ?? '';
    const lines = section.split('\n').filter((line) => line.startsWith('| `'));
    expect(lines.length).toBeGreaterThan(9);
    expect(parameterTable.map(row).map(narrow)).toEqual(expect.arrayContaining(lines));
  });

  it.each(allEndpoints.map(({ topic }) => topic))('documents the topic %s', (topic) => {
    expect(readme).toContain(`| \`${topic}\` |`);
  });

  it.each(modeNames)('tells what %s may cost', (name) => {
    const { timesteps, events, keep } = defaultModes[name].point;
    expect(readme).toMatch(new RegExp(`\\| ${name} \\|.*\\| ${timesteps} / ${events} / ${keep} \\|`));
  });

  it('names files that exist', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map((match) => match[1]);
    expect(links.length).toBeGreaterThan(3);
    const headings = [...readme.matchAll(/^## (.*)$/gm)].map(([, title]) => `#${title.toLowerCase().replaceAll(' ', '-')}`);
    for (const link of links.filter((each) => each !== 'msgs')) {
      if (link.startsWith('#')) expect(headings).toContain(link);
      else expect(read(link).length).toBeGreaterThan(0);
    }
  });

  it('names the runtime dependencies and no others', () => {
    const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
    const wanted = Object.keys({ ...manifest['dependencies'], ...manifest['optionalDependencies'] });
    const sentence = /Runtime dependencies[^]*?\n\n/.exec(readme)?.[0] ?? '';
    expect([...sentence.matchAll(/`([^`]+)`/g)].map((match) => match[1]).sort()).toEqual(wanted.sort());
  });
});
