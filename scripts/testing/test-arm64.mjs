// @ts-check
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runInForeground } from '../setup/foreground.mjs';
import { paths } from '../setup/paths.mjs';
import { SetupError } from '../setup/setup-error.mjs';
import { arm64Node, reasonOf } from './arm64.mjs';

/**
 * Tests of code whose bits could differ between processors: networks and their plain reference with the recorded
 * states, classifiers, policies, checkpoints, and our replacements of Math's functions. Emulated code is about twenty
 * times slower, so tests that only repeat these at other sizes are left out.
 */
const tests = [
  ...['snn/kernel', 'snn/timed-network', 'snn/network', 'classifier/', 'checkpoint/safetensors'],
  ...['checkpoint/exact-resume', 'base/deterministic', 'base/random', 'timestep/lean-policy', 'timestep/timed-policy'],
].map((name) => `test/${name}`);

/** Training runs on digits, by the built command, on this processor and on arm64. */
const lives = [
  ['lean', '--samples', '2000'],
  ['poisson, adaptive', '--policy', 'paper', '--rule', 'adaptive', '--samples', '200', '--label-samples', '100'],
];

/** Limit of the tests, which take eight minutes on two cores of a shared machine [s]. */
const limit = 45 * 60;

/** Limit of one test [ms]. The limits in vitest.config.ts are for code that is not emulated. */
const testTimeout = 10 * 60_000;

const reportFile = join(paths.root, 'test-results', 'vitest-arm64.json');

/** @returns {Promise<number>} 0 if all passed, or if no arm64 Node.js can be fetched; otherwise 1 */
export async function testArm64() {
  const program = join(paths.dist, 'cli', 'main.js');
  const vitest = join(paths.nodeModules, 'vitest', 'vitest.mjs');
  if (![program, vitest].every(existsSync)) {
    throw new SetupError('The checkout is not set up, so there is nothing to test. Set it up: npm run setup');
  }
  let node;
  try {
    node = await arm64Node();
  } catch (error) {
    console.log(`Not tested on arm64: ${reasonOf(error)}`);
    console.log('0 passed, 0 failed, 1 skipped');
    return 0;
  }
  console.log(`── ${node.description}`);
  const env = { ...process.env, ...node.env };
  let [passed, failed] = [0, 0];
  for (const [name, ...args] of lives) {
    const train = [program, 'train', '--test-samples', '10', '--json', ...args];
    const weights = (/** @type {string} */ command, /** @type {readonly string[]} */ before) => {
      const options = { env, encoding: /** @type {const} */ ('utf8'), maxBuffer: 2 ** 26 };
      return JSON.parse(execFileSync(command, [...before, ...train], options)).weightsHash;
    };
    const [here, there] = [weights(process.execPath, []), weights(node.command, node.args)];
    if (here === there) passed++;
    else failed++;
    const verdict = here === there ? 'the same weights' : `FAILED: other weights, ${process.arch} ${here}, arm64`;
    console.log(`life ${name}: ${verdict} ${there}`);
  }
  rmSync(reportFile, { force: true });
  // Worker threads: a child process would run as a program of this machine, not emulated.
  const options = ['--project', 'unit', '--pool=threads', `--testTimeout=${testTimeout}`, '--reporter=default'];
  const report = ['--reporter=json', `--outputFile.json=${reportFile}`];
  const args = [...node.args, vitest, 'run', ...options, ...report, ...tests];
  const code = await runInForeground(node.command, args, { ...env, CI: 'true' }, { limit });
  if (!existsSync(reportFile)) {
    console.log(`vitest wrote no report (${reportFile}), exit code ${code}.`);
    failed++;
  } else {
    const { numPassedTests, numFailedTests, success } = JSON.parse(readFileSync(reportFile, 'utf8'));
    passed += numPassedTests;
    failed += numFailedTests;
    if (!success && numFailedTests === 0) failed++;
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && code === 0 ? 0 : 1;
}
