import { expect, it } from 'vitest';
import { pointOfEncoding, economyOf } from '../../src/reproduction/reproduction-jobs.js';

it.each([
  ['edges', 30, { events: 140, keep: 40 }],
  ['plain', 35, { events: 150, keep: 24 }],
  ['contrast', 35, { events: 150, keep: 24 }],
] as const)('shows %s at T = %d, its default, and at its economy point', (image, timesteps, economy) => {
  expect(pointOfEncoding(400, image)).toEqual({ timesteps, events: 200, keep: 48, exitFirst: 0, exit: 0 });
  expect(economyOf(image)).toEqual({ timesteps, ...economy, exitFirst: 0, exit: 0 });
});
