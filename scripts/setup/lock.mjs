// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as wait } from 'node:timers/promises';
import { throwIfInterrupted } from './interruption.mjs';
import { paths } from './paths.mjs';
import { kill, nameOfProcess, placeOfProcesses, stillRuns } from './processes.mjs';
import { say } from './progress.mjs';
import { replaceFile } from './replace-file.mjs';
import { explain } from './system-error.mjs';

/**
 * Content of a lock file.
 * @typedef {object} Holder
 * @property {import('./processes.mjs').ProcessName} process - the set-up that holds the lock
 * @property {import('./processes.mjs').ProcessName[]} commands - commands that it started, leaders of their process
 *   groups
 * @property {string} place - the machine, boot and container in which these process numbers are valid
 * @property {string} host
 * @property {string} since - ISO 8601
 */

/** How often a holder touches its lock [ms]. */
const beat = 2000;

/** Longest time that taking over a lock may last [ms]. */
const mostTaking = 10_000;

/**
 * Times after which an untouched lock counts as abandoned [ms].
 * @typedef {object} Patience
 * @property {number} nameless - for a lock that is empty, or was not written by a set-up
 * @property {number} faraway - for a lock whose holder cannot be checked from here: on another machine, in a container
 */

/** Locks that this process holds. */
const held = new Map(/** @type {[string, Holder][]} */ ([]));

process.on('exit', () => {
  for (const file of held.keys()) rmSync(file, { force: true });
});

/**
 * Lets one set-up at a time work in a checkout. A second one waits, and then finds most stages done. An abandoned lock
 * is taken over, and the commands of its set-up are killed.
 * @param {() => Promise<void>} work
 * @param {string} [file]
 * @param {Patience} [patience]
 * @returns {Promise<void>}
 * @throws SetupError at once if the lock cannot be written
 */
export async function withLock(work, file = paths.lock, patience = { nameless: 2000, faraway: 8 * beat }) {
  try {
    makeFolder(dirname(file));
    await take(file, patience);
  } catch (error) {
    throw explain(error) ?? error;
  }
  const beats = setInterval(() => touch(file), beat);
  try {
    await work();
  } finally {
    clearInterval(beats);
    held.delete(file);
    rmSync(file, { force: true });
  }
}

/**
 * Writes into the held locks which commands run. If this process is killed, they go on writing, and the next holder
 * must be able to end them.
 * @param {readonly number[]} pids - leaders of their process groups
 */
export function noteCommands(pids) {
  for (const [file, holder] of held) {
    holder.commands = pids.map(nameOfProcess).filter((name) => name !== undefined);
    try {
      replaceFile(file, JSON.stringify(holder));
    } catch {
      // The disk is full: the lock stays as it was, and the command itself will report it.
    }
  }
}

/**
 * @param {string} file
 * @param {Patience} patience
 */
async function take(file, patience) {
  let reported = false;
  /** @type {{ text: string | undefined, touched: number, at: number } | undefined} */
  let seen;
  while (!tryToCreate(file)) {
    throwIfInterrupted();
    const now = look(file);
    if (now === undefined) continue;
    if (seen === undefined || seen.text !== now.text || seen.touched !== now.touched) {
      seen = { ...now, at: performance.now() };
    }
    const holder = parse(seen.text);
    if (isLeft(file, holder, performance.now() - seen.at, patience)) {
      if (remove(file, seen.text, holder)) {
        say(`  taking over the lock that ${holder ? `${nameOf(holder)} left behind` : 'says nothing'}`);
      } else await wait(20);
      continue;
    }
    if (!reported) say(`  waiting for ${holder ? nameOf(holder) : 'another process that writes the lock'} (${file}) …`);
    reported = true;
    await wait(200);
  }
}

/**
 * @param {string} file
 * @returns {boolean} whether this process created it, and so holds the lock
 */
function tryToCreate(file) {
  const holder = {
    process: nameOfProcess(process.pid) ?? { pid: process.pid },
    commands: [],
    place: placeOfProcesses(),
    host: hostname(),
    since: new Date().toISOString(),
  };
  try {
    writeFileSync(file, JSON.stringify(holder), { flag: 'wx' });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
  held.set(file, holder);
  return true;
}

/**
 * @param {string} file
 * @returns {{ text: string | undefined, touched: number } | undefined} undefined if it is gone
 */
function look(file) {
  try {
    const touched = statSync(file).mtimeMs;
    try {
      return { text: readFileSync(file, 'utf8'), touched };
    } catch {
      // It is a folder, or may not be read.
      return { text: undefined, touched };
    }
  } catch {
    return undefined;
  }
}

/**
 * @param {string | undefined} text
 * @returns {Holder | undefined} undefined if no set-up wrote it
 */
function parse(text) {
  try {
    const { process, commands, place, host, since } = JSON.parse(text ?? '');
    const isName = (/** @type {unknown} */ name) => Number.isInteger(/** @type {any} */ (name)?.pid);
    const whole = [place, host, since].every((each) => typeof each === 'string') && Array.isArray(commands);
    return whole && isName(process) && commands.every(isName) ? { process, commands, place, host, since } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} file
 * @param {Holder | undefined} holder
 * @param {number} quiet - time since it was last touched [ms]
 * @param {Patience} patience
 */
function isLeft(file, holder, quiet, patience) {
  if (holder === undefined) return quiet > patience.nameless;
  if (holder.place !== placeOfProcesses()) return quiet > patience.faraway;
  // Another part of this process may hold it.
  if (holder.process.pid === process.pid && !held.has(file)) return true;
  return !stillRuns(holder.process);
}

/**
 * Removes an abandoned lock, unless another process has taken it over first. One process at a time does so, and it
 * removes only the lock that it has checked, never that of a faster process. It first kills the commands of the old
 * holder, so that the next holder works alone.
 * @param {string} file
 * @param {string | undefined} text - its content when it was checked
 * @param {Holder | undefined} holder - the set-up that left it
 * @returns {boolean} whether it was removed
 */
function remove(file, text, holder) {
  const taking = `${file}.taking`;
  try {
    mkdirSync(taking);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    // Taking over is quick: a folder that stays was left by a process that was killed meanwhile.
    if (Date.now() - (statSync(taking, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > mostTaking) {
      rmSync(taking, { recursive: true, force: true });
    }
    return false;
  }
  try {
    const now = look(file);
    if (now === undefined || now.text !== text) return false;
    for (const command of holder?.commands ?? []) endIfIt(command, holder);
    rmSync(file, { recursive: true, force: true });
    return true;
  } finally {
    rmSync(taking, { recursive: true, force: true });
  }
}

/**
 * @param {import('./processes.mjs').ProcessName} command
 * @param {Holder | undefined} holder
 */
function endIfIt(command, holder) {
  if (holder?.place === placeOfProcesses() && stillRuns(command)) kill(-command.pid, 'SIGKILL');
}

/** @param {string} folder - its parent exists. Not recursive: Node then reports a read-only file system as ENOENT */
function makeFolder(folder) {
  if (existsSync(folder)) return;
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

/** @param {string} file */
function touch(file) {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // Something else removed the lock: the work goes on.
  }
}

/** @param {Holder} holder */
function nameOf({ process, host, place, since }) {
  const where = place === placeOfProcesses() ? '' : ` on ${host}`;
  return `the set-up of process ${process.pid}${where}, begun ${since.slice(0, 19).replace('T', ' ')} UTC,`;
}
