// @ts-check
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { paths } from './paths.mjs';
import { say } from './progress.mjs';

/**
 * Lets one set-up at a time work in a checkout; a second one waits, and then finds most stages done.
 * @param {() => Promise<void>} work
 * @param {string} [file] - holds the process id of the set-up that works
 * @returns {Promise<void>}
 */
export async function withLock(work, file = paths.lock) {
  mkdirSync(paths.state, { recursive: true });
  for (let waited = 0; !tryLock(file); waited += 1) {
    if (waited === 5) say('  waiting for another set-up of this checkout …');
    await wait(200);
  }
  try {
    await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {string} file */
function tryLock(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!isAlive(file)) rmSync(file, { force: true });
    return false;
  }
}

/** @param {string} file */
function isAlive(file) {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
