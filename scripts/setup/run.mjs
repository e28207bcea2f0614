// @ts-check
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { paths } from './paths.mjs';
import { SetupError } from './setup-error.mjs';

const linesShown = 30;

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();

/** Ends what is running: a set-up that is stopped leaves no process behind that goes on writing. */
export function stopCommands() {
  for (const child of children) if (child.pid !== undefined) endGroup(child.pid);
}

/** @param {number} pid - leader of the group */
function endGroup(pid) {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It ended in this moment.
  }
}

/**
 * Runs a command, its output going to a log file.
 * @param {string} log - name of the log file, without folder and ending
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, hint: string }} options - `hint`: what to try when the command fails
 * @returns {Promise<void>}
 * @throws SetupError with the last lines of the output, when the command cannot start or does not exit with 0
 */
export async function run(log, command, args, { cwd = paths.root, env = process.env, hint }) {
  mkdirSync(paths.logs, { recursive: true });
  const file = join(paths.logs, `${log}.log`);
  const output = createWriteStream(file);
  output.write(`$ ${[command, ...args].join(' ')}\n`);
  // A group of its own, so that stopping reaches the compilers that a command starts.
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  children.add(child);
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  /** @type {string | undefined} */
  const failure = await new Promise((resolve) => {
    child.on('error', (error) => {
      resolve(error.message);
    });
    child.on('close', (code, signal) => {
      resolve(code === 0 ? undefined : signal ? `ended by ${signal}` : `exit code ${code}`);
    });
  });
  children.delete(child);
  await new Promise((resolve) => output.end(resolve));
  if (failure === undefined) return;
  const tail = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-linesShown).join('\n');
  throw new SetupError(
    `${tail}\n\n\`${command} ${args[0] ?? ''} …\` failed: ${failure}. All of its output: ${relative(paths.root, file)}\nWhat to try: ${hint}`,
  );
}
