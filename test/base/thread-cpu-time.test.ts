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

describe('the CPU time of a thread', () => {
  it('passes while it works, also where that is short', () => {
    for (let k = 0; k < 5; k++) {
      const start = threadCpuTime();
      work();
      expect(threadCpuTime()).toBeGreaterThan(start);
    }
  });

  it.skipIf(!existsSync('/proc/thread-self/schedstat'))('is not that of another thread', async () => {
    // So much CPU time, not so long: on a busy machine little of the one passes in the other. This thread waits.
    const used = '({ user, system }) => user + system';
    const work = `const used = ${used}; const from = process.cpuUsage(); while (used(process.cpuUsage(from)) < 500_000);`;
    const busy = new Worker(work, { eval: true });
    const [thread, process_] = [threadCpuTime(), process.cpuUsage()];
    await new Promise((resolve) => busy.once('exit', resolve));
    const { user, system } = process.cpuUsage(process_);
    expect(threadCpuTime() - thread).toBeLessThan(0.5 * (user + system));
  });
});
