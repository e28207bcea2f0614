// @ts-check
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { runInForeground } from '../setup/foreground.mjs';
import { paths } from '../setup/paths.mjs';
import { summaryLine } from './summary-line.mjs';

const bin = join(paths.nodeModules, '.bin');

/** Where vitest writes what came of every test. */
export const reportFile = join(paths.root, 'test-results', 'vitest.json');

/** @type {[title: string, command: string, args: string[]][]} */
const checks = [
  ['lint', 'npm', ['run', '--silent', 'lint']],
  ['format', 'npm', ['run', '--silent', 'format']],
  ['types', 'npm', ['run', '--silent', 'types']],
  ['deps', 'npm', ['run', '--silent', 'deps']],
  ['tests', join(bin, 'vitest'), ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]],
];

/**
 * Runs all checks and tests one after the other, and writes as its last line how many tests passed and failed.
 * @param {NodeJS.ProcessEnv} env - the ROS environment
 * @returns {Promise<number>} 0 when everything passed, else 1
 */
export async function runChecks(env) {
  rmSync(reportFile, { force: true });
  const failed = [];
  for (const [title, command, args] of checks) {
    const begin = performance.now();
    console.log(`── ${title}`);
    const code = await runInForeground(command, args, { ...env, ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' });
    console.log(`── ${title}: ${code === 0 ? 'ok' : 'FAILED'}, ${((performance.now() - begin) / 1000).toFixed(1)} s\n`);
    if (code !== 0) failed.push(title);
    if (code > 128) return code;
  }
  if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}.`);
  if (!existsSync(reportFile)) {
    console.log(`vitest wrote no report (${reportFile}).`);
    return 1;
  }
  console.log(summaryLine(reportFile));
  return failed.length === 0 ? 0 : 1;
}
