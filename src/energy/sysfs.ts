import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// The kernel tells of hardware in small files, one value each. A file may be missing, be readable by root alone, or
// answer with an error (ENODATA, EAGAIN) while its device sleeps.

/** Files and folders in a folder, sorted; none where there is no folder or it cannot be listed. */
export function entries(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Folders of devices of one class with their names: `name` in each. */
export function devices(root: string, folder: string): { readonly path: string; readonly name: string }[] {
  const at = join(root, folder);
  return entries(at).flatMap((entry) => {
    const name = textOf(join(at, entry, 'name'));
    return name === undefined ? [] : [{ path: join(at, entry), name }];
  });
}

/** What a file says, without the line's end; `undefined` where it cannot be read. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** The number that a file says. Throws the system's error, or one that tells what was found. */
export function numberIn(path: string): number {
  const text = readFileSync(path, 'utf8').trim();
  const value = Number(text);
  if (text === '' || !Number.isFinite(value)) throw new Error(`${path} says "${text}", expected a number`);
  return value;
}

/** The number that a file says; `undefined` where it cannot be read or says none. */
export function optionalNumber(path: string): number | undefined {
  try {
    return numberIn(path);
  } catch {
    return undefined;
  }
}
