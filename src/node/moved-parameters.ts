import type { ParameterEntry, ParameterValues } from '../base/parameters.js';
import { listed } from '../base/quoted.js';
import { costFile } from './energy-parameters.js';
import { idleBecause } from './idle-parameters.js';
import { modeFile } from './mode-parameters.js';
import type { SettingsFile } from './settings-file.js';

const files: readonly SettingsFile[] = [modeFile, costFile];

/** Former parameters that moved into files: the old names still work. */
export const movedEntries: readonly ParameterEntry[] = files.flatMap(({ block, needs, entries }) =>
  entries.map((entry) => ({ ...entry, needs, name: `${block}.${entry.name}` })),
);

/** Renamed parameters. */
const renamed: ReadonlyMap<string, string> = new Map([['image.rate', 'image.expected_rate']]);

/** Where a former parameter went, in words; `undefined` for any other name. */
export function movedTo(name: string): string | undefined {
  const now = renamed.get(name);
  if (now !== undefined) return `it is ${now} now`;
  const file = files.find(({ block, entries }) => entries.some((entry) => name === `${block}.${entry.name}`));
  if (file === undefined) return undefined;
  const own = name.slice(file.block.length + 1);
  return `it stands as ${own} in the file that ${file.parameter} names; see ${file.shipped}`;
}

/**
 * Sentences about old names that were set and have an effect, one for each file.
 *
 * @param given - names that were set
 */
export function movedSentences(values: ParameterValues, given: ReadonlySet<string>): string[] {
  return files.flatMap(({ parameter, block, shipped, needs, entries }) => {
    const own = entries.map(({ name }) => name).filter((name) => given.has(`${block}.${name}`));
    if (own.length === 0 || idleBecause({ needs }, values) !== undefined) return [];
    const names = listed(own.map((name) => `${block}.${name}`));
    const where = `in the file that ${parameter} names, as ${listed(own)}; see ${shipped}`;
    return [`${names} ${own.length === 1 ? 'still counts, but stands' : 'still count, but stand'} ${where}`];
  });
}
