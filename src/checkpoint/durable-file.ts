import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

// A file is written under a temporary name in its folder, synced and renamed, and then the folder is synced. Whenever
// the power fails, the name refers to a whole file, the old or the new one, or to nothing. The parents of new folders
// are synced too.

const ownerOnly = 0o600;

/** Final path of a file that is written under a temporary name. */
export interface Destination {
  readonly directory: string;
  readonly name: string;
  /** Permissions, less the umask; by default for the owner alone: samples of a robot are private. */
  readonly mode?: number;
}

/**
 * Resolves a path. A link stays a link: its target is replaced. A device or a folder is never replaced.
 *
 * @param mode - as in {@link Destination}
 * @throws Error where the path exists and is not a file
 */
export function destinationOf(path: string, mode = ownerOnly): Destination {
  const target = existsSync(path) ? realpathSync(path) : resolve(path);
  if (existsSync(target) && !statSync(target).isFile()) throw new Error('it exists and is not a file');
  return { directory: dirname(target), name: basename(target), mode };
}

/** Temporary name of a file in its folder; a file of that name left by a process that died is replaced. */
export const temporaryName = (name: string): string => `.${name}.${process.pid}.tmp`;

/**
 * Writes the parts one after the other.
 *
 * @throws the system's error; the file has not changed then, unless only the sync of its folder failed
 */
export function writeDurablySync(destination: Destination, parts: readonly Uint8Array[]): void {
  const { directory, name, mode = ownerOnly } = destination;
  const made = makeFolder(directory);
  const path = join(directory, temporaryName(name));
  rmSync(path, { force: true });
  try {
    const file = openSync(path, 'wx', mode);
    try {
      for (const part of parts) for (let at = 0; at < part.length;) at += writeSync(file, part, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(path, join(directory, name));
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
  for (const folder of toSync(directory, made)) {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }
}

/** The same as {@link writeDurablySync}, but waits for the disk outside the JavaScript thread. */
export async function writeDurably(destination: Destination, parts: readonly Uint8Array[]): Promise<void> {
  const { directory, name, mode = ownerOnly } = destination;
  const made = makeFolder(directory);
  const path = join(directory, temporaryName(name));
  await rm(path, { force: true });
  try {
    const file = await open(path, 'wx', mode);
    try {
      for (const part of parts) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(path, join(directory, name));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  for (const folder of toSync(directory, made)) {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/** Folders to sync: the folder and, where folders were created, each parent up to the first that existed before. */
function toSync(directory: string, firstMade: string | undefined): string[] {
  const folders = [directory];
  if (firstMade === undefined) return folders;
  for (let folder = directory; folder.length >= firstMade.length; folder = dirname(folder))
    folders.push(dirname(folder));
  return folders;
}

/**
 * Creates a folder and its missing parents. Node's own function never returns where the system reports a missing entry
 * and refuses to create it, as below /proc.
 *
 * @returns the first folder that was created; `undefined`: all existed
 * @throws the system's error
 */
export function makeFolder(directory: string): string | undefined {
  const missing: string[] = [];
  for (let folder = resolve(directory); !isFolder(folder); folder = dirname(folder)) missing.unshift(folder);
  for (const folder of missing) {
    try {
      mkdirSync(folder);
    } catch (error) {
      // Another process may have created it meanwhile; a file or a dangling link in its place is an error.
      if (!isFolder(folder)) throw error;
    }
  }
  return missing.at(0);
}

/** A missing entry is an answer; missing permission, or a file above it, is an error. */
function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
