import { reserveKernel, type Kernel } from '../../snn/kernel-module.js';
import type { EventHistory, EventRange } from './event-history.js';

// Events of a window as planes of a chosen size. For each pixel, with its events in order:
//
//   s = on events − off events so far, 0 at the start of the window;  m = min s
//   r = s − m at the end: how much brighter the pixel is than at its darkest, in steps of the camera's contrast
//
// A moving object has passed over its pixels, so r is its picture at its current place, for any direction of movement.
// Events alone would show only its edges across the movement. A pixel with more than `most` events is broken or sees a
// flickering lamp; it counts as a pixel without events.
//
// The picture is cropped about its centre to the aspect ratio of the planes. Pixel x lies in column ⌊x W / w⌋, and a
// cell is the sum of its pixels.
//
// With a view of share q < 1, or one centred on the light, the viewed part is w' = q w wide. Its centre c is that of
// the picture or that of the light, c = Σ r (x + 1/2) / Σ r; likewise for rows. A pixel is divided among the cells that
// it overlaps, by area: columns (x − c + w'/2) W / w' to (x + 1 − c + w'/2) W / w'
//
// Source: the camera's model (Lichtsteiner, Posch & Delbruck, IEEE JSSC 2008); figures measured for this project
// (docs/events.md). The kernel counts the events and pools whole pixels: src/snn/kernel/event-pixels.ts.

/** Events that the kernel takes at once. */
const eventsAtOnce = 2 ** 14;
/** Numbers of a pixel in the kernel's memory. */
const numbersOfPixel = 4;

/** Marks a pixel outside the viewed part of the picture: it has no cell. */
const none = -2;

/** Events of a window, pixel by pixel, and their sums in cells. */
export class EventPicture {
  /** Counted events by cell: on plane, then off plane, row by row; a view. */
  counts = new Float64Array(0);
  /** r by cell, row by row; a view. */
  rises = new Float64Array(0);
  /** Additions and multiplications for the last window, besides those for its events. */
  work = 0;
  #width = 0;
  #height = 0;
  /** Cells of each column and each row of pixels. */
  #columns = new SharesOfCells(0);
  #rows = new SharesOfCells(0);
  #kernel: Kernel | undefined;
  /** Events that the kernel takes at once. */
  #addresses = new Uint32Array(0);
  /** For each pixel: on events, off events, m, and nothing; the same memory without and with a sign. */
  #pixels = new Uint16Array(0);
  #signed = new Int16Array(0);

  /**
   * @param columns - of a plane
   * @param rows - of a plane
   * @param most - most events of a pixel in a window, 1..32767
   * @param view - viewed part of the picture; absent: all of it
   */
  constructor(
    readonly columns: number,
    readonly rows: number,
    readonly most: number,
    readonly view: EventView = { share: 1, centred: false },
  ) {}

  /**
   * Sets the size of the camera's picture [pixel].
   *
   * @throws {@link TopsparkError} `memory` where there is not enough memory for its pixels
   */
  resize(width: number, height: number): void {
    if (width === this.#width && height === this.#height) return;
    [this.#width, this.#height] = [width, height];
    this.#columns = new SharesOfCells(width);
    this.#rows = new SharesOfCells(height);
    if (this.#isWhole) {
      const { wide, high } = this.#looked;
      this.#columns.divide(Math.floor(wide), this.columns);
      this.#rows.divide(Math.floor(high), this.rows);
    }
    const cells = this.columns * this.rows;
    const kernel = reserveKernel('eventPixels', `${width} × ${height} pixels of events`, (call) =>
      call.createEvents(width, height, cells, eventsAtOnce),
    );
    this.#kernel = kernel;
    this.#addresses = kernel.view(Uint32Array, 'eventAddresses', eventsAtOnce);
    this.#pixels = kernel.view(Uint16Array, 'eventPixels', numbersOfPixel * width * height);
    this.#signed = kernel.view(Int16Array, 'eventPixels', numbersOfPixel * width * height);
    kernel.view(Int32Array, 'eventColumns', width).set(this.#columns.first);
    kernel.view(Int32Array, 'eventRows', height).set(this.#rows.first);
    const sums = kernel.view(Float64Array, 'eventSums', 3 * cells);
    [this.counts, this.rises] = [sums.subarray(0, 2 * cells), sums.subarray(2 * cells)];
  }

  /**
   * Takes the events of a window; writes {@link EventPicture.counts} and {@link EventPicture.rises}. The size must be
   * set before.
   *
   * @returns the number of counted events
   */
  take({ address, mask }: Pick<EventHistory, 'address' | 'mask'>, { from, end }: EventRange): number {
    const [width, height, most] = [this.#width, this.#height, this.most];
    const call = this.#kernel?.call;
    if (call === undefined) return 0;
    call.clearEvents(width * height);
    // The events of a checkpoint may be of a larger picture; the kernel leaves them out.
    for (let at = from; at < end;) {
      const first = at & mask;
      const count = Math.min(end - at, mask + 1 - first, eventsAtOnce);
      this.#addresses.set(address.subarray(first, first + count));
      call.takeEvents(count, width, height, most);
      at += count;
    }
    this.work = 0;
    if (!this.#isWhole) return this.#pool();
    return call.poolEvents(width, height, this.columns, this.columns * this.rows, most);
  }

  /** Whether the view is the whole picture, in its fixed place. */
  get #isWhole(): boolean {
    return this.view.share === 1 && !this.view.centred;
  }

  // As with images: one side is whole, and the other is cropped to the aspect ratio.
  get #looked(): { readonly wide: number; readonly high: number } {
    const { columns, rows, view } = this;
    const [width, height] = [this.#width, this.#height];
    return {
      wide: view.share * Math.min(width, (height * columns) / rows),
      high: view.share * Math.min(height, (width * rows) / columns),
    };
  }

  #look(): void {
    const { wide, high } = this.#looked;
    const { x, y } = this.view.centred ? this.#centre() : { x: this.#width / 2, y: this.#height / 2 };
    this.#columns.share(x - wide / 2, wide, this.columns);
    this.#rows.share(y - high / 2, high, this.rows);
  }

  /** Centre of the light; without any light, centre of the picture. */
  #centre(): { readonly x: number; readonly y: number } {
    const [width, height, pixels, signed] = [this.#width, this.#height, this.#pixels, this.#signed];
    let [sum, across, down] = [0, 0, 0];
    for (let y = 0, at = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at += numbersOfPixel) {
        const all = pixels[at] + pixels[at + 1];
        if (all === 0 || all > this.most) continue;
        const rise = pixels[at] - pixels[at + 1] - signed[at + 2];
        sum += rise;
        across += rise * (x + 0.5);
        down += rise * (y + 0.5);
        this.work += 5;
      }
    }
    return sum === 0 ? { x: width / 2, y: height / 2 } : { x: across / sum, y: down / sum };
  }

  /** Divides each pixel among the cells that it overlaps. */
  #pool(): number {
    const { counts, rises, columns, most } = this;
    const [width, height, plane] = [this.#width, this.#height, columns * this.rows];
    const [pixels, signed] = [this.#pixels, this.#signed];
    this.#look();
    const [{ first: toColumn, shares: across }, { first: toRow, shares: down }] = [this.#columns, this.#rows];
    counts.fill(0);
    rises.fill(0);
    let counted = 0;
    for (let y = 0; y < height; y++) {
      const row = toRow[y];
      if (row === none) continue;
      for (let x = 0, at = numbersOfPixel * y * width; x < width; x++, at += numbersOfPixel) {
        const [on, off] = [pixels[at], pixels[at + 1]];
        const all = on + off;
        if (all === 0 || all > most || toColumn[x] === none) continue;
        const rise = on - off - signed[at + 2];
        counted += all;
        // The cell, and the next ones to the right and below where the pixel overlaps them.
        for (let k = 0; k < 4; k++) {
          const [right, below] = [k & 1, k >> 1];
          const weight = (right === 0 ? across[x] : 1 - across[x]) * (below === 0 ? down[y] : 1 - down[y]);
          const [column, line] = [toColumn[x] + right, row + below];
          if (weight === 0 || column < 0 || line < 0 || column >= columns || line >= this.rows) continue;
          const cell = line * columns + column;
          counts[cell] += weight * on;
          counts[plane + cell] += weight * off;
          rises[cell] += weight * rise;
          if (weight < 1) this.work += 6;
        }
      }
    }
    return counted;
  }
}

/** The viewed part of a camera's picture. */
export interface EventView {
  /** Share of its sides, 0..1; 1: all. */
  readonly share: number;
  /** Whether the view is centred on the light in the window, not on the picture. */
  readonly centred: boolean;
}

/** The cells that each pixel of a side overlaps: at most two, side by side. */
class SharesOfCells {
  /** Index of the first cell; −1: the pixel overlaps only the next cell; {@link none}: no cell. */
  readonly first: Int32Array;
  /** Share of the pixel in the first cell; the rest is in the next. */
  readonly shares: Float64Array;

  /** @param length - length of the side [pixel] */
  constructor(readonly length: number) {
    this.first = new Int32Array(length).fill(none);
    this.shares = new Float64Array(length).fill(1);
  }

  /** Divides the middle of the side into cells of whole pixels. */
  divide(used: number, count: number): void {
    const start = (this.length - used) >> 1;
    for (let at = start; at < start + used; at++) this.first[at] = Math.floor(((at - start) * count) / used);
  }

  /**
   * Divides a part of the side into cells, and pixels among cells by area.
   *
   * @param start - start of the part; it may begin and end outside the side [pixel]
   * @param used - its length, no less than `count` [pixel]
   */
  share(start: number, used: number, count: number): void {
    const scale = count / used;
    for (let at = 0; at < this.length; at++) {
      const from = (at - start) * scale;
      const first = Math.floor(from);
      this.first[at] = first < -1 || first >= count ? none : first;
      this.shares[at] = Math.min(1, (first + 1 - from) / scale);
    }
  }
}
