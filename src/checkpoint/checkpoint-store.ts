import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { TopsparkError } from '../base/errors.js';
import type { Snapshot } from '../base/snapshot.js';
import { decodeSnapshot, encodeSnapshot } from './safetensors.js';

/** A checkpoint that was written or read. */
export interface StoredCheckpoint {
  /** Its name inside the folder. */
  readonly name: string;
  readonly snapshot: Snapshot;
}

const extension = '.safetensors';
const pattern = /^checkpoint-(\d{8})\.safetensors$/;

/**
 * Checkpoints in one folder, numbered upwards. A new one is written beside the others, synced and only then renamed, so
 * that a file with a checkpoint's name is always whole; the newest `keep` stay. Synchronous: the lifecycle wants it so.
 */
export class CheckpointStore {
  /**
   * @param directory - folder, made when the first checkpoint is written
   * @param keep - checkpoints that stay, at least 1
   */
  constructor(
    readonly directory: string,
    readonly keep: number,
  ) {}

  /**
   * Writes a snapshot.
   *
   * @throws {@link TopsparkError} `checkpoint_unwritable` with the system's reason; older checkpoints are untouched
   */
  save(snapshot: Snapshot): StoredCheckpoint {
    const numbers = this.names().map((name) => Number(pattern.exec(name)?.[1]));
    const next = Math.max(0, ...numbers) + 1;
    const name = `checkpoint-${String(next).padStart(8, '0')}${extension}`;
    const temporary = join(this.directory, `.${name}.${process.pid}.tmp`);
    try {
      mkdirSync(this.directory, { recursive: true });
      this.#write(temporary, encodeSnapshot(snapshot));
      renameSync(temporary, join(this.directory, name));
      this.#syncDirectory();
    } catch (error) {
      if (existsSync(temporary)) rmSync(temporary);
      const reason = error instanceof Error ? error.message : String(error);
      throw new TopsparkError('checkpoint_unwritable', 'checkpoint', `checkpoint ${name} was not written: ${reason}`, {
        cause: error,
      });
    }
    for (const old of this.names().slice(this.keep)) rmSync(join(this.directory, old), { force: true });
    return { name, snapshot };
  }

  /** Names of the checkpoints, newest first. */
  names(): string[] {
    try {
      const found = readdirSync(this.directory).filter((name) => pattern.test(name));
      return found.sort().reverse();
    } catch {
      return []; // no folder, no checkpoints; a folder that cannot be read shows when one is written or loaded
    }
  }

  /**
   * Reads one checkpoint and verifies it.
   *
   * @param name - a name inside the folder, not a path
   * @throws {@link TopsparkError} `checkpoint_name`, `checkpoint_unreadable`, `checkpoint_broken` or `checkpoint_version`
   */
  load(name: string): StoredCheckpoint {
    if (!pattern.test(name)) {
      throw new TopsparkError(
        'checkpoint_name',
        'usage',
        `checkpoint name is "${name}", expected one inside the checkpoint folder such as checkpoint-00000001${extension}`,
      );
    }
    let file: Buffer;
    try {
      file = readFileSync(join(this.directory, name));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new TopsparkError('checkpoint_unreadable', 'checkpoint', `checkpoint ${name} was not read: ${reason}`, {
        cause: error,
      });
    }
    return { name, snapshot: decodeSnapshot(file, name) };
  }

  /**
   * The newest checkpoint that verifies and that `accept` takes; `undefined` where there is none.
   *
   * @param accept - restores the snapshot; throws where it does not fit
   * @param skipped - hears of each checkpoint that was passed over, and why
   */
  restoreNewest(
    accept: (snapshot: Snapshot) => void,
    skipped: (error: TopsparkError) => void,
  ): StoredCheckpoint | undefined {
    for (const name of this.names()) {
      try {
        const stored = this.load(name);
        accept(stored.snapshot);
        return stored;
      } catch (error) {
        if (!(error instanceof TopsparkError)) throw error;
        skipped(error);
      }
    }
    return undefined;
  }

  #write(path: string, content: Buffer): void {
    const file = openSync(path, 'wx', 0o600);
    try {
      for (let at = 0; at < content.length;) at += writeSync(file, content, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  #syncDirectory(): void {
    const folder = openSync(this.directory, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }
}
