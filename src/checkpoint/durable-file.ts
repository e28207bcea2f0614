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

// Written beside its place, synced, renamed, and the folder synced: whenever the power goes, the name stands either for
// the whole file or for nothing. A folder that had to be made is synced into the one above it, too.

const ownerOnly = 0o600;

/** Where a file is written before it gets its name. */
export interface Destination {
  readonly directory: string;
  readonly name: string;
  /** Permissions, less those that the umask takes; by default only the owner's, as what a robot saw is nobody else's. */
  readonly mode?: number;
}

/**
 * Where a path leads. A link stays one: the file that it leads to is replaced. A device or a folder never is.
 *
 * @param mode - as in {@link Destination}
 */
export function destinationOf(path: string, mode = ownerOnly): Destination {
  const target = existsSync(path) ? realpathSync(path) : resolve(path);
  if (existsSync(target) && !statSync(target).isFile()) throw new Error('it is there, and no file');
  return { directory: dirname(target), name: basename(target), mode };
}

/** What a file of that name is called in its folder while it is written; one that a process left that died is replaced. */
export const temporaryName = (name: string): string => `.${name}.${process.pid}.tmp`;

/** Writes the parts one after the other. Throws the system's error; then nothing has changed. */
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

/** The same, waiting for the disk outside the JavaScript thread. */
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

/** The folder and, where folders were made, all above it up to the one that was there before. */
function toSync(directory: string, firstMade: string | undefined): string[] {
  const folders = [directory];
  if (firstMade === undefined) return folders;
  for (let folder = directory; folder.length >= firstMade.length; folder = dirname(folder))
    folders.push(dirname(folder));
  return folders;
}

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
