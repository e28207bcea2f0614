// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { clearTimeout, setTimeout } from 'node:timers';
import { onInterruption, throwIfInterrupted } from './interruption.mjs';
import { kill, killTree } from './processes.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Runs a command in place of this process, as far as Node can: same terminal, same exit code. Ctrl-C reaches the command
 * from the terminal; this process waits for it to end. The second Ctrl-C ends it at once, with all that it started.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {{ cwd?: string, limit?: number, held?: boolean }} [options] - `limit`: after which it is killed with all that it
 *   started [s]; `held`: what it says is shown in one piece when it has ended, since others talk meanwhile
 * @returns {Promise<number>} the exit code; 128 + the signal's number where a signal ended it, 124 where the limit did
 * @throws SetupError where it cannot start
 * @throws Interrupted where it has not been started, as a signal had come before
 */
export async function runInForeground(command, args, env, { cwd, limit = Infinity, held = false } = {}) {
  throwIfInterrupted();
  // With a limit it leads a group of its own: a process that loops for ever ignores signals and ends no other.
  const limited = limit < Infinity;
  const output = held ? 'pipe' : 'inherit';
  const child = spawn(command, args, { cwd, env, stdio: ['inherit', output, output], detached: limited });
  /** @type {Buffer[]} */
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => said.push(text));
  const { pid } = child;
  if (pid === undefined) {
    const error = await new Promise((resolve) => child.on('error', resolve));
    throw new SetupError(`Cannot run ${command}: ${error.message}`);
  }
  const killAll = () => {
    if (limited) kill(-pid, 'SIGKILL');
    killTree(pid);
  };
  let late = false;
  const timer = limited
    ? setTimeout(() => {
        late = true;
        killAll();
      }, 1000 * limit)
    : undefined;
  const forget = onInterruption((signal, again) => {
    if (again) killAll();
    else if (limited) kill(-pid, signal);
    // The terminal sent it to the command as well.
    else if (signal !== 'SIGINT') kill(pid, signal);
  });
  return new Promise((resolve) => {
    /** @type {(code: number | null, signal: NodeJS.Signals | null) => void} */
    const ended = (code, signal) => {
      clearTimeout(timer);
      forget();
      process.stdout.write(Buffer.concat(said));
      resolve(late ? 124 : (code ?? 128 + (signal ? constants.signals[signal] : 0)));
    };
    // What is held has come whole at 'close'; otherwise what the command left running may hold its output open.
    if (held) child.on('close', ended);
    else child.on('exit', ended);
  });
}
