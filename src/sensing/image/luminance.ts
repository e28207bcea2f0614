import { viewOf } from '../../base/bytes.js';
import { TopsparkError } from '../../base/errors.js';
import { instantiateKernel, type Kernel } from '../../snn/kernel-module.js';
import type { ImageFrame, PixelFormat } from './image-frame.js';

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

/**
 * Brings an image to a fixed size of luminance bytes:
 *
 *   y(r, c) = mean of the luminance over the source pixels of target cell (r, c), rounded
 *   luminance = (299 R + 587 G + 114 B) / 1000                                       (ITU-R BT.601)
 *
 * Of a depth image the nearness is taken, 255 · max(0, 1 − d / maxDepth); where nothing was measured it is 0.
 *
 * The image is cropped about its centre to the target's aspect ratio. Cell r covers the rows from floor(r·h/H) up to, not
 * including, max(that + 1, floor((r + 1)·h/H)): an image smaller than the target is repeated, one of its size is
 * copied as it is. Depths are summed in the order of the pixels, light in whole numbers, so the result is the same on
 * every machine.
 */
export class LuminanceScaler {
  readonly #columns: Float64Array;
  #widthSeen = 0;
  #from = new Int32Array(0);
  #rows: PixelRows | undefined;

  /**
   * @param width - columns of the target [pixel]
   * @param height - rows of the target [pixel]
   */
  constructor(
    readonly width: number,
    readonly height: number,
    /** Depth that counts as far [m]. */
    readonly maxDepth = 10,
  ) {
    this.#columns = new Float64Array(width);
  }

  /**
   * @param frame - checked by `checkFrame`
   * @param into - `width` × `height` bytes, row by row
   */
  scale(frame: ImageFrame, format: PixelFormat, into: Uint8Array): void {
    const crop = this.#crop(frame);
    this.#prepareColumns(crop.width);
    const sums = this.#columns;
    const unit = format.rgb ? 1000 : format.depth ? this.maxDepth / format.depth / 255 : 1;
    for (let r = 0; r < this.height; r++) {
      const top = Math.floor((r * crop.height) / this.height);
      const bottom = Math.max(top + 1, Math.floor(((r + 1) * crop.height) / this.height));
      const start = (crop.y + top) * frame.step + crop.x * format.bytes;
      if (format.depth) this.#sumDepths(frame, format.depth, format.bytes, start, bottom - top);
      else this.#sumLight(frame, format, start, bottom - top, crop.width * format.bytes);
      for (let c = 0; c < this.width; c++) {
        const pixels = (bottom - top) * this.#cellWidth(c);
        into[r * this.width + c] = Math.floor(sums[c] / (pixels * unit) + 0.5);
      }
    }
  }

  #crop({ width, height }: ImageFrame): { x: number; y: number; width: number; height: number } {
    const wide = Math.min(width, Math.max(1, Math.round((height * this.width) / this.height)));
    const high = Math.min(height, Math.max(1, Math.round((width * this.height) / this.width)));
    return { x: (width - wide) >> 1, y: (height - high) >> 1, width: wide, height: high };
  }

  #prepareColumns(width: number): void {
    if (this.#widthSeen === width) return;
    this.#widthSeen = width;
    this.#from = Int32Array.from({ length: this.width + 1 }, (_, c) => Math.floor((c * width) / this.width));
  }

  #cellWidth(c: number): number {
    return Math.max(1, this.#from[c + 1] - this.#from[c]);
  }

  // Sums of whole numbers are exact in any order: bytes down the rows first, the weights of colours last.
  #sumLight(frame: ImageFrame, format: PixelFormat, start: number, rows: number, length: number): void {
    const { bytes, rgb, wide } = format;
    const below = this.#rowsOf(length).sum(frame.data, start, frame.step, rows, length);
    const high = wide === true && !frame.bigEndian ? 1 : 0;
    for (let c = 0; c < this.width; c++) {
      const from = this.#from[c] * bytes;
      const to = from + this.#cellWidth(c) * bytes;
      let sum = 0;
      if (rgb) {
        const [red, green, blue] = rgb;
        for (let at = from; at < to; at += bytes) {
          sum += 299 * below[at + red] + 587 * below[at + green] + 114 * below[at + blue];
        }
      } else {
        for (let at = from + high; at < to; at += bytes) sum += below[at];
      }
      this.#columns[c] = sum;
    }
  }

  #rowsOf(length: number): PixelRows {
    if (this.#rows === undefined || this.#rows.length < length) this.#rows = new PixelRows(length);
    return this.#rows;
  }

  #sumDepths(frame: ImageFrame, unit: number, bytes: number, start: number, rows: number): void {
    this.#columns.fill(0);
    for (let y = 0; y < rows; y++) this.#addDepthRow(frame, unit, bytes, start + y * frame.step);
  }

  #addDepthRow({ data, bigEndian }: ImageFrame, unit: number, bytes: number, start: number): void {
    const view = viewOf(data);
    const farthest = this.maxDepth / unit;
    for (let c = 0; c < this.width; c++) {
      const from = start + this.#from[c] * bytes;
      const to = from + this.#cellWidth(c) * bytes;
      let sum = 0;
      for (let at = from; at < to; at += bytes) {
        const depth = bytes === 2 ? view.getUint16(at, !bigEndian) : view.getFloat32(at, !bigEndian);
        // Nothing measured: 0 where depth is a number of millimetres, NaN or infinite where it is one of metres.
        if (depth > 0 && depth < farthest) sum += farthest - depth;
      }
      this.#columns[c] = this.#columns[c] + sum;
    }
  }
}
