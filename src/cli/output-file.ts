import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TopsparkError, reasonOf } from '../base/errors.js';
import { destinationOf, temporaryName, writeDurablySync } from '../checkpoint/durable-file.js';

/**
 * Makes sure, before anything is computed, that a file can be written, by making another one beside it.
 *
 * @throws {@link TopsparkError} `output_unwritable`
 */
export function checkOutput(option: string, path: string): void {
  attempt(option, path, () => {
    const { directory, name } = destinationOf(path);
    const probe = join(directory, temporaryName(name));
    closeSync(openSync(probe, 'w'));
    rmSync(probe);
  });
}

/**
 * Writes a file whole, or not at all. Who may read it says the umask.
 *
 * @throws {@link TopsparkError} `output_unwritable`; then nothing has changed
 */
export function writeOutput(option: string, path: string, content: Uint8Array | string): void {
  const parts = [typeof content === 'string' ? Buffer.from(content) : content];
  attempt(option, path, () => {
    writeDurablySync(destinationOf(path, 0o666), parts);
  });
}

function attempt(option: string, path: string, act: () => void): void {
  try {
    act();
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new TopsparkError('output_unwritable', 'usage', `${option} ${path} cannot be written: ${reason}`, { cause });
  }
}
