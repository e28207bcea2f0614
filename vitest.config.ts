import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const overRos = ['test/ros/**/*.test.ts', 'test/launch/**/*.test.ts', 'lab/test/ros/**/*.test.ts'];

/** The lab imports the program as a package; its tests are to see the same modules as those of the program. */
const alias = [{ find: /^topspark\/(.*)\.js$/, replacement: fileURLToPath(new URL('src/$1.ts', import.meta.url)) }];

// Two projects, one report: `unit` needs no ROS; `ros` talks DDS to other processes and measures time, so it runs one
// file at a time, after the others.
export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          setupFiles: ['test/property-seed.ts'],
          include: ['test/**/*.test.ts', 'lab/test/**/*.test.ts'],
          exclude: overRos,
          sequence: { groupOrder: 0 },
          // Only what hangs is to fail by time: a busy machine is slow.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        resolve: { alias },
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
