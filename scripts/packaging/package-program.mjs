// @ts-check
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { paths } from '../setup/paths.mjs';

/** What the program is, besides the npm packages that it needs. */
const program = ['bin', 'config', 'dist', 'schema', 'LICENSE', 'package.json'];

/** Left over from compiling the addon. */
const leftover = /\/rclnodejs\/build\/Release\/(obj\.target|\.deps)(\/|$)/;

/**
 * Copies the program to a folder, with its production packages; rclnodejs comes compiled, with its generated messages.
 * @param {string} folder - is made anew
 */
export function packageProgram(folder) {
  rmSync(folder, { recursive: true, force: true });
  for (const name of program) {
    const source = join(paths.root, name);
    if (existsSync(source)) cpSync(source, join(folder, name), { recursive: true });
  }
  for (const source of productionPackages()) {
    cpSync(source, join(folder, relative(paths.root, source)), {
      recursive: true,
      filter: (file) => !leftover.test(file),
    });
  }
}

/** @returns {string[]} the folders of the installed npm packages that are no development tools */
function productionPackages() {
  const list = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], {
    cwd: paths.root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return list.split('\n').filter((folder) => folder.startsWith(paths.nodeModules));
}
