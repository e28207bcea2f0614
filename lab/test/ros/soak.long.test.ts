import { expect, it } from 'vitest';
import type { RosSoakResult } from '../../src/bench/soak/soak-over-ros.js';
import { runBench } from '../../../test/ros/support/run-bench.js';

it('a short life of the whole node decides all that it takes, and leaves nothing open', async () => {
  const result = (await runBench('soak', '--ros', '--samples', '1000', '--rate', '200')) as RosSoakResult;
  expect(result.taken).toBeGreaterThan(0);
  expect(result.taken).toBeLessThanOrEqual(result.sent);
  expect(result.decided).toBe(result.taken);
  expect(result.left).toEqual({ subscriptions: 0, publishers: 0, services: 0, timers: 0 });
  expect(result.timersLeft).toBe(0);
});
