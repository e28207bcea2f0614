import { viewOf } from '../../base/bytes.js';
import { reserveKernel, type Kernel } from '../../snn/kernel-module.js';
import type { ImageFrame, PixelFormat } from './image-frame.js';

/** Bytes that are passed to the kernel at a time; they stay in the fast caches. */
const atOnce = 2 ** 16;

/** Sums bytes over rows; in the kernel, since an image has a million of them. */
export class PixelRows {
  readonly #kernel: Kernel;
  readonly #rows: Uint8Array;
  readonly #sums: Uint32Array;

  /**
   * @param length - largest length of a row [byte]
   * @throws {@link TopsparkError} `memory` where there is not enough memory for such a row
   */
  constructor(readonly length: number) {
    const bytes = Math.max(atOnce, length);
    this.#kernel = reserveKernel('pixelRows', `rows of ${length} bytes`, (call) => call.createPixelRows(bytes, length));
    this.#rows = this.#kernel.view(Uint8Array, 'pixelRows', bytes);
    this.#sums = this.#kernel.view(Uint32Array, 'pixelSums', length);
  }

  /**
   * @param start - offset of the first row in `data` [byte]
   * @param step - distance from one row to the next [byte]
   * @param length - length of a row [byte], at most {@link PixelRows.length}
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

/** Settings of the scale from black to white. */
export interface LuminanceScale {
  /** Depth that counts as far [m], 10 by default; 0: no image is depth, and 16UC1 and 32FC1 are light too. */
  readonly maxDepth?: number;
  /**
   * Black and white of 16-bit and floating-point light; by default the least and the greatest value of each picture.
   */
  readonly levels?: Levels | undefined;
}

/** Values of black and white, the second greater. */
export interface Levels {
  readonly black: number;
  readonly white: number;
}

/** Least range of 16-bit values that is spread from black to white: that of 10 bits, the fewest of any wide sensor. */
const leastRange = 1024;

/**
 * Scales an image to a fixed size of luminance bytes:
 *
 *   y(r, c) = mean of the luminance over the source pixels of target cell (r, c), rounded
 *   luminance = (299 R + 587 G + 114 B) / 1000                                       (ITU-R BT.601)
 *
 * For YUV, luminance is Y. A Bayer pattern has a pixel for each 2 × 2 samples, G the mean of its two.
 *
 * For 16 bits the used range is unknown: 10 bits in an infrared camera, hundredths of a kelvin in a thermal one. So the
 * means of the cells, at full precision, are spread over their own range, but never over less than 1024:
 *
 *   y = 255 · (m − least m) / max(1024, greatest m − least m)
 *
 * It does not depend on earlier pictures, and small changes move it little. Where levels must stay constant, as for
 * changes in time of plain luminance, {@link Levels} fix them. Floating-point light uses 1 in place of 1024.
 *
 * For depth, nearness counts: 255 · max(0, 1 − d / maxDepth); 0 where nothing was measured.
 *
 * The image is cropped about its centre to the target's aspect ratio. Cell r covers the rows from floor(r·h/H) up to,
 * not including, max(that + 1, floor((r + 1)·h/H)): an image smaller than the target is repeated, one of its size is
 * copied. Depths are summed in the order of the pixels, light in whole numbers, so the result is the same on every
 * machine.
 */
export class LuminanceScaler {
  /** Depth that counts as far [m]; 0: no image is depth. */
  readonly maxDepth: number;
  readonly #levels: Levels | undefined;
  readonly #columns: Float64Array;
  /** For floating-point light: how many numbers each sum contains. */
  readonly #counts: Float64Array;
  /** For images whose range must be found first: the mean of each cell. */
  readonly #means: Float64Array;
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
    { maxDepth = 10, levels }: LuminanceScale = {},
  ) {
    this.maxDepth = maxDepth;
    this.#levels = levels;
    this.#columns = new Float64Array(width);
    this.#counts = new Float64Array(width);
    this.#means = new Float64Array(width * height);
  }

  /**
   * @param frame - checked by `checkFrame`
   * @param into - `width` × `height` bytes, row by row
   */
  scale(frame: ImageFrame, format: PixelFormat, into: Uint8Array): void {
    const { bytes, side } = format;
    const depth = this.maxDepth > 0 ? format.depth : undefined;
    const floats = format.depth === 1 && depth === undefined;
    const levels = floats || (format.wide === true && depth === undefined);
    const unit = depth ? this.maxDepth / depth / 255 : format.channels.reduce((sum, { weight }) => sum + weight, 0);
    const crop = this.#crop(Math.floor(frame.width / side), Math.floor(frame.height / side));
    // One byte of light for each target byte, as from a simulated or tiny camera: nothing to sum.
    if (format.bytes === 1 && crop.width === this.width && crop.height === this.height) {
      this.#copy(frame, crop, into);
      return;
    }
    this.#prepareColumns(crop.width);
    const sums = this.#columns;
    for (let r = 0; r < this.height; r++) {
      const top = Math.floor((r * crop.height) / this.height);
      const rows = Math.max(1, Math.floor(((r + 1) * crop.height) / this.height) - top);
      const start = side * (crop.y + top) * frame.step + crop.x * bytes;
      if (depth) this.#sumDepths(frame, depth, bytes, start, rows);
      else if (floats) this.#sumFloats(frame, start, rows);
      else this.#sumLight(frame, format, start, rows, crop.width * bytes);
      for (let c = 0; c < this.width; c++) {
        const mean = sums[c] / ((floats ? this.#counts[c] : rows * this.#cellWidth(c)) * unit);
        if (levels) this.#means[r * this.width + c] = mean;
        else into[r * this.width + c] = Math.floor(mean + 0.5);
      }
    }
    if (levels) this.#spread(floats ? 1 : leastRange, into);
  }

  #copy({ data, step }: ImageFrame, { x, y }: { readonly x: number; readonly y: number }, into: Uint8Array): void {
    const { width, height } = this;
    for (let r = 0; r < height; r++) {
      const start = (y + r) * step + x;
      for (let c = 0; c < width; c++) into[r * width + c] = data[start + c];
    }
  }

  /** Spreads the means of cells over the range from black to white; a cell without a measurement is black. */
  #spread(least: number, into: Uint8Array): void {
    const means = this.#means;
    let { black, white } = this.#levels ?? { black: Infinity, white: -Infinity };
    if (this.#levels === undefined) {
      for (const mean of means) {
        if (mean < black) black = mean;
        if (mean > white) white = mean;
      }
      white = Math.max(white, black + least);
    }
    for (let i = 0; i < means.length; i++) {
      const share = Math.min(1, Math.max(0, (means[i] - black) / (white - black)));
      // NaN, where nothing was measured, becomes 0.
      into[i] = Math.floor(255 * share + 0.5);
    }
  }

  #crop(width: number, height: number): { x: number; y: number; width: number; height: number } {
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

  // Sums of whole numbers are exact in any order: first sum bytes over rows, then weight colours and bytes.
  #sumLight(frame: ImageFrame, format: PixelFormat, start: number, rows: number, length: number): void {
    const { bytes, side, channels, wide } = format;
    this.#columns.fill(0);
    for (let row = 0; row < side; row++) {
      const below = this.#rowsOf(length).sum(frame.data, start + row * frame.step, side * frame.step, rows, length);
      for (const channel of channels) {
        if (channel.row !== row) continue;
        const { byte, weight } = channel;
        const high = frame.bigEndian ? byte : byte + 1;
        if (wide === true) this.#addBytes(below, high, bytes, 256 * weight);
        this.#addBytes(below, wide === true ? 2 * byte + 1 - high : byte, bytes, weight);
      }
    }
  }

  #addBytes(below: Uint32Array, byte: number, bytes: number, weight: number): void {
    for (let c = 0; c < this.width; c++) {
      const from = this.#from[c] * bytes + byte;
      const to = from + this.#cellWidth(c) * bytes;
      let sum = 0;
      for (let at = from; at < to; at += bytes) sum += below[at];
      this.#columns[c] = this.#columns[c] + weight * sum;
    }
  }

  #rowsOf(length: number): PixelRows {
    if (this.#rows === undefined || this.#rows.length < length) this.#rows = new PixelRows(length);
    return this.#rows;
  }

  #sumFloats({ data, bigEndian, step }: ImageFrame, start: number, rows: number): void {
    const view = viewOf(data);
    this.#columns.fill(0);
    this.#counts.fill(0);
    for (let row = start; row < start + rows * step; row += step) {
      for (let c = 0; c < this.width; c++) {
        const from = row + this.#from[c] * 4;
        const to = from + this.#cellWidth(c) * 4;
        for (let at = from; at < to; at += 4) {
          const value = view.getFloat32(at, !bigEndian);
          if (!Number.isFinite(value)) continue;
          this.#columns[c] = this.#columns[c] + value;
          this.#counts[c] = this.#counts[c] + 1;
        }
      }
    }
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
        // Nothing was measured: 0 in millimetres, NaN or infinite in metres.
        if (depth > 0 && depth < farthest) sum += farthest - depth;
      }
      this.#columns[c] = this.#columns[c] + sum;
    }
  }
}
