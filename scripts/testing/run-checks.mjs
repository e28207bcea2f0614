// @ts-check
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { runInForeground } from '../setup/foreground.mjs';
import { interruption } from '../setup/interruption.mjs';
import { paths } from '../setup/paths.mjs';
import { clearModuleLog, unfinishedModules } from './module-log.mjs';
import { summaryLine } from './summary-line.mjs';

const bin = join(paths.nodeModules, '.bin');

/** Where vitest writes what came of every test. */
export const reportFile = join(paths.root, 'test-results', 'vitest.json');

/** Where it is noted which test files have begun and ended. */
const moduleLog = join(paths.root, 'test-results', 'modules.log');

/** All tests take about eight minutes; a test in an endless loop would never end, and vitest cannot end it [s]. */
const testLimit = 45 * 60;

/** @type {[title: string, command: string, args: string[]][]} */
const checks = [
  ['lint', 'npm', ['run', '--silent', 'lint']],
  ['format', 'npm', ['run', '--silent', 'format']],
  ['types', 'npm', ['run', '--silent', 'types']],
  ['deps', 'npm', ['run', '--silent', 'deps']],
  ['tests', join(bin, 'vitest'), ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]],
];

/**
 * Runs vitest, and ends it where it takes too long.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {string} log - file that it may write
 * @param {number} limit - [s]
 * @returns {Promise<{ code: number, hung: string | undefined }>} `hung`: in words what did not end
 */
export async function runTests(command, args, env, log, limit) {
  mkdirSync(dirname(log), { recursive: true });
  clearModuleLog(log);
  const noted = [...args, `--reporter=${fileURLToPath(new URL('module-log.mjs', import.meta.url))}`];
  const code = await runInForeground(command, noted, { ...env, TOPSPARK_MODULE_LOG: log }, { limit });
  if (code !== 124) return { code, hung: undefined };
  const open = unfinishedModules(log);
  const which = open.length > 0 ? `had begun and not ended: ${open.join(', ')}` : 'no test file had begun';
  return { code, hung: `The tests were ended after ${limit / 60} minutes; ${which}.` };
}

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
    const local = { ...env, ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };
    const { code, hung } =
      title === 'tests'
        ? await runTests(command, args, local, moduleLog, testLimit)
        : { code: await runInForeground(command, args, local), hung: undefined };
    if (hung !== undefined) console.log(hung);
    console.log(`── ${title}: ${code === 0 ? 'ok' : 'FAILED'}, ${((performance.now() - begin) / 1000).toFixed(1)} s\n`);
    if (code !== 0) failed.push(title);
    const stopped = interruption();
    if (code > 128 || stopped) return stopped?.exitCode ?? code;
  }
  if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}.`);
  if (!existsSync(reportFile)) {
    console.log(`vitest wrote no report (${reportFile}).`);
    return 1;
  }
  console.log(summaryLine(reportFile));
  return failed.length === 0 ? 0 : 1;
}
