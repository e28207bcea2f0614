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

const results = join(paths.root, 'test-results');

/**
 * Projects of vitest.config.ts that one command runs.
 * @typedef {object} Suite
 * @property {readonly string[]} projects
 * @property {string} report - where vitest writes the result of every test
 * @property {string} log - records which test files have begun and ended
 */

/** @type {Suite} Of `npm test`. */
const shortSuite = {
  projects: ['unit', 'ros'],
  report: join(results, 'vitest.json'),
  log: join(results, 'modules.log'),
};

/** @type {Suite} Of `npm run test:long`. */
const longSuite = {
  projects: ['long'],
  report: join(results, 'vitest-long.json'),
  log: join(results, 'modules-long.log'),
};

/** Reports of all suites, whether or not they were run. */
export const reportFiles = [shortSuite.report, longSuite.report];

/** A suite takes about ten minutes. The limit ends a test in an endless loop, which vitest cannot do [s]. */
const testLimit = 45 * 60;

/** Static checks, scripts of package.json. Lint takes as long as the others together. */
const staticChecks = ['format', 'types', 'deps', 'lint'];

/** @typedef {{ title: string, code: number }} Outcome - of a check: its exit code */

/**
 * Runs vitest, and ends it if it takes too long.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {string} log - file that it may write
 * @param {number} limit - [s]
 * @returns {Promise<{ code: number, hung: string | undefined }>} `hung`: a sentence that names what did not end
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
 * Runs the static checks, and at the same time the tests, which mostly wait. A failure stops none of the others. The
 * last line says how many tests passed and failed.
 * @param {NodeJS.ProcessEnv} env - the ROS environment
 * @returns {Promise<number>} 0 when everything passed, else 1
 */
export async function runChecks(env) {
  const texts = async () => {
    const outcomes = [];
    for (const script of staticChecks) {
      const check = () => runInForeground('npm', ['run', '--silent', script], env, { held: true });
      outcomes.push(await timed(script, check));
      if (interruption()) break;
    }
    return outcomes;
  };
  const [outcomes, tests] = await Promise.all([texts(), runSuite(shortSuite, env)]);
  return result(shortSuite, [...outcomes, tests]);
}

/**
 * Runs the long tests. The last line says how many passed and failed.
 * @param {NodeJS.ProcessEnv} env - the ROS environment
 * @returns {Promise<number>} 0 when everything passed, else 1
 */
export async function runLongTests(env) {
  return result(longSuite, [await runSuite(longSuite, env)]);
}

/**
 * @param {Suite} suite
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Outcome>}
 */
function runSuite({ projects, report, log }, env) {
  rmSync(report, { force: true });
  const args = [
    ...['run', ...projects.map((name) => `--project=${name}`)],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
  ];
  const local = { ...env, ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };
  return timed('tests', async () => {
    const { code, hung } = await runTests(join(bin, 'vitest'), args, local, log, testLimit);
    if (hung !== undefined) console.log(hung);
    return code;
  });
}

/**
 * Runs a check, and prints how it ended and how long it took.
 * @param {string} title
 * @param {() => Promise<number>} check
 * @returns {Promise<Outcome>}
 */
async function timed(title, check) {
  const begin = performance.now();
  const code = await check();
  console.log(`── ${title}: ${code === 0 ? 'ok' : 'FAILED'}, ${((performance.now() - begin) / 1000).toFixed(1)} s\n`);
  return { title, code };
}

/**
 * @param {Suite} suite
 * @param {readonly Outcome[]} outcomes
 * @returns {number} the exit code
 */
function result({ report }, outcomes) {
  const stopped = interruption();
  const ended = outcomes.find(({ code }) => code > 128);
  if (stopped || ended) return stopped?.exitCode ?? ended?.code ?? 1;
  if (!existsSync(report)) {
    console.log(`vitest wrote no report (${report}).`);
    return 1;
  }
  const failed = outcomes.filter(({ code }) => code !== 0).map(({ title }) => title);
  if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}.`);
  console.log(summaryLine([report]));
  return failed.length === 0 ? 0 : 1;
}
