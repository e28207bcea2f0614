import { describe, expect, it } from 'vitest';
import { checkParameter } from '../../src/node/parameter-checks.js';
import type { ParameterEntry } from '../../src/base/parameters.js';

const common = { name: 'p', description: 'a parameter' };
const bool: ParameterEntry = { ...common, type: 'bool', standard: true };
const integer: ParameterEntry = { ...common, type: 'integer', standard: 5, low: 1, high: 9 };
const double: ParameterEntry = { ...common, type: 'double', standard: 0.5, low: 0, high: 1 };
const text: ParameterEntry = { ...common, type: 'string', standard: '' };
const choice: ParameterEntry = { ...common, type: 'string', standard: 'A', choices: ['A', 'B'] };

const list: ParameterEntry = { ...common, type: 'stringArray', standard: ['A'], choices: ['A', 'B'] };

describe('checkParameter', () => {
  it.each([
    [bool, false, false],
    [integer, 9n, 9],
    [double, 0.25, 0.25],
    [double, 1n, 1],
    [text, 'any', 'any'],
    [choice, 'B', 'B'],
    [list, ['B', 'A'], ['B', 'A']],
  ])('%o accepts %o', (entry, raw, value) => {
    expect(checkParameter(entry, raw)).toEqual({ value });
  });

  it.each([
    [bool, 1n, 'parameter p is 1, expected true or false'],
    [list, [], 'parameter p is [], expected one or more of A, B, each once'],
    [list, ['A', 'A'], 'parameter p is ["A", "A"], expected one or more of A, B, each once'],
    [list, ['C'], 'parameter p is ["C"], expected one or more of A, B, each once'],
    [list, 'A', 'parameter p is "A", expected one or more of A, B, each once'],
    [bool, undefined, 'parameter p is not set, expected true or false'],
    [integer, 10n, 'parameter p is 10, expected an integer in 1..9'],
    [integer, 5.5, 'parameter p is 5.5, expected an integer in 1..9'],
    [integer, 5, 'parameter p is 5.0, expected an integer in 1..9'],
    [integer, [1n], 'parameter p is [1], expected an integer in 1..9'],
    [double, NaN, 'parameter p is NaN, expected a double in 0..1'],
    [double, -0.1, 'parameter p is -0.1, expected a double in 0..1'],
    [double, 2n, 'parameter p is 2, expected a double in 0..1'],
    [double, '0.5', 'parameter p is "0.5", expected a double in 0..1'],
    [text, true, 'parameter p is true, expected a string'],
    [choice, 'C', 'parameter p is "C", expected one of A, B'],
    [choice, 1n, 'parameter p is 1, expected one of A, B'],
  ])('%o refuses %o: %s', (entry, raw, reason) => {
    expect(checkParameter(entry, raw)).toEqual({ reason });
  });
});
