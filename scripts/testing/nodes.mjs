// @ts-check
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { paths } from '../setup/paths.mjs';
import { run } from '../setup/run.mjs';

/**
 * A Node of that major version, from npm's package `node`, which carries the program. Kept in `.ros` for the next time.
 * @param {string} major
 * @returns {Promise<{ program: string, version: string }>}
 */
export async function nodeOf(major) {
  const folder = join(paths.state, 'nodes', major);
  const program = join(folder, 'node_modules', 'node', 'bin', 'node');
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', `node@${major}`];
    await run(`node-${major}`, 'npm', args, { hint: 'check the connection to the npm registry.' });
  }
  return { program, version: execFileSync(program, ['--version'], { encoding: 'utf8' }).trim() };
}
