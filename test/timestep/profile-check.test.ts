import { describe, expect, it } from 'vitest';
import { readProfile } from '../../src/timestep/controller/profile-check.js';
import { shippedProfile } from '../../src/timestep/controller/shipped-profile.js';

type Fields = Record<string, unknown>;
const json = () => JSON.parse(JSON.stringify(shippedProfile)) as { policy: unknown; points: Fields[] };

describe('a profile from JSON', () => {
  it('is used unchanged; other keys are ignored', () => {
    expect(readProfile({ ...json(), provenance: { topspark: '1' } }, 'p.json')).toEqual(shippedProfile);
  });

  it.each<[string, (profile: ReturnType<typeof json>) => unknown]>([
    ['p.json is [], expected an object', () => []],
    ['p.json is null, expected an object', () => null],
    ['p.json: policy is missing, expected a name', ({ points }) => ({ points })],
    ['p.json: points is [], expected a list of at least one point', ({ policy }) => ({ policy, points: [] })],
    ['p.json: points[1] is 7, expected an object', ({ points, ...rest }) => ({ ...rest, points: [points[0], 7] })],
    ['p.json: points[0].accuracy is 93.5, expected a number in 0..1', (p) => change(p, { accuracy: 93.5 })],
    ['p.json: points[0].recall is null, expected a number in 0..1', (p) => change(p, { recall: NaN })],
    [
      'p.json: points[0].energy.train is -1, expected a number of 0 or more',
      (p) => change(p, { energy: { train: -1 } }),
    ],
    ['p.json: points[0].latency is missing, expected an object', (p) => change(p, { latency: undefined })],
    [
      'p.json: points[0].point: timesteps is 0, expected an integer in 1..1000',
      (p) => change(p, { point: { ...(p.points[0]?.['point'] as Fields), timesteps: 0 } }),
    ],
    [
      'p.json: points[0].point: exit is undefined, expected a number in 0..100',
      (p) => change(p, { point: { timesteps: 1, events: 8, keep: 1, exitFirst: 0 } }),
    ],
  ])('is refused: %s', (message, wrong) => {
    expect(() => readProfile(JSON.parse(JSON.stringify(wrong(json()))), 'p.json')).toThrow(message);
  });
});

function change(profile: ReturnType<typeof json>, fields: Fields): unknown {
  return { ...profile, points: [{ ...profile.points[0], ...fields }] };
}
