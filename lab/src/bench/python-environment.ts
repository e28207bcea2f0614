import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the peers' programs, pinned packages and virtual environments; exists in a checkout only. */
export const peersFolder = fileURLToPath(new URL('../../bench/peers/', import.meta.url));

/** Default folder of virtual environments; not in git. */
export const environmentsFolder = join(peersFolder, '.venv');

/**
 * Makes a virtual environment with the pinned packages of a peer, unless it exists.
 *
 * @param folder - folder of all environments
 * @param library - name of its file in `requirements`
 * @returns path of its Python
 * @throws Error where Python or a package is not available; their own messages are on standard error
 */
export function pythonEnvironment(folder: string, library: string): string {
  const requirements = join(peersFolder, 'requirements', `${library}.txt`);
  const wanted = readFileSync(requirements, 'utf8');
  const place = join(folder, library);
  const stamp = join(place, 'installed.txt');
  const python = join(place, 'bin', 'python');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  const options = { stdio: ['ignore', 2, 2] as ['ignore', number, number] };
  process.stderr.write(`installing ${wanted.trim().replace(/\n/g, ', ')} into ${place}\n`);
  execFileSync('python3', ['-m', 'venv', place], options);
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--no-cache-dir', '-r', requirements], options);
  writeFileSync(stamp, wanted);
  return python;
}
