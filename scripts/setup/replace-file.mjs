// @ts-check
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** End of the name of a replacement that is not finished; a killed process leaves one behind, the next one writes over it. */
export const unfinished = '.new';

/**
 * Gives a file this content, by a rename: a concurrent reader sees the old content or the new one, whole.
 * A file that has the content already is left alone.
 * @param {string} file - its folder is made where it is missing
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
