import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it that are missing. Node's own way to do so never returns where the system says that
 * nothing is there and takes nothing either, as below /proc.
 *
 * @returns the first folder that was made; `undefined`: all were there
 * @throws the system's error
 */
export function makeFolder(directory: string): string | undefined {
  const missing: string[] = [];
  for (let folder = resolve(directory); !isFolder(folder); folder = dirname(folder)) missing.unshift(folder);
  for (const folder of missing) {
    try {
      mkdirSync(folder);
    } catch (error) {
      // Somebody else may have made it meanwhile; a file or a link that leads nowhere in its place is an error.
      if (!isFolder(folder)) throw error;
    }
  }
  return missing.at(0);
}

/** Nothing there is an answer; that nobody may look, or that a file stands above it, is an error. */
function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
