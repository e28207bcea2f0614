import { execFileSync } from 'node:child_process';

const root = new URL('../../../../', import.meta.url);

/** Output of a command run in the folder of the package; `null` if it is missing or fails. */
export function ask(command: string, ...args: string[]): string | null {
  try {
    return execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return null;
  }
}
