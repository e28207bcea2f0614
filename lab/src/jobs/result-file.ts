import { closeSync, existsSync, fsyncSync, openSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { TopsparkError, reasonOf } from 'topspark/base/errors.js';
import { readRegular } from 'topspark/base/regular-file.js';

/**
 * A file of results by job, one line of JSON each. Results are added as they come, so that a killed run can go on from
 * them. A line that was being written when the machine died is dropped; a complete line is never lost.
 */
export class ResultFile {
  readonly #results = new Map<string, unknown>();
  readonly #file: number;
  readonly #made: boolean;

  /**
   * Opens or creates the file.
   *
   * @throws {@link TopsparkError} `results_unwritable`, or `results_broken` where the file has other content
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

  /** Closes the file, and removes it if this run created it and added nothing. */
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
    // In a file of ours only the last line can be incomplete. Any other file must not be truncated.
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
