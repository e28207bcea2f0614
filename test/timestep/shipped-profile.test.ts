import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { wilson } from '../../src/accuracy/wilson.js';
import { parameterTable } from '../../src/node/parameter-table.js';
import { controlTable } from '../../src/timestep/controller/control-table.js';
import { leanPoint } from '../../src/timestep/policy/lean-policy.js';
import { defaultModes } from '../../src/timestep/controller/modes.js';
import { readProfile } from '../../src/timestep/controller/profile-check.js';
import { profileOf, shippedProfile } from '../../src/timestep/controller/shipped-profile.js';
import { shippedOrigin } from '../../src/timestep/controller/shipped-points.js';

const standard = (name: string): unknown => parameterTable.find((entry) => entry.name === name)?.standard;

describe('the shipped profile', () => {
  it("is valid as a user's profile", () => {
    expect(readProfile(JSON.parse(JSON.stringify(shippedProfile)), 'the shipped profile')).toEqual(shippedProfile);
  });

  it('belongs to the default network', () => {
    const neurons = standard('network.neurons') as number;
    expect(shippedProfile.policy).toBe(standard('network.policy'));
    expect(shippedOrigin.training).toMatchObject({ neurons, image: standard('image.encoding'), labels: 1 });
    expect(shippedOrigin.training.point).toEqual(leanPoint(neurons));
  });

  it('has the points of the shipped modes, so that it is used with them', () => {
    expect(profileOf(defaultModes)).toBe(shippedProfile);
    const own = { ...defaultModes.FULL, point: { ...defaultModes.FULL.point, timesteps: 34 } };
    expect(profileOf({ ...defaultModes, FULL: own })).toBeUndefined();
  });

  it('was measured on every held-out sample, with the matching bounds', () => {
    for (const { samples, accuracy, accuracyLow, accuracyHigh } of shippedProfile.points) {
      expect(samples).toBe(shippedOrigin.validation);
      const { low, high } = wilson(Math.round(accuracy * samples), samples);
      expect([accuracyLow, accuracyHigh]).toEqual([low, high]);
    }
  });

  it('names the command and the commit of its measurement', () => {
    const text = readFileSync(new URL('../../src/timestep/controller/shipped-points.ts', import.meta.url), 'utf8');
    expect(text).toMatch(/^\/\/ Written by `npm run profile:shipped`; do not edit\.\n\/\/\n\/\/ {3}topspark profile/);
    expect(text).toMatch(/commit [0-9a-f]{40}, \d{4}-\d\d-\d\d/);
  });

  it('costs less from point to point', () => {
    const infer = shippedProfile.points.map(({ energy }) => energy.infer);
    expect(infer).toEqual([...infer].sort((a, b) => b - a));
  });
});

it('offers the controller the most accurate first among points of equal cost', () => {
  const { candidates } = controlTable(defaultModes, shippedProfile, true).BALANCED;
  for (const [k, { cost, accuracy }] of candidates.entries()) {
    const before = candidates[k - 1];
    if (k > 0 && before.cost === cost) expect(before.accuracy).toBeGreaterThanOrEqual(accuracy);
  }
  const costs = candidates.map(({ cost }) => cost);
  expect(new Set(costs).size).toBeLessThan(costs.length);
});
