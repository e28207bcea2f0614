import { TopsparkError } from '../../base/errors.js';
import { instantiateKernel, type Kernel } from '../../snn/kernel-module.js';

/** Bytes that are handed over at a time; they stay in the fast caches. */
const atOnce = 2 ** 16;

/** Sums of bytes down rows; in the kernel, since an image has a million of them. */
export class PixelRows {
  readonly #kernel: Kernel;
  readonly #rows: Uint8Array;
  readonly #sums: Uint32Array;

  /**
   * @param length - most bytes in a row
   * @throws {@link TopsparkError} `memory` where the machine has not enough for such a row
   */
  constructor(readonly length: number) {
    this.#kernel = instantiateKernel();
    const bytes = Math.max(atOnce, length);
    if (this.#kernel.call.createPixelRows(bytes, length) === 0) {
      throw new TopsparkError('memory', 'environment', `no memory for rows of ${length} bytes`);
    }
    this.#rows = this.#kernel.view(Uint8Array, 'pixelRows', bytes);
    this.#sums = this.#kernel.view(Uint32Array, 'pixelSums', length);
  }

  /**
   * @param start - of the first row in `data` [byte]
   * @param step - from one row to the next [byte]
   * @param length - of a row [byte], at most {@link PixelRows.length}
   * @returns the sum of each byte over all rows; valid until the next call
   */
  sum(data: Uint8Array, start: number, step: number, rows: number, length: number): Uint32Array {
    const most = 1 + Math.floor((this.#rows.length - length) / step);
    this.#kernel.call.clearPixelSums(length);
    for (let row = 0; row < rows; row += most) {
      const count = Math.min(most, rows - row);
      const from = start + row * step;
      this.#rows.set(data.subarray(from, from + (count - 1) * step + length));
      this.#kernel.call.addPixelRows(step, count, length);
    }
    return this.#sums;
  }
}
