import { defineConfig } from 'vitest/config';

const overRos = ['test/ros/**/*.test.ts', 'test/launch/**/*.test.ts'];

// Two projects, one report: `unit` needs no ROS; `ros` talks DDS to other processes and measures time, so it runs one
// file at a time, after the others.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles: ['test/property-seed.ts'],
          include: ['test/**/*.test.ts'],
          exclude: overRos,
          sequence: { groupOrder: 0 },
          // Only what hangs is to fail by time: a busy machine is slow.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'ros',
          include: overRos,
          sequence: { groupOrder: 1 },
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
