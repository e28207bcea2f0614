// @ts-check
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { paths } from '../setup/paths.mjs';
import { unfinished } from '../setup/replace-file.mjs';
import { run } from '../setup/run.mjs';

/**
 * A Node of that major version, from the npm package `node`, which contains the program. Kept in `.ros` for later runs.
 * @param {string} major
 * @returns {Promise<{ program: string, version: string }>}
 */
export async function nodeOf(major) {
  const folder = join(paths.state, 'nodes', major);
  const program = join(folder, 'node_modules', 'node', 'bin', 'node');
  if (!existsSync(program)) {
    // Installed aside, then renamed: an interrupted installation must not be taken for a complete one.
    const aside = `${folder}${unfinished}`;
    for (const each of [folder, aside]) rmSync(each, { recursive: true, force: true });
    mkdirSync(aside, { recursive: true });
    const args = ['install', '--prefix', aside, '--no-audit', '--no-fund', `node@${major}`];
    await run(`node-${major}`, 'npm', args, { hint: 'check the connection to the npm registry.' });
    renameSync(aside, folder);
  }
  return { program, version: execFileSync(program, ['--version'], { encoding: 'utf8' }).trim() };
}
