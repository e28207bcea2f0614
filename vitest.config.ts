import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const overRos = ['test/ros/**/*.test.ts', 'test/launch/**/*.test.ts', 'lab/test/ros/**/*.test.ts'];
/** Long by nature: floods, kills, whole demos, servers that vanish, every command of the documents, profiles, benchmarks. `npm run test:long` runs them. */
const long = ['test/**/*.long.test.ts', 'lab/test/**/*.long.test.ts'];

/** The lab imports the program as a package; its tests are to see the same modules as those of the program. */
const alias = [{ find: /^topspark\/(.*)\.js$/, replacement: fileURLToPath(new URL('src/$1.ts', import.meta.url)) }];
const setupFiles = ['test/property-seed.ts'];
/** The built program is loaded as it is, not transformed once more. */
const dist = fileURLToPath(new URL('dist/', import.meta.url));
const server = { deps: { external: [new RegExp(`^${dist.replace(/[^\w/]/g, '\\$&')}`)] } };

// `npm test` runs `unit`, which needs no ROS, then `ros`, which talks DDS to other processes: each file in a domain of its
// own, three at once on two cores, since they wait more than they compute. `long` is run alone, one file at a time.
export default defineConfig({
  test: {
    // `npm run coverage`: what the tests without ROS reach. The kernel is WASM, and the page runs in a browser: V8 sees neither here.
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'lab/src/**/*.ts'],
      exclude: ['src/snn/kernel/**', 'src/dashboard/page/**'],
      reporter: ['text-summary', 'html', 'lcovonly'],
      reportsDirectory: 'test-results/coverage',
    },
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          setupFiles,
          server,
          include: ['test/**/*.test.ts', 'lab/test/**/*.test.ts'],
          exclude: [...overRos, ...long],
          sequence: { groupOrder: 0 },
          maxWorkers: 2,
          // Only what hangs is to fail by time: a busy machine is slow.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'ros',
          include: overRos,
          exclude: long,
          sequence: { groupOrder: 1 },
          maxWorkers: 3,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'long',
          setupFiles,
          include: long,
          sequence: { groupOrder: 2 },
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
