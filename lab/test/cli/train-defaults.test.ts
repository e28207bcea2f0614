import { expect, it } from 'vitest';
import { trainOptions } from '../../src/cli/training-defaults.js';
import { leanPoint } from '../../../src/timestep/policy/lean-policy.js';

const given = { policy: 'lean', exit: 0, samples: 10, testSamples: 10, labels: 1, seed: 1 } as const;

it.each([10, 100, 400, 6400])('trains %d neurons at the point that the closed form gives them', (neurons) => {
  expect(trainOptions({ ...given, neurons }).point).toEqual(leanPoint(neurons));
});
