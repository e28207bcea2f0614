import { expect, it } from 'vitest';
import { soak } from '../../src/bench/soak/soak-run.js';

it('a short soak run decides every sample, takes every label, and leaves no timer and little memory', async () => {
  let done = 0;
  const result = await soak(20_000, 3, (samples) => {
    done += samples;
  });
  expect(done).toBe(20_000);
  expect(result).toMatchObject({ samples: 20_000, decided: 20_000, labelled: 2000 });
  expect(result.timersLeft).toBeLessThanOrEqual(0); // a timer of the test runner may have ended meanwhile
  // Pictures of 784 bytes are 14 MB in all, so decided samples are released.
  expect(result.memoryMost - result.memoryAfterWarmUp).toBeLessThan(100e6);
  expect(result.loopDelayP99).toBeGreaterThan(0);
});
