import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../src/timestep/policy/policy-file.js';
import { timedExponents } from '../../src/timestep/policy/timed-policy.js';

const parse = (text: string) => parsePolicy(text, 'my.yaml');

describe("a user's policy", () => {
  it('has its own exponents, and those of its base for the rest', () => {
    const text = 'name: gentle\nbase: rate # regular spikes\nexponents: { inputRate: -0.25, membrane: 0.9 }\n';
    const exponents = { ...timedExponents.rate, inputRate: -0.25, membrane: 0.9 };
    expect(parse(text)).toEqual({ base: 'rate', own: { name: 'gentle', exponents } });
    expect(parse('{ name: same, base: paper }').own.exponents).toEqual(timedExponents.paper);
  });

  it.each([
    ['name: [', 'my.yaml is not YAML: '],
    ['', 'my.yaml is null, expected a map of name, base, exponents'],
    ['- 1', 'my.yaml is [1], expected a map'],
    ['{ base: rate }', 'my.yaml: name is missing, expected a name of 1 to 64 characters'],
    ['{ name: rate, base: rate }', 'my.yaml: name is rate, expected one that no other policy has'],
    ['{ name: a, base: lean }', 'my.yaml: base is "lean", expected one of none, paper, rate'],
    ['{ name: a }', 'my.yaml: base is missing, expected one of none, paper, rate'],
    ['{ name: a, base: rate, exponent: {} }', 'has the field exponent, expected only name, base, exponents'],
    ['{ name: a, base: rate, exponents: { a: 1 } }', 'my.yaml: exponents has the field a, expected only membrane,'],
    ['{ name: a, base: rate, exponents: { drive: half } }', 'exponents.drive is "half", expected a number in -2..2'],
    ['{ name: a, base: rate, exponents: { drive: 3 } }', 'exponents.drive is 3, expected a number in -2..2'],
    ['{ name: a, base: rate, exponents: { drive: .nan } }', 'exponents.drive is NaN, expected a number in -2..2'],
  ])('is refused when it is invalid: %s', (text, sentence) => {
    expect(() => parse(text)).toThrow(sentence);
  });
});
