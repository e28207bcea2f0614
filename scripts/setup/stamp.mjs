// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { paths } from './paths.mjs';

/**
 * Hash of the inputs of a stage.
 * @param {readonly string[]} parts - texts, in an order that never changes
 * @returns {string} SHA-256, hexadecimal
 */
export function hashOf(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}

/**
 * @param {string} folder - may be absent
 * @returns {string[]} the files in it and in all folders below, sorted
 */
export function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * Hash of the names and contents of all files in a folder.
 * @param {string} folder
 * @returns {string} SHA-256, hexadecimal
 */
export function hashOfFolder(folder) {
  return hashOf(filesBelow(folder).flatMap((file) => [relative(folder, file), readFileSync(file, 'latin1')]));
}

/**
 * The stamp of a finished stage: a file with the hash of its inputs.
 * @param {string} name - of the stage
 * @param {string} [folder]
 */
export function stampOf(name, folder = paths.stamps) {
  const file = join(folder, name);
  return {
    /**
     * @param {string} key - hash of the inputs as they are now
     * @param {readonly string[]} outputs - files that must still exist
     */
    holds: (key, outputs) =>
      existsSync(file) && readFileSync(file, 'utf8') === key && outputs.every((output) => existsSync(output)),
    /** @param {string} key */
    write(key) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, key);
    },
    /** Without its stamp the next set-up does the stage again. */
    remove() {
      rmSync(file, { force: true });
    },
  };
}
