// @ts-check
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Suffix of an unfinished replacement. A killed process leaves one behind, and the next one overwrites it. */
export const unfinished = '.new';

/**
 * Gives a file this content, by a rename: a concurrent reader sees either the old content or the new one.
 * A file that already has the content is left alone.
 * @param {string} file - its folder is made if it is missing
 * @param {string | Uint8Array} content
 */
export function replaceFile(file, content) {
  const bytes = Buffer.from(content);
  if (hasContent(file, bytes)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file + unfinished, bytes);
  renameSync(file + unfinished, file);
}

/**
 * @param {string} file
 * @param {Buffer} bytes
 */
function hasContent(file, bytes) {
  try {
    return readFileSync(file).equals(bytes);
  } catch {
    return false;
  }
}
