import { TopsparkError } from '../../base/errors.js';
import { checkOperatingPoint, type OperatingPoint } from '../policy/operating-point.js';
import type { OperatingProfile, ProfilePoint } from './profile.js';

/**
 * Reads a profile from JSON. Other keys are ignored.
 *
 * @param json - an object with `policy` and `points`, as `topspark profile --json` prints it
 * @param where - source of the JSON, for the error's sentence
 * @throws {@link TopsparkError} `bad_profile` naming the field, what was found and what was expected
 */
export function readProfile(json: unknown, where: string): OperatingProfile {
  const { policy, points } = fields(json, where);
  if (typeof policy !== 'string' || policy === '') bad(`${where}: policy`, policy, 'a name');
  if (!Array.isArray(points) || points.length === 0) bad(`${where}: points`, points, 'a list of at least one point');
  return { policy, points: points.map((point, at) => readPoint(point, `${where}: points[${at}]`)) };
}

function readPoint(json: unknown, where: string): ProfilePoint {
  const found = fields(json, where);
  const share = (name: string): number => number(found[name], `${where}.${name}`, 1);
  const pair = (name: string): ProfilePoint['energy'] => {
    const { train, infer } = fields(found[name], `${where}.${name}`);
    return { train: number(train, `${where}.${name}.train`), infer: number(infer, `${where}.${name}.infer`) };
  };
  const perhaps = (name: 'frontEndEnergy' | 'frontEndLatency'): object =>
    found[name] === undefined ? {} : { [name]: number(found[name], `${where}.${name}`) };
  const { timesteps, events, keep, exitFirst, exit, resolution } = fields(
    found['point'],
    `${where}.point`,
  ) as unknown as OperatingPoint;
  const point = { timesteps, events, keep, exitFirst, exit, ...(resolution !== undefined && { resolution }) };
  checkOperatingPoint(point, `${where}.point`);
  return {
    point,
    samples: number(found['samples'], `${where}.samples`),
    accuracy: share('accuracy'),
    accuracyLow: share('accuracyLow'),
    accuracyHigh: share('accuracyHigh'),
    recall: share('recall'),
    energy: pair('energy'),
    ...perhaps('frontEndEnergy'),
    latency: pair('latency'),
    ...perhaps('frontEndLatency'),
  };
}

function fields(json: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) bad(where, json, 'an object');
  return json as Readonly<Record<string, unknown>>;
}

function number(found: unknown, where: string, most = Number.MAX_VALUE): number {
  if (typeof found !== 'number' || !(found >= 0 && found <= most)) {
    bad(where, found, most === 1 ? 'a number in 0..1' : 'a number of 0 or more');
  }
  return found;
}

function bad(where: string, found: unknown, expected: string): never {
  const text = found === undefined ? 'missing' : JSON.stringify(found).slice(0, 40);
  throw new TopsparkError('bad_profile', 'usage', `${where} is ${text}, expected ${expected}`);
}
