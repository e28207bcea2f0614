// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { clearTimeout, setTimeout } from 'node:timers';
import { SetupError } from './setup-error.mjs';

/**
 * Runs a command in place of this process, as far as Node can: same terminal, same exit code. Ctrl-C reaches the command
 * from the terminal; this process waits for it to end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {{ cwd?: string, limit?: number }} [options] - `limit`: after which it is killed with all that it started [s]
 * @returns {Promise<number>} the exit code; 128 + the signal's number where a signal ended it, 124 where the limit did
 */
export async function runInForeground(command, args, env, { cwd, limit = Infinity } = {}) {
  // With a limit it leads a group of its own, since a process that loops for ever hears no one and ends no other.
  const limited = limit < Infinity;
  const child = spawn(command, args, { cwd, env, stdio: 'inherit', detached: limited });
  const signal = (/** @type {NodeJS.Signals} */ name) => {
    try {
      process.kill(limited ? -(child.pid ?? 0) : (child.pid ?? 0), name);
    } catch {
      // It has ended meanwhile.
    }
  };
  let late = false;
  const timer = limited
    ? setTimeout(() => {
        late = true;
        signal('SIGKILL');
      }, 1000 * limit)
    : undefined;
  process.removeAllListeners('SIGINT').on('SIGINT', () => {
    // The terminal sent it to the command as well, unless that is in a group of its own.
    if (limited) signal('SIGINT');
  });
  process.removeAllListeners('SIGTERM').on('SIGTERM', () => {
    signal('SIGTERM');
  });
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      reject(new SetupError(`Cannot run ${command}: ${error.message}`));
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(late ? 124 : (code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  });
}
