// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { clearTimeout, setTimeout } from 'node:timers';
import { onInterruption, throwIfInterrupted } from './interruption.mjs';
import { kill, killTree } from './processes.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Runs a command in place of this process, as far as Node can: same terminal, same exit code. The terminal sends Ctrl-C
 * to the command as well, and this process waits for it to end. A second Ctrl-C kills it and all that it started.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {{ cwd?: string, limit?: number, held?: boolean }} [options] - `limit`: the time after which it and all that
 *   it started are killed [s]; `held`: its output is shown in one piece at its end, since other commands write
 *   meanwhile
 * @returns {Promise<number>} the exit code; 128 + the signal's number if a signal ended it, 124 if the limit did
 * @throws SetupError if it cannot start
 * @throws Interrupted if a signal came before it was started
 */
export async function runInForeground(command, args, env, { cwd, limit = Infinity, held = false } = {}) {
  throwIfInterrupted();
  // With a limit it leads its own process group: a process in an endless loop handles no signal and ends no child.
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
    // SIGINT is not forwarded: the terminal sent it to the command as well.
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
    // 'close' comes after all held output. Without it, 'exit': processes left by the command may keep its output open.
    if (held) child.on('close', ended);
    else child.on('exit', ended);
  });
}
