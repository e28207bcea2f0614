// @ts-check
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/**
 * Makes a virtual environment with the pinned packages of a peer, unless it is there.
 * @param {string} folder - of all environments
 * @param {string} library - name of its requirements file
 * @returns {string} its Python
 */
export function environment(folder, library) {
  const wanted = readFileSync(join(here, 'requirements', `${library}.txt`), 'utf8');
  const place = join(folder, library);
  const stamp = join(place, 'installed.txt');
  const python = join(place, 'bin', 'python');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  /** @type {{ stdio: ['ignore', 2, 2] }} */
  const options = { stdio: ['ignore', 2, 2] };
  process.stderr.write(`installing ${wanted.trim().replace(/\n/g, ', ')} into ${place}\n`);
  execFileSync('python3', ['-m', 'venv', place], options);
  const requirements = join(here, 'requirements', `${library}.txt`);
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--no-cache-dir', '-r', requirements], options);
  writeFileSync(stamp, wanted);
  return python;
}
