import { spawnSync } from 'node:child_process';
import { closeSync, constants, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { TopsparkError } from '../base/errors.js';
import { printable } from '../base/quoted.js';

// The lock is flock(2) on a file in the folder: the kernel holds it for an open file and drops it with the process, however
// that ends, so there is nothing to clean up after a kill, and ids of processes, which mean nothing in another container,
// are only told, never judged by. Node has no call for it: flock(1) locks the file that it inherits from us, ends, and the
// lock stays with the file that we keep open. The file itself is never deleted: who deletes it lets two own the folder.

const file = '.lock';
const mostTold = 400;

/** The folder of a node's checkpoints is its own as long as this is held. */
export class FolderLock {
  readonly #descriptor: number;

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /**
   * Takes a folder that is there.
   *
   * @param owner - the node's name, which whoever comes second is told
   * @returns `undefined` where folders cannot be locked: one that this process cannot write to, or a machine without
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
      const told = read(descriptor);
      closeSync(descriptor);
      throw new TopsparkError(
        'checkpoint_folder_in_use',
        'checkpoint',
        `checkpoint folder ${directory} is in use by ${told}: two nodes would take each other's checkpoints; ` +
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

  /** Gives the folder to whoever wants it. */
  release(): void {
    closeSync(this.#descriptor);
  }
}

function read(descriptor: number): string {
  const bytes = Buffer.alloc(mostTold);
  try {
    const text = bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, mostTold, 0)).trim();
    return text === '' ? 'another node' : printable(text);
  } catch {
    return 'another node';
  }
}

// Told and no more: where the disk is full the lock holds all the same.
function write(descriptor: number, text: string): void {
  try {
    ftruncateSync(descriptor, 0);
    writeSync(descriptor, `${text}\n`, 0);
  } catch {
    return;
  }
}
