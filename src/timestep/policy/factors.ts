import { checkNumber, TopsparkError } from '../../base/errors.js';

/** Factors of single constants, by name. Constants without a factor stay the same. */
export type Factors = Readonly<Record<string, number>>;

/** Names and meanings of the constants that a factor may change. */
export type Constants = Readonly<Record<string, string>>;

/**
 * Checks factors and returns a lookup: the factor of a constant, or 1.
 *
 * @throws {@link TopsparkError} `unknown_constant` or `out_of_range` naming the factor
 */
export function factorOf<C extends Constants>(factors: Factors, constants: C): (name: keyof C) => number {
  for (const [name, factor] of Object.entries(factors)) {
    if (!Object.hasOwn(constants, name)) {
      const expected = Object.keys(constants).join(', ');
      throw new TopsparkError('unknown_constant', 'usage', `factor of ${name}, expected one of ${expected}`);
    }
    checkNumber(`factor of ${name}`, factor, 1e-3, 1e3);
  }
  const known = new Map<keyof C, number>(Object.entries(factors));
  return (name) => known.get(name) ?? 1;
}
