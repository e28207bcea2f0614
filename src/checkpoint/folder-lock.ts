import { spawnSync } from 'node:child_process';
import { closeSync, constants, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { TopsparkError } from '../base/errors.js';
import { printable } from '../base/quoted.js';

// The lock is flock(2) on a file in the folder. The kernel ties it to the open file and drops it with the process,
// however that ends, so there is nothing to clean up after a kill. Process ids mean nothing in another container, so
// they are shown but never checked. Node has no call for flock, so flock(1) locks the file that it inherits and exits;
// the lock stays with our open file. The lock file is never deleted: otherwise two nodes could own the folder.

const file = '.lock';
const longestHolder = 400;

/** Reserves a checkpoint folder for one node while it is held. */
export class FolderLock {
  readonly #descriptor: number;

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /**
   * Locks an existing folder.
   *
   * @param owner - name of the node, shown to the next node that tries
   * @returns `undefined` where the folder cannot be locked: this process cannot write to it, or the machine lacks
   *   flock(1) of util-linux
   * @throws {@link TopsparkError} `checkpoint_folder_in_use` naming folder and owner
   */
  static take(directory: string, owner: string): FolderLock | undefined {
    let descriptor: number;
    try {
      descriptor = openSync(join(directory, file), constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
    } catch {
      return undefined;
    }
    const { status } = spawnSync('flock', ['-n', '-x', '3'], { stdio: ['ignore', 'ignore', 'ignore', descriptor] });
    if (status === 1) {
      const holder = read(descriptor);
      closeSync(descriptor);
      throw new TopsparkError(
        'checkpoint_folder_in_use',
        'checkpoint',
        `checkpoint folder ${directory} is in use by ${holder}: two nodes would take each other's checkpoints; ` +
          'give this one a name or namespace of its own, or another checkpoint.directory',
      );
    }
    if (status !== 0) {
      closeSync(descriptor);
      return undefined;
    }
    write(descriptor, `${owner} (pid ${process.pid} on ${hostname()})`);
    return new FolderLock(descriptor);
  }

  /** Releases the folder. */
  release(): void {
    closeSync(this.#descriptor);
  }
}

function read(descriptor: number): string {
  const bytes = Buffer.alloc(longestHolder);
  try {
    const text = bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, longestHolder, 0)).trim();
    return text === '' ? 'another node' : printable(text);
  } catch {
    return 'another node';
  }
}

// For display only: the lock holds even where the disk is full.
function write(descriptor: number, text: string): void {
  try {
    ftruncateSync(descriptor, 0);
    writeSync(descriptor, `${text}\n`, 0);
  } catch {
    return;
  }
}
