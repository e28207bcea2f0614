// @ts-check
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runInForeground } from '../setup/foreground.mjs';
import { summaryLine } from './summary-line.mjs';

/**
 * Runs the tests over ROS 2, including the long ones, of a checkout that is set up.
 * @param {string} root - the checkout
 * @param {string} program - the Node that runs them
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ ok: boolean, line: string }>} `line`: how many passed, failed and were skipped
 */
export async function testOverRos(root, program, env) {
  const report = join(root, 'test-results', 'vitest-ros.json');
  rmSync(report, { force: true });
  const vitest = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', 'test/ros/', 'test/launch/'];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await runInForeground(
    program,
    [join(root, 'scripts', 'with-ros.mjs'), program, ...vitest, ...reporters],
    { ...env, ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' },
    { cwd: root },
  );
  return { ok: code === 0, line: existsSync(report) ? summaryLine([report]) : `no report, exit code ${code}` };
}
