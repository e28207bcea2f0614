import { TopsparkError } from '../base/errors.js';
import type { ParameterEntry, ParameterValue } from '../base/parameters.js';
import { movedEntries } from './moved-parameters.js';
import { checkParameter, type RawValue } from './parameter-checks.js';

/**
 * The values of all parameters, as set or by default. Former parameters that moved into files are included if they are
 * set.
 *
 * @param given - values by name from ROS; unknown names are ignored
 * @throws {@link TopsparkError} `parameter_value` naming parameter, value and range
 */
export function parameterValues(
  table: readonly ParameterEntry[],
  given: ReadonlyMap<string, { readonly value: RawValue }>,
): Map<string, ParameterValue> {
  const old = movedEntries.filter(({ name }) => given.has(name));
  return new Map([...table, ...old].map((entry) => [entry.name, valueOf(entry, given.get(entry.name))]));
}

function valueOf(entry: ParameterEntry, given: { readonly value: RawValue } | undefined): ParameterValue {
  const checked = given === undefined ? { value: entry.standard } : checkParameter(entry, given.value);
  if ('reason' in checked) throw new TopsparkError('parameter_value', 'usage', checked.reason);
  return checked.value;
}
