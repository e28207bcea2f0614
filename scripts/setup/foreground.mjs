// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { SetupError } from './setup-error.mjs';

/**
 * Runs a command in place of this process, as far as Node can: same terminal, same exit code. Ctrl-C reaches the command
 * from the terminal; this process waits for it to end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code; 128 + the signal's number where a signal ended it
 */
export async function runInForeground(command, args, env) {
  const child = spawn(command, args, { env, stdio: 'inherit' });
  process.removeAllListeners('SIGINT').on('SIGINT', () => {
    // The terminal sent it to the command as well.
  });
  process.removeAllListeners('SIGTERM').on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      reject(new SetupError(`Cannot run ${command}: ${error.message}`));
    });
    child.on('exit', (code, signal) => {
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}
