// @ts-check
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';

/** The file that the reporter writes: one line for each test file that begins or ends. */
const logOf = (/** @type {NodeJS.ProcessEnv} */ env) => env['TOPSPARK_MODULE_LOG'] ?? '';

/** A vitest reporter that records which test files have begun and ended, so that a hanging one can be named. */
export default class ModuleLog {
  /** @param {{ moduleId: string }} module */
  onTestModuleStart({ moduleId }) {
    note('begun', moduleId);
  }

  /** @param {{ moduleId: string }} module */
  onTestModuleEnd({ moduleId }) {
    note('ended', moduleId);
  }
}

/**
 * @param {string} what
 * @param {string} moduleId
 */
function note(what, moduleId) {
  appendFileSync(logOf(process.env), `${what} ${relative(process.cwd(), moduleId)}\n`);
}

/** @param {string} file - removed, with the records of an earlier run */
export function clearModuleLog(file) {
  rmSync(file, { force: true });
}

/**
 * @param {string} file
 * @returns {string[]} test files that have begun and not ended
 */
export function unfinishedModules(file) {
  if (!existsSync(file)) return [];
  const open = new Set();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [what, name] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)];
    if (what === 'begun') open.add(name);
    else open.delete(name);
  }
  return [...open];
}
