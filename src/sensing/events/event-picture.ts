import { columnOf, polarityOf, rowOf } from './event-batch.js';
import type { EventHistory, EventRange } from './event-history.js';

// Events of a window as planes of a chosen size. Of each pixel, its events in their order:
//
//   s = on events − off events so far, 0 at the begin of the window;  m = min s
//   r = s − m at the end: how much brighter the pixel is than at its darkest, in steps of the camera's contrast
//
// A moving thing has passed over its pixels, so r is its picture at its place now, for any direction of movement. Events
// alone would show only its edges across the movement. A pixel with more than `most` events is broken or sees a flickering
// lamp; it counts as a pixel without events.
//
// The picture is cropped about its centre to the aspect ratio of the planes. Pixel x lies in column ⌊x W / w⌋, and a cell
// is the sum of its pixels.
//
// Source: the camera's model (Lichtsteiner, Posch & Delbruck, IEEE JSSC 2008); figures measured for this project (docs/events.md).

/** No cell: the pixel lies outside the cropped picture. */
const none = -1;

/** Events of a window, pixel by pixel, and their sums in cells. */
export class EventPicture {
  /** Counted events by cell: on plane, then off plane, row by row. */
  readonly counts: Float64Array;
  /** r by cell, row by row. */
  readonly rises: Float64Array;
  #width = 0;
  #height = 0;
  #columns: Int32Array = new Int32Array(0);
  #rows: Int32Array = new Int32Array(0);
  /** By pixel: events on and off, and m. */
  #on = new Uint16Array(0);
  #off = new Uint16Array(0);
  #least = new Int16Array(0);

  /**
   * @param columns - of a plane
   * @param rows - of a plane
   * @param most - events of a pixel in a window, 1..32767
   */
  constructor(
    readonly columns: number,
    readonly rows: number,
    readonly most: number,
  ) {
    this.counts = new Float64Array(2 * columns * rows);
    this.rises = new Float64Array(columns * rows);
  }

  /** Sets the size of the camera's picture [pixel]. */
  resize(width: number, height: number): void {
    if (width === this.#width && height === this.#height) return;
    [this.#width, this.#height] = [width, height];
    const { columns, rows } = this;
    // As with images: one side whole, and the other cropped to the ratio.
    const wide = Math.min(width, Math.floor((height * columns) / rows));
    const high = Math.min(height, Math.floor((width * rows) / columns));
    this.#columns = cellsOf(width, wide, columns);
    this.#rows = cellsOf(height, high, rows);
    this.#on = new Uint16Array(width * height);
    this.#off = new Uint16Array(width * height);
    this.#least = new Int16Array(width * height);
  }

  /**
   * Takes the events of a window; writes {@link EventPicture.counts} and {@link EventPicture.rises}.
   *
   * @returns the number of counted events
   */
  take({ address, mask }: EventHistory, { from, end }: EventRange): number {
    const [width, height, most] = [this.#width, this.#height, this.most];
    const [on, off, least] = [this.#on, this.#off, this.#least];
    for (const each of [on, off, least]) each.fill(0);
    for (let k = from; k < end; k++) {
      const place = address[k & mask];
      const [x, y] = [columnOf(place), rowOf(place)];
      // A checkpoint may hold events of a larger picture.
      if (x >= width || y >= height) continue;
      const pixel = y * width + x;
      if (on[pixel] + off[pixel] > most) continue;
      if (polarityOf(place) === 1) on[pixel]++;
      else {
        off[pixel]++;
        const now = on[pixel] - off[pixel];
        if (now < least[pixel]) least[pixel] = now;
      }
    }
    return this.#pool();
  }

  #pool(): number {
    const { counts, rises, columns, most } = this;
    const [width, height, plane] = [this.#width, this.#height, columns * this.rows];
    const [on, off, least, toColumn] = [this.#on, this.#off, this.#least, this.#columns];
    counts.fill(0);
    rises.fill(0);
    let counted = 0;
    for (let y = 0; y < height; y++) {
      const row = this.#rows[y];
      if (row === none) continue;
      for (let x = 0, pixel = y * width; x < width; x++, pixel++) {
        const all = on[pixel] + off[pixel];
        if (all === 0 || all > most || toColumn[x] === none) continue;
        const cell = row * columns + toColumn[x];
        counts[cell] += on[pixel];
        counts[plane + cell] += off[pixel];
        rises[cell] += on[pixel] - off[pixel] - least[pixel];
        counted += all;
      }
    }
    return counted;
  }
}

/** The cell of each pixel along a side. */
function cellsOf(length: number, used: number, count: number): Int32Array {
  const start = (length - used) >> 1;
  return Int32Array.from({ length }, (_, at) => {
    const inside = at >= start && at < start + used;
    return inside ? Math.floor(((at - start) * count) / used) : none;
  });
}
