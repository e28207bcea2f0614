import type { Snapshot } from '../base/snapshot.js';
import { TopsparkError, reasonOf } from '../base/errors.js';
import { destinationOf, writeDurablySync } from './durable-file.js';
import { readRegularFile } from './read-file.js';
import { decodeSnapshot, encodeSnapshot } from './safetensors.js';

/**
 * Writes a snapshot to a safetensors file, completely or not at all, even where the power fails. Only the owner may
 * read the file.
 *
 * @throws {@link TopsparkError} `checkpoint_unwritable` with the system's reason; nothing has changed then
 */
export function saveCheckpoint(path: string, snapshot: Snapshot): void {
  const parts = [encodeSnapshot(snapshot)];
  try {
    writeDurablySync(destinationOf(path), parts);
  } catch (cause) {
    const reason = reasonOf(cause);
    const message = `checkpoint ${path} was not written: ${reason}`;
    throw new TopsparkError('checkpoint_unwritable', 'checkpoint', message, { cause });
  }
}

/**
 * Reads a snapshot from a safetensors file and verifies its SHA-256.
 *
 * @throws {@link TopsparkError} `checkpoint_not_a_file`, `checkpoint_unreadable`, `checkpoint_broken` or
 *   `checkpoint_version`
 */
export function loadCheckpoint(path: string): Snapshot {
  return decodeSnapshot(readRegularFile(path, path), path);
}
