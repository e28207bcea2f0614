import { expect, it } from 'vitest';
import { trainOptions, withImage } from '../../src/cli/training-defaults.js';
import { leanPoint } from '../../../src/timestep/policy/lean-policy.js';

const given = { policy: 'lean', exit: 0, samples: 10, testSamples: 10, labels: 1, seed: 1 } as const;

it.each([10, 100, 400, 6400])('trains %d neurons at the point that the closed form gives them', (neurons) => {
  expect(trainOptions({ ...given, neurons }).point).toEqual(leanPoint(neurons));
});

it.each([
  ['edges', undefined, 30],
  ['edges', 35, 35],
  ['scene', undefined, 30],
  ['plain', undefined, 35],
  ['embedding', undefined, 35],
] as const)('shows pictures read as %s, with --timesteps %s, for T %d', (image, timesteps, expected) => {
  const own = timesteps === undefined ? {} : { timesteps };
  const options = trainOptions({ ...given, neurons: 400, ...own });
  expect(withImage(options, own, image).point).toEqual(leanPoint(400, { timesteps: expected }));
});

it('leaves T of spikes in time as it is with edges', () => {
  const flags = { ...given, policy: 'none', neurons: 400 };
  expect(withImage(trainOptions(flags), {}, 'edges').point.timesteps).toBe(350);
});
