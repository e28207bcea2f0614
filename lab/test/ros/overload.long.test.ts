import { expect, it } from 'vitest';
import type { OverloadResult } from '../../src/bench/overload/overload-run.js';
import { runBench } from '../../../test/ros/support/run-bench.js';

it('topspark bench overload accounts for every image that was taken, and for the answers', async () => {
  const result = (await runBench('overload', '--neurons', '3000', '--seconds', '1')) as OverloadResult;
  expect(result).toMatchObject({ policy: 'rate', neurons: 3000, timesteps: 350, factor: 5, seconds: 1 });
  expect(result.decided).toBeGreaterThan(0);
  expect(result.taken).toBeLessThanOrEqual(result.sent + 1);
  expect(Math.abs(result.taken - result.decided - result.busy)).toBeLessThanOrEqual(2);
  expect(result.latency.max).toBeGreaterThan(0);
  for (const { count, p50, max } of [result.idleAnswer, result.answer]) {
    expect(count).toBeGreaterThan(0);
    expect(p50).toBeLessThanOrEqual(max);
  }
});
