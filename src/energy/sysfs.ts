import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// The kernel shows hardware as small files with one value each. A file may be missing, readable by root alone, or
// return an error (ENODATA, EAGAIN) while its device sleeps.

/** Files and folders in a folder, sorted; empty where the folder is missing or cannot be listed. */
export function entries(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Folders of the devices of one class, each with the name in its file `name`. */
export function devices(root: string, folder: string): { readonly path: string; readonly name: string }[] {
  const at = join(root, folder);
  return entries(at).flatMap((entry) => {
    const name = textOf(join(at, entry, 'name'));
    return name === undefined ? [] : [{ path: join(at, entry), name }];
  });
}

/** Text of a file, trimmed; `undefined` where it cannot be read. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Number in a file. @throws the system's error, or one that says what was found */
export function numberIn(path: string): number {
  const text = readFileSync(path, 'utf8').trim();
  const value = Number(text);
  if (text === '' || !Number.isFinite(value)) throw new Error(`${path} says "${text}", expected a number`);
  return value;
}

/** Number in a file; `undefined` where it cannot be read or is not a number. */
export function optionalNumber(path: string): number | undefined {
  try {
    return numberIn(path);
  } catch {
    return undefined;
  }
}
