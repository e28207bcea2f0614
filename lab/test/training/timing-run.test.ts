import { expect, it } from 'vitest';
import { timingRun } from '../../src/jobs/timing-run.js';
import { bars } from './bars.js';

it('times every way of presenting, in the order asked for', () => {
  const point = { timesteps: 350, events: 200, keep: 10, exitFirst: 0, exit: 0 };
  const timed = { policy: 'none', rule: 'pair', encoding: 'poisson' } as const;
  const ways = [
    { neurons: 20, point, timed },
    { neurons: 20, point: { ...point, timesteps: 8 } },
  ];
  const found = timingRun(bars(300, 100), { ways, learned: 200, rounds: 3 });
  expect(found.ways).toHaveLength(2);
  // Not a measure of speed: 350 steps of Poisson spikes against 8 steps of current are a hundred times apart.
  expect(found.ways[0].infer).toBeGreaterThan(found.ways[1].infer);
  expect(found.ways[1].train).toBeGreaterThan(0);
});
