import { defineConfig } from 'vitest/config';

// Two projects, one report: `unit` needs no ROS, `ros` talks DDS to other processes and so runs one file at a time.
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/ros/**'] } },
      {
        test: {
          name: 'ros',
          include: ['test/ros/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
