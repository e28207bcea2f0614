// @ts-check
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join, relative } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { onInterruption, throwIfInterrupted } from './interruption.mjs';
import { noteCommands } from './lock.mjs';
import { paths } from './paths.mjs';
import { kill } from './processes.mjs';
import { SetupError } from './setup-error.mjs';

const linesShown = 30;
/** Time after which a command that was asked to end is killed [ms]. */
const grace = 5000;

/** Waits for a line, then becomes the command of `$0` and its arguments. Ends if no line comes. */
export const begin = 'read -r _ && exec "$0" "$@" </dev/null';

/** @type {Set<number>} running commands, leaders of their process groups */
const running = new Set();

/** Kills all running commands and all that they started. */
export function killCommands() {
  for (const pid of running) kill(-pid, 'SIGKILL');
}

onInterruption((_signal, again) => {
  if (again) killCommands();
  else for (const pid of running) kill(-pid, 'SIGTERM');
});

/**
 * Runs a command and writes its output to a log file.
 * @param {string} log - name of the log file, without folder and extension
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, hint: string }} options - `hint`: what to try when the command fails
 * @returns {Promise<void>}
 * @throws SetupError with the last lines of the output if the command cannot start or does not exit with 0
 * @throws Interrupted
 */
export async function run(log, command, args, { cwd = paths.root, env = process.env, hint }) {
  throwIfInterrupted();
  mkdirSync(paths.logs, { recursive: true });
  const file = join(paths.logs, `${log}.log`);
  // The command writes the file itself: no output is lost if this process is killed, and a full disk is its own error.
  const output = openSync(file, 'w');
  let failure;
  try {
    writeSync(output, `$ ${[command, ...args].join(' ')}\n`);
    failure = await ended(command, args, { cwd, env, output });
  } finally {
    closeSync(output);
  }
  throwIfInterrupted();
  if (failure === undefined) return;
  const text = readFileSync(file, 'utf8');
  const tail = text.trimEnd().split('\n').slice(-linesShown).join('\n');
  throw new SetupError(
    `${tail}\n\n\`${command} ${args[0] ?? ''} …\` failed: ${failure}. All of its output: ${relative(paths.root, file)}\n` +
      `What to try: ${cureOf(text) ?? hint}`,
  );
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, output: number }} options
 * @returns {Promise<string | undefined>} the failure in words; undefined if there was none
 */
async function ended(command, args, { cwd, env, output }) {
  // A process group of its own, so that signals reach the compilers that a command starts. The command begins only when
  // the lock names it. Otherwise, if this process were killed first, the next set-up would work beside an unknown
  // command.
  const child = spawn('/bin/sh', ['-c', begin, command, ...args], {
    cwd,
    env,
    stdio: ['pipe', output, output],
    detached: true,
  });
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  noteCommands([...running]);
  // Writing fails if the shell has already ended. Its exit code then says why.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end('\n');
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const forget = onInterruption(() => {
    timer ??= setTimeout(killCommands, grace);
  });
  try {
    return await new Promise((resolve) => {
      child.on('error', (error) => {
        resolve(error.message);
      });
      child.on('exit', (code, signal) => {
        resolve(code === 0 ? undefined : signal ? `ended by ${signal}` : `exit code ${code}`);
      });
    });
  } finally {
    clearTimeout(timer);
    forget();
    if (pid !== undefined) {
      running.delete(pid);
    }
    noteCommands([...running]);
  }
}

/**
 * @param {string} text - what a command wrote
 * @returns {string | undefined} the remedy, if the machine and not the command is at fault
 */
function cureOf(text) {
  if (/ENOSPC|No space left on device|EDQUOT|Disk quota exceeded/i.test(text)) {
    return 'the disk is full; free some space, then run this again: what is finished stays.';
  }
  return undefined;
}
