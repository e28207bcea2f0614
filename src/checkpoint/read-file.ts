import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { TopsparkError, reasonOf } from '../base/errors.js';
import { otherThanFile } from '../base/regular-file.js';

/**
 * Reads a regular file. Anything else is refused before it is opened: a link could lead anywhere, and a pipe would
 * block for ever.
 *
 * @param where - name of the file in errors
 * @throws {@link TopsparkError} `checkpoint_not_a_file`, or `checkpoint_unreadable` with the system's reason
 */
export function readRegularFile(path: string, where: string): Buffer {
  try {
    refuseOther(lstatSync(path), where);
    // The entry may be replaced in between: a link is not followed, and a pipe does not block.
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      refuseOther(fstatSync(file), where);
      return readFileSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof TopsparkError) throw error;
    const reason = reasonOf(error);
    throw new TopsparkError('checkpoint_unreadable', 'checkpoint', `checkpoint ${where} was not read: ${reason}`, {
      cause: error,
    });
  }
}

function refuseOther(stats: Stats, where: string): void {
  const found = otherThanFile(stats);
  if (found === undefined) return;
  throw new TopsparkError('checkpoint_not_a_file', 'checkpoint', `checkpoint ${where} is ${found}, expected a file`);
}
