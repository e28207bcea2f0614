import { closeSync, existsSync, fsyncSync, openSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { TopsparkError, reasonOf } from 'topspark/base/errors.js';
import { readRegular } from 'topspark/base/regular-file.js';

/**
 * Results by job, one line of JSON each, added as they come: a run that was killed goes on from here. A line that was
 * being written when the machine died is dropped; a whole one is never lost.
 */
export class ResultFile {
  readonly #results = new Map<string, unknown>();
  readonly #file: number;
  readonly #made: boolean;

  /**
   * Opens or makes the file.
   *
   * @throws {@link TopsparkError} `results_unwritable`, or `results_broken` where it holds something else
   */
  constructor(readonly path: string) {
    this.#made = !existsSync(path);
    if (!this.#made) this.#read();
    try {
      this.#file = openSync(path, 'a');
    } catch (cause) {
      const reason = reasonOf(cause);
      throw new TopsparkError('results_unwritable', 'data', `${path} cannot be written: ${reason}`, { cause });
    }
  }

  /** The result of a job, `undefined` where it is not known yet. */
  get(id: string): unknown {
    return this.#results.get(id);
  }

  /** Adds a result; it is on the disk when this returns. */
  add(id: string, result: unknown): void {
    if (this.#results.has(id)) return;
    this.#results.set(id, result);
    writeSync(this.#file, `${JSON.stringify({ id, result })}\n`);
    fsyncSync(this.#file);
  }

  /** Closes the file; one that was made for nothing is removed. */
  close(): void {
    closeSync(this.#file);
    if (this.#made && this.#results.size === 0) rmSync(this.path);
  }

  #bytes(): Buffer {
    try {
      return readRegular(this.path);
    } catch (cause) {
      const reason = reasonOf(cause);
      throw new TopsparkError('results_unwritable', 'data', `results cannot be read: ${reason}`, { cause });
    }
  }

  #read(): void {
    const bytes = this.#bytes();
    const end = bytes.lastIndexOf('\n') + 1;
    bytes
      .toString('utf8', 0, end)
      .split('\n')
      .slice(0, -1)
      .forEach((line, index) => {
        const entry = parseLine(line);
        if (entry === undefined) {
          const found = `line ${index + 1} of ${this.path} is ${JSON.stringify(line.slice(0, 60))}`;
          throw new TopsparkError('results_broken', 'data', `${found}, expected {"id": …, "result": …}`);
        }
        this.#results.set(entry.id, entry.result);
      });
    // A file of ours has whole lines but for the last; anything else is not ours to cut.
    if (end < bytes.length && (end > 0 || bytes.toString('latin1', 0, 6).startsWith('{"id":'.slice(0, bytes.length)))) {
      truncateSync(this.path, end);
    } else if (end < bytes.length) {
      const found = `${this.path} begins with ${JSON.stringify(bytes.toString('utf8', 0, 60))}`;
      throw new TopsparkError('results_broken', 'data', `${found}, expected {"id": …, "result": …}`);
    }
  }
}

function parseLine(line: string): { readonly id: string; readonly result: unknown } | undefined {
  try {
    const found = JSON.parse(line) as { id?: unknown; result?: unknown } | null;
    return typeof found?.id === 'string' && found.result !== undefined
      ? { id: found.id, result: found.result }
      : undefined;
  } catch {
    return undefined;
  }
}
