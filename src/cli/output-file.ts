import { accessSync, constants } from 'node:fs';
import { basename, dirname } from 'node:path';
import { TopsparkError } from '../base/errors.js';
import { writeDurablySync } from '../checkpoint/durable-file.js';

/**
 * Makes sure, before anything is computed, that a file can be written.
 *
 * @throws {@link TopsparkError} `output_unwritable`
 */
export function checkOutput(option: string, path: string): void {
  attempt(option, path, () => {
    accessSync(dirname(path), constants.W_OK);
  });
}

/**
 * Writes a file whole, or not at all.
 *
 * @throws {@link TopsparkError} `output_unwritable`; then nothing has changed
 */
export function writeOutput(option: string, path: string, content: Uint8Array | string): void {
  const name = basename(path);
  const parts = [typeof content === 'string' ? Buffer.from(content) : content];
  attempt(option, path, () => {
    writeDurablySync({ directory: dirname(path), temporary: `.${name}.${process.pid}.tmp`, name }, parts);
  });
}

function attempt(option: string, path: string, act: () => void): void {
  try {
    act();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TopsparkError('output_unwritable', 'usage', `${option} ${path} cannot be written: ${reason}`, { cause });
  }
}
