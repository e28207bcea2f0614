import type { WriteStream } from 'node:tty';
import pc from 'picocolors';
import { printable } from '../base/quoted.js';

const width = 32;

/** A progress bar on a terminal, redrawn in place. Elsewhere it prints nothing, so that logs stay readable. */
export class Progress {
  #done = 0;
  readonly #start = performance.now();

  /**
   * @param title - what is being done
   * @param total - number of units, at least 1
   * @param out - usually standard error, so that standard output contains results only
   */
  constructor(
    readonly title: string,
    readonly total: number,
    readonly out: WriteStream,
  ) {}

  /** Adds units that are done. */
  advance(units: number): void {
    this.#done += units;
    if (!this.out.isTTY) return;
    const share = Math.min(1, this.#done / this.total);
    const full = Math.round(share * width);
    const seconds = ((performance.now() - this.#start) / 1000).toFixed(1);
    const bar = pc.cyan('━'.repeat(full)) + pc.dim('━'.repeat(width - full));
    this.out.write(`\r${printable(this.title)} ${bar} ${this.#done}/${this.total} ${seconds} s\u001b[K`);
  }

  /** Clears the bar. */
  end(): void {
    if (this.out.isTTY) this.out.write('\r\u001b[K');
  }
}
