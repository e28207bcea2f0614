import { closeSync, existsSync, openSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TopsparkError, reasonOf } from '../base/errors.js';
import { destinationOf, temporaryName, writeDurablySync } from '../checkpoint/durable-file.js';

/**
 * Checks, before anything is computed, that a file can be written, by writing a temporary file beside it.
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
 * Like {@link checkOutput}, for the output of a replay, which must not overwrite its recording.
 *
 * @param bag - files of the recording
 * @throws {@link TopsparkError} `output_unwritable`
 */
export function checkOutputBeside(option: string, path: string, bag: readonly string[]): void {
  const isPath = (file: string): boolean => existsSync(file) && realpathSync(file) === realpathSync(path);
  if (existsSync(path) && bag.some(isPath)) {
    const found = `${option} is ${path}, the bag itself`;
    throw new TopsparkError('output_unwritable', 'usage', `${found}; expected another file`);
  }
  checkOutput(option, path);
}

/**
 * Writes a file completely, or not at all, with permissions by the umask.
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
