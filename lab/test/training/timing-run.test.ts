import { expect, it } from 'vitest';
import { timingRun } from '../../src/jobs/timing-run.js';
import { bars } from './bars.js';

it('times every way of presentation in the requested order', () => {
  const point = { timesteps: 350, events: 200, keep: 10, exitFirst: 0, exit: 0 };
  const timed = { policy: 'none', rule: 'pair', encoding: 'poisson' } as const;
  const ways = [
    { neurons: 20, point, timed },
    { neurons: 20, point: { ...point, timesteps: 8 } },
  ];
  const found = timingRun(bars(300, 100), { ways, learned: 200, rounds: 3 });
  expect(found.ways).toHaveLength(2);
  // Safe on any machine: 350 steps of Poisson spikes take a hundred times as long as 8 steps of current.
  expect(found.ways[0].infer).toBeGreaterThan(found.ways[1].infer);
  expect(found.ways[1].train).toBeGreaterThan(0);
});
