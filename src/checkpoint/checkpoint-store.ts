import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TopsparkError, reasonOf } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import { atOnce, inTurns, type Slices } from '../base/slices.js';
import type { Snapshot } from '../base/snapshot.js';
import { temporaryName, writeDurably, writeDurablySync, type Destination } from './durable-file.js';
import { readRegularFile } from './read-file.js';
import { decodeSnapshot, layOut } from './safetensors.js';

/** A checkpoint that was written or read. */
export interface StoredCheckpoint {
  /** Its name inside the folder. */
  readonly name: string;
  readonly snapshot: Snapshot;
}

/** A checkpoint that could not be used. */
export interface RefusedCheckpoint {
  readonly error: TopsparkError;
  /** Name of its file now. */
  readonly name: string;
}

/** Thrown to end a search for a checkpoint for a reason outside the file. */
export class RestoreStopped extends Error {
  /** @param cause - error that the search throws instead */
  constructor(override readonly cause: unknown) {
    super('restoring was stopped', { cause });
  }

  /** Runs work whose errors do not concern the file. */
  static where<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw new RestoreStopped(error);
    }
  }
}

const extension = '.safetensors';
const pattern = /^checkpoint-(\d{8,15})\.safetensors$/;
/** Checkpoints, files set aside and half-written files: their numbers are never used again. */
const numbered = /^\.?checkpoint-(\d{8,15})\.safetensors/;
const unfit = '.unfit';
/** Largest number that fits into a name: 30 million years at a checkpoint a second. */
const mostNumber = 10 ** 15 - 1;

/** Name of the checkpoint before a merge. It stays until the next merge, and a start ignores it. */
export const stepName = `checkpoint-before-merge${extension}`;

const numberOf = (name: string): number => Number(numbered.exec(name)?.[1]);

/**
 * Checkpoints in one folder, numbered upwards; the newest `keep` stay. A file with the name of a checkpoint is always
 * whole. A file that is broken nevertheless, or belongs to another network, is renamed and never deleted.
 */
export class CheckpointStore {
  /** Highest number used so far. */
  #last = 0;
  readonly #writing = new Set<string>();

  /**
   * @param directory - folder, created with the first checkpoint
   * @param keep - most checkpoints kept, at least 1
   */
  constructor(
    readonly directory: string,
    readonly keep: number,
  ) {}

  /**
   * Writes a snapshot before it returns, for the end of a process.
   *
   * @throws {@link TopsparkError} `checkpoint_unwritable` with the system's reason; older checkpoints are untouched
   */
  save(snapshot: Snapshot): StoredCheckpoint {
    const destination = this.#reserve();
    const { name } = destination;
    try {
      writeDurablySync(destination, atOnce(layOut(snapshot)));
      for (const path of this.#over(name)) removeSync(path);
    } catch (error) {
      throw unwritable(name, error);
    } finally {
      this.#writing.delete(temporaryName(name));
    }
    return { name, snapshot };
  }

  /**
   * Writes a snapshot in slices and outside the JavaScript thread. It gets its number at the call, so that a snapshot
   * saved meanwhile is newer.
   *
   * @param capture - the snapshot, which must no longer change; hashed and encoded in slices
   * @throws {@link TopsparkError} `checkpoint_unwritable`, as {@link CheckpointStore.save}
   */
  async saveInTurns(capture: Slices<Snapshot>): Promise<StoredCheckpoint> {
    const destination = this.#reserve();
    const { name } = destination;
    try {
      const snapshot = await inTurns(capture);
      await writeDurably(destination, await inTurns(layOut(snapshot)));
      for (const path of this.#over(name)) await rm(path).catch(ignore);
      return { name, snapshot };
    } catch (error) {
      throw unwritable(name, error);
    } finally {
      this.#writing.delete(temporaryName(name));
    }
  }

  /**
   * Writes the checkpoint before a merge, replacing that of the last merge, in slices and outside the JavaScript
   * thread. It is not one of the numbered checkpoints, so it stays however many follow.
   *
   * @returns its name, for {@link CheckpointStore.load}
   * @throws {@link TopsparkError} `checkpoint_unwritable`
   */
  async saveStep(snapshot: Snapshot): Promise<string> {
    try {
      await writeDurably({ directory: this.directory, name: stepName }, await inTurns(layOut(snapshot)));
      return stepName;
    } catch (error) {
      throw unwritable(stepName, error);
    }
  }

  /** Name of the checkpoint before the last merge; empty: there is none. */
  get step(): string {
    return this.#entries().includes(stepName) ? stepName : '';
  }

  /** Names of the checkpoints, newest first. */
  names(): string[] {
    return newestFirst(this.#entries().filter((name) => pattern.test(name)));
  }

  /**
   * Reads one checkpoint and verifies it.
   *
   * @param name - a name inside the folder, not a path
   * @throws {@link TopsparkError} `checkpoint_name`, `checkpoint_not_a_file`, `checkpoint_unreadable`,
   *   `checkpoint_broken` or `checkpoint_version`
   */
  load(name: string): StoredCheckpoint {
    if (pattern.test(name) || name === stepName) return this.#read(name);
    throw new TopsparkError(
      'checkpoint_name',
      'usage',
      `checkpoint name is ${quoted(name)}, expected one inside the checkpoint folder such as checkpoint-00000001${extension}`,
    );
  }

  /**
   * Restores the newest checkpoint that verifies and that `accept` takes; returns `undefined` where there is none.
   * Newer ones are renamed: `.broken` is appended where they do not verify, `.unfit` where they belong to another
   * network or version. Unfit ones are tried again where nothing else fits, as after a parameter was changed and
   * changed back.
   *
   * @param accept - restores the snapshot; throws a TopsparkError where it does not fit. Any other error means that the
   *   state is broken in an unforeseen way, except {@link RestoreStopped}, whose cause is thrown
   * @param refused - called with each checkpoint that could not be used, and why
   */
  restoreNewest(
    accept: (snapshot: Snapshot) => void,
    refused: (checkpoint: RefusedCheckpoint) => void,
  ): StoredCheckpoint | undefined {
    const attempt = (name: string, failed: (error: TopsparkError) => void): StoredCheckpoint | undefined => {
      try {
        const stored = this.#read(name);
        accept(stored.snapshot);
        return stored;
      } catch (error) {
        if (error instanceof RestoreStopped) throw error.cause;
        failed(error instanceof TopsparkError ? error : malformed(name, error));
        return undefined;
      }
    };
    const aside = newestFirst(this.#entries().filter((name) => name.endsWith(unfit)));
    for (const name of this.names()) {
      const stored = attempt(name, (error) => {
        refused({ error, name: this.#setAside(name, error.code) });
      });
      if (stored) return stored;
    }
    for (const name of aside) {
      const stored = attempt(name, () => undefined);
      if (stored) return { ...stored, name: this.#rename(name, name.slice(0, -unfit.length)) };
    }
    return undefined;
  }

  #read(name: string): StoredCheckpoint {
    return { name, snapshot: decodeSnapshot(readRegularFile(join(this.directory, name), name), name) };
  }

  #setAside(name: string, code: string): string {
    // A file that could not be read may be sound: it stays in place until somebody repairs the disk or the permissions.
    if (code === 'checkpoint_unreadable') return name;
    const broken = code === 'checkpoint_broken' || code === 'checkpoint_not_a_file';
    return this.#rename(name, `${name}${broken ? '.broken' : unfit}`);
  }

  /** Renames a file. @returns the new name, or the old one where it could not be renamed */
  #rename(from: string, to: string): string {
    if (existsSync(join(this.directory, to))) return from;
    try {
      renameSync(join(this.directory, from), join(this.directory, to));
      return to;
    } catch {
      return from;
    }
  }

  #reserve(): Destination {
    if (this.names().some((name) => numberOf(name) === mostNumber)) this.#renumber();
    // A file set aside with the largest number does not count, so numbers do not run out.
    const numbers = this.#entries().map(numberOf);
    this.#last = Math.max(this.#last, ...numbers.filter((number) => number < mostNumber)) + 1;
    const name = nameOf(this.#last);
    this.#writing.add(temporaryName(name));
    return { directory: this.directory, name };
  }

  /**
   * Gives every checkpoint the smallest number that keeps their order, so that numbers never run out: a file with the
   * largest number may have been written by hand. Numbers only decrease, the oldest first, so the order is always
   * right.
   */
  #renumber(): void {
    const taken = new Set(this.#entries().map(numberOf));
    let next = 1;
    for (const name of this.names().reverse()) {
      const own = numberOf(name);
      while (next < own && taken.has(next)) next++;
      if (next < own) this.#rename(name, nameOf(next));
      next++;
    }
    this.#last = 0;
  }

  /** Paths of checkpoints beyond `keep`, and of half-written files of processes that died. */
  #over(written: string): string[] {
    const half = this.#entries().filter((name) => name.startsWith('.') && numberOf(name) <= numberOf(written));
    const over = [...this.names().slice(this.keep), ...half.filter((name) => !this.#writing.has(name))];
    return over.map((name) => join(this.directory, name));
  }

  /** Entries of the folder. A folder that cannot be listed must not look empty: its numbers would be used again. */
  #entries(): string[] {
    try {
      return readdirSync(this.directory);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      const reason = reasonOf(error);
      const sentence = `checkpoint folder ${this.directory} was not listed: ${reason}`;
      throw new TopsparkError('checkpoint_folder', 'checkpoint', sentence, { cause: error });
    }
  }
}

const nameOf = (number: number): string => `checkpoint-${String(number).padStart(8, '0')}${extension}`;

const newestFirst = (names: string[]): string[] => names.sort((a, b) => numberOf(b) - numberOf(a));

/** Ignores an error of removing an old file: it does no harm, and the new file is written. */
const ignore = (): void => undefined;

function removeSync(path: string): void {
  try {
    rmSync(path);
  } catch {
    ignore();
  }
}

function malformed(name: string, error: unknown): TopsparkError {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const sentence = `checkpoint ${name} holds a state that cannot be restored: ${reason}`;
  return new TopsparkError('checkpoint_broken', 'checkpoint', sentence, { cause: error });
}

function unwritable(name: string, error: unknown): TopsparkError {
  const reason = reasonOf(error);
  const sentence = `checkpoint ${name} was not written: ${reason}`;
  return new TopsparkError('checkpoint_unwritable', 'checkpoint', sentence, { cause: error });
}
