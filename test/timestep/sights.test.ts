import { describe, expect, it } from 'vitest';
import { controlTable } from '../../src/timestep/controller/control-table.js';
import { firstState } from '../../src/timestep/controller/controller-input.js';
import { control } from '../../src/timestep/controller/controller.js';
import { defaultModes, modeNames, type ModeTable } from '../../src/timestep/controller/modes.js';
import type { OperatingProfile, ProfilePoint } from '../../src/timestep/controller/profile.js';
import { readProfile } from '../../src/timestep/controller/profile-check.js';
import { modesAt, profileAt } from '../../src/timestep/controller/sights.js';
import { calm } from './facts.js';

const sights = [
  { resolution: 224, microseconds: 10_000 },
  { resolution: 160, microseconds: 5000 },
  { resolution: 96, microseconds: 2000 },
];
/** Energy at 5 W [J]. */
const energy = (microseconds: number): number => microseconds * 5e-6;
const caps = { FULL: 224, BALANCED: 224, SAVER: 160, CRITICAL: 96 } as const;
const modes = Object.fromEntries(
  modeNames.map((name) => {
    const mode = defaultModes[name];
    return [name, { ...mode, point: { ...mode.point, resolution: caps[name] } }];
  }),
) as unknown as ModeTable;

/** As measured on a machine twice as fast, at the point of every mode. */
const measured: OperatingProfile = {
  policy: 'lean',
  points: sights.flatMap(({ resolution, microseconds }, at) =>
    modeNames.map((name, k): ProfilePoint => {
      const frontEndLatency = microseconds * 0.5e-6;
      const frontEndEnergy = energy(microseconds * 0.5);
      const joules = frontEndEnergy + (4 - k) * 1e-7;
      const seconds = frontEndLatency + (4 - k) * 1e-6;
      return {
        point: { ...defaultModes[name].point, resolution },
        samples: 100_000,
        ...{ accuracy: 0.95 - 0.03 * at - 0.001 * k, accuracyLow: 0.9, accuracyHigh: 0.96, recall: 0.9 },
        energy: { train: joules, infer: joules },
        frontEndEnergy,
        latency: { train: seconds, infer: seconds },
        frontEndLatency,
      };
    }),
  ),
};

const choose = (mode: 'FULL' | 'SAVER' | 'CRITICAL', target: number, deadline = 0): string => {
  const table = controlTable(modesAt(modes, sights), profileAt(measured, sights, energy), true);
  const charge = { FULL: 1, SAVER: 0.2, CRITICAL: 0.05 }[mode];
  const { point } = control(table, { hysteresis: 0.02, dwell: 30 }, firstState, {
    ...{ ...calm, charge, target, deadline, correction: 0, deviation: 0 },
  }).decision;
  return `${point.keep} ${point.resolution ?? 'none'}`;
};

describe('modesAt', () => {
  const sidesOf = (table: ModeTable): unknown[] => modeNames.map((name) => table[name].point.resolution);

  it('gives no resolution if no sensor has a choice', () => {
    expect(modesAt(modes, [])).toEqual(defaultModes);
    expect(modesAt(defaultModes, [])).toEqual(defaultModes);
  });

  it('gives the largest available resolution within the cap of the mode', () => {
    expect(sidesOf(modesAt(modes, sights))).toEqual([224, 224, 160, 96]);
    expect(sidesOf(modesAt(modes, sights.slice(1)))).toEqual([160, 160, 160, 96]);
    expect(sidesOf(modesAt(defaultModes, sights))).toEqual([224, 224, 224, 224]);
  });

  it('gives the smallest resolution if none is within the cap', () => {
    expect(sidesOf(modesAt(modes, sights.slice(0, 2)))).toEqual([224, 224, 160, 160]);
  });
});

describe('profileAt and readProfile', () => {
  it('replaces the front-end cost of another machine by the one measured here', () => {
    const { points } = profileAt(measured, sights, energy);
    expect(points).toHaveLength(12);
    const [full] = points;
    expect(full.frontEndEnergy).toBeCloseTo(0.05, 12);
    expect(full.energy.infer).toBeCloseTo(0.05 + 4e-7, 12);
    expect(full.latency.infer).toBeCloseTo(0.01 + 4e-6, 12);
    expect(full.frontEndLatency).toBeCloseTo(0.01, 12);
  });

  it('omits points at unavailable resolutions', () => {
    const { points } = profileAt(measured, sights.slice(1), energy);
    expect([...new Set(points.map(({ point }) => point.resolution))]).toEqual([160, 96]);
  });

  it('refuses a profile if none of its resolutions is available', () => {
    expect(() => profileAt(measured, [], energy)).toThrow(
      'the resolutions of the profile are 224, 160, 96, expected none, as no sensor sees through a prepared model',
    );
  });

  it('leaves an old profile without resolutions unchanged', () => {
    const points = measured.points.slice(0, 4).map((each, k) => ({ ...each, point: defaultModes[modeNames[k]].point }));
    const old = { ...measured, points };
    expect(profileAt(old, sights, energy)).toEqual(old);
    expect(profileAt(old, [], energy)).toEqual(old);
  });

  it('reads resolutions, and refuses an invalid one', () => {
    expect(readProfile(JSON.parse(JSON.stringify(measured)), 'p.json')).toEqual(measured);
    const wrong = {
      ...measured,
      points: [{ ...measured.points[0], point: { ...measured.points[0].point, resolution: 8 } }],
    };
    expect(() => readProfile(wrong, 'p.json')).toThrow('resolution is 8, expected an integer in 16..512');
  });
});

describe('the controller', () => {
  it('chooses the cheapest resolution that reaches the target', () => {
    expect(choose('FULL', 0.94)).toBe('24 224');
    expect(choose('FULL', 0.91)).toBe('24 160');
    expect(choose('FULL', 0.87)).toBe('24 96');
  });

  it('chooses no larger resolution than the mode allows', () => {
    expect(choose('SAVER', 0.99)).toBe('24 160');
    expect(choose('CRITICAL', 0.99)).toBe('24 96');
  });

  it('chooses a resolution that meets the deadline', () => {
    expect(choose('FULL', 0.99, 0.007)).toBe('96 160');
    expect(choose('FULL', 0.99, 0.003)).toBe('96 96');
  });
});
