import { expect, it } from 'vitest';
import { soak } from '../../src/bench/soak/soak-run.js';

it('a short life decides every sample, hears every label, and leaves no timer and little memory behind', async () => {
  let done = 0;
  const result = await soak(20_000, 3, (samples) => {
    done += samples;
  });
  expect(done).toBe(20_000);
  expect(result).toMatchObject({ samples: 20_000, decided: 20_000, labelled: 2000 });
  expect(result.timersLeft).toBeLessThanOrEqual(0); // one of the test runner's may have run off meanwhile
  // 784 bytes a picture are 14 MB in all: what was decided is let go.
  expect(result.memoryMost - result.memoryAfterWarmUp).toBeLessThan(100e6);
  expect(result.loopDelayP99).toBeGreaterThan(0);
});
