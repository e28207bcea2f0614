import type { Need, ParameterEntry, ParameterValue, ParameterValues } from '../base/parameters.js';

/** Why a parameter has no effect now, in words; `undefined` where it has one. */
export function idleBecause(
  { needs = [] }: Pick<ParameterEntry, 'needs'>,
  values: ParameterValues,
): string | undefined {
  const unmet = needs.find(({ parameter, met }) => !met(values.values.get(parameter) ?? ''));
  return unmet && wanted(unmet, values);
}

/**
 * Sentences about parameters that were set and have no effect, such as those of an unused sensor. Values equal to the
 * default, as in a copy of the shipped file, are ignored.
 *
 * @param given - names that were set
 */
export function idleSentences(
  table: readonly ParameterEntry[],
  values: ParameterValues,
  given: ReadonlySet<string>,
): string[] {
  const idle = new Map<string, string[]>();
  for (const entry of table) {
    if (!given.has(entry.name) || values.values.get(entry.name) === entry.standard) continue;
    const why = idleBecause(entry, values);
    if (why !== undefined) idle.set(why, [...(idle.get(why) ?? []), entry.name]);
  }
  return [...idle].map(([why, names]) => {
    const effect = names.length === 1 ? 'is set and has no effect: it needs' : 'are set and have no effect: they need';
    return `${names.join(', ')} ${effect} ${why}`;
  });
}

function wanted({ parameter, words }: Need, { values }: ParameterValues): string {
  return `${words} in ${parameter}, which is ${shown(values.get(parameter))}`;
}

const shown = (value: ParameterValue | undefined): string =>
  typeof value === 'object' ? `[${value.join(', ')}]` : String(value);
