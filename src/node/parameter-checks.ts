import { quoted } from '../base/quoted.js';
import type { ParameterEntry, ParameterValue } from '../base/parameters.js';
import { reasonOf } from '../base/errors.js';

/** A value from ROS: integers are bigint; arrays and unset values are possible. */
export type RawValue = unknown;

/** A valid value, or why it is invalid: a sentence naming parameter, value and what was expected. */
export type Checked = { readonly value: ParameterValue } | { readonly reason: string };

const articles = { bool: 'a bool', integer: 'an integer', double: 'a double', string: 'a string' } as const;

/**
 * Converts a value to the type of its entry and checks its range. A whole number is also a valid double, since YAML and
 * `ros2 param set` write 1.0 as 1.
 *
 * @param where - what has the value, for the sentence
 */
export function checkParameter(entry: ParameterEntry, raw: RawValue, where = `parameter ${entry.name}`): Checked {
  const value = typeof raw === 'bigint' ? Number(raw) : raw;
  const wrong = (expected: string): Checked => ({
    reason: `${where} is ${show(raw)}, expected ${expected}`,
  });
  switch (entry.type) {
    case 'bool':
      return typeof value === 'boolean' ? { value } : wrong('true or false');
    case 'string': {
      if (typeof value !== 'string') return wrong(entry.choices ? oneOf(entry.choices) : articles.string);
      if (entry.choices && !entry.choices.includes(value)) return wrong(oneOf(entry.choices));
      return checkedText(entry, value, where);
    }
    case 'stringArray': {
      const { choices, more } = entry;
      const known = (each: unknown): boolean =>
        typeof each === 'string' && (choices.includes(each) || more?.accepts(each) === true);
      const fits = Array.isArray(value) && value.length > 0 && value.every(known);
      if (!fits || new Set(value).size < value.length) {
        return wrong(`one or more of ${choices.join(', ')}, each once${more === undefined ? '' : `; ${more.words}`}`);
      }
      return { value: value as string[] };
    }
    case 'integer':
    case 'double': {
      const { type, low, high } = entry;
      const expected = `${articles[type]} in ${low}..${high}`;
      if (typeof value !== 'number' || (type === 'integer' && typeof raw !== 'bigint')) return wrong(expected);
      return value >= low && value <= high ? { value } : wrong(expected);
    }
  }
}

function checkedText({ check }: ParameterEntry & { readonly type: 'string' }, value: string, where: string): Checked {
  try {
    check?.(value);
    return { value };
  } catch (error) {
    return { reason: `${where}: ${reasonOf(error)}` };
  }
}

const oneOf = (choices: readonly string[]): string => `one of ${choices.join(', ')}`;

function show(raw: RawValue): string {
  if (raw === undefined || raw === null) return 'not set';
  if (typeof raw === 'string') return quoted(raw);
  if (typeof raw === 'bigint' || typeof raw === 'boolean') return String(raw);
  if (typeof raw === 'number') return Number.isInteger(raw) ? raw.toFixed(1) : String(raw);
  if (!Array.isArray(raw)) return `a ${typeof raw}`;
  const shown = raw.slice(0, 8).map(show).join(', ');
  return raw.length > 8 ? `[${shown}, …] (${raw.length} values)` : `[${shown}]`;
}
