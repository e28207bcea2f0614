import { Worker } from 'node:worker_threads';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { threadCpuTime } from '../../src/base/thread-cpu-time.js';

/** Something to do for about a millisecond. */
function work(): number {
  let sum = 0;
  for (let i = 0; i < 300_000; i++) sum += Math.sqrt(i);
  return sum;
}

describe('threadCpuTime', () => {
  it('advances while the thread works, even briefly', () => {
    for (let k = 0; k < 5; k++) {
      const start = threadCpuTime();
      work();
      expect(threadCpuTime()).toBeGreaterThan(start);
    }
  });

  it.skipIf(!existsSync('/proc/thread-self/schedstat'))('does not include another thread', async () => {
    // Measured in CPU time: on a busy machine little of it passes in a given wall time. This thread waits.
    const used = '({ user, system }) => user + system';
    const work = `const used = ${used}; const from = process.cpuUsage(); while (used(process.cpuUsage(from)) < 500_000);`;
    const busy = new Worker(work, { eval: true });
    const [thread, process_] = [threadCpuTime(), process.cpuUsage()];
    await new Promise((resolve) => busy.once('exit', resolve));
    const { user, system } = process.cpuUsage(process_);
    expect(threadCpuTime() - thread).toBeLessThan(0.5 * (user + system));
  });
});
