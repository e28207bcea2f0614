import { parseDocument } from 'yaml';
import { checkNumber, TopsparkError } from '../../base/errors.js';
import { timedExponents, timedPolicies, type OwnPolicy, type TimedPolicyName } from './timed-policy.js';

// A user's policy as YAML:
//
//   name: gentle
//   base: rate            # none, paper or rate: gives the encoding and all exponents that are not listed
//   exponents:
//     inputRate: -0.25    # also membrane, refractory, thetaTime and drive; each -2..2

/** A user's policy, and the policy that it is based on. */
export interface BasedPolicy {
  readonly base: TimedPolicyName;
  readonly own: OwnPolicy;
}

/**
 * Reads a user's policy.
 *
 * @param where - name of the file, for the error's sentence
 * @throws {@link TopsparkError} `bad_policy` or `out_of_range` naming file, field, found and expected
 */
export function parsePolicy(text: string, where: string): BasedPolicy {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (document.errors.length > 0) refuse(`${where} is not YAML: ${error.message.split('\n')[0]}`, 'a policy');
  const { name, base, exponents = {} } = fields(document.toJS(), where, ['name', 'base', 'exponents']);
  if (typeof name !== 'string' || !/^\S.{0,63}$/.test(name)) {
    refuse(`${where}: name is ${show(name)}`, 'a name of 1 to 64 characters');
  }
  if (['lean', ...timedPolicies].includes(name)) refuse(`${where}: name is ${name}`, 'one that no other policy has');
  const known = timedPolicies.find((policy) => policy === base);
  if (known === undefined) refuse(`${where}: base is ${show(base)}`, `one of ${timedPolicies.join(', ')}`);
  const standard = timedExponents[known];
  const given = fields(exponents, `${where}: exponents`, Object.keys(standard));
  for (const [exponent, value] of Object.entries(given)) {
    if (typeof value !== 'number') refuse(`${where}: exponents.${exponent} is ${show(value)}`, 'a number in -2..2');
    checkNumber(`${where}: exponents.${exponent}`, value, -2, 2);
  }
  return { base: known, own: { name, exponents: { ...standard, ...given } } };
}

function fields(value: unknown, where: string, names: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse(`${where} is ${show(value)}`, `a map of ${names.join(', ')}`);
  }
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined) refuse(`${where} has the field ${unknown}`, `only ${names.join(', ')}`);
  return { ...value };
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}

function refuse(found: string, expected: string): never {
  throw new TopsparkError('bad_policy', 'usage', `${found}, expected ${expected}`);
}
