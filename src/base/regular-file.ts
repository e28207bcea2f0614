import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, statSync, type Stats } from 'node:fs';

/** Kind of an entry that is not a regular file, in words; `undefined` for a regular file. */
export function otherThanFile(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined;
  const kinds = [
    [stats.isSymbolicLink(), 'a symbolic link'],
    [stats.isDirectory(), 'a folder'],
    [stats.isFIFO(), 'a pipe'],
    [stats.isSocket(), 'a socket'],
  ] as const;
  return kinds.find(([is]) => is)?.[1] ?? 'a device';
}

/** A regular file that is open for reading. */
export interface OpenFile {
  readonly descriptor: number;
  /** Its size when it was opened [byte]. */
  readonly size: number;
}

/**
 * Opens a regular file, or the one to which a link leads. Anything else is refused before it is opened: reading a pipe
 * could wait for ever, and a device may have no end.
 *
 * @throws Error that says what was found, or the system's error
 */
export function openRegularFile(path: string): OpenFile {
  refuseOther(path, statSync(path));
  // The entry may be replaced in between: a pipe must not block.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    refuseOther(path, stats);
    return { descriptor, size: stats.size };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/**
 * Reads a regular file, or its first bytes.
 *
 * @param most - most bytes to read
 * @throws Error as {@link openRegularFile}
 */
export function readRegular(path: string, most = Infinity): Buffer {
  const { descriptor, size } = openRegularFile(path);
  try {
    if (size <= most) return readFileSync(descriptor);
    const bytes = Buffer.alloc(most);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, most, 0));
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Reads a text written by people, such as a parameter file.
 *
 * @throws Error as {@link openRegularFile}, or where it is larger than 16 MiB
 */
export function readSmallText(path: string): string {
  const most = 2 ** 24;
  const bytes = readRegular(path, most + 1);
  if (bytes.length > most) throw new Error(`${path} is larger than 16 MiB, expected a file that people write`);
  return bytes.toString('utf8');
}

function refuseOther(path: string, stats: Stats): void {
  const found = otherThanFile(stats);
  if (found !== undefined) throw new Error(`${path} is ${found}, expected a file`);
}
