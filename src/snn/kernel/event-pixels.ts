// Events of a window by pixel, and their sums by cell (equations: src/sensing/events/event-picture.ts).
//
//   s = on events − off events so far;  m = min s, at most 0;  r = s − m at the end
//
// A pixel with more than `most` events takes no more, and counts as one without events. All are whole numbers, so the
// order of additions does not matter; float64 only holds the sums of cells.
//
// It runs in a separate instance without a network; `createEvents` reserves its memory.
import { commit, reserve } from './buffers';

/** Numbers of a pixel, 2 bytes each: on events, off events, m, and none. */
const PIXEL: usize = 8;
const CELL: usize = 8;

/** Addresses of events: x in bits 0..14, y in bits 15..29, polarity in bit 30. JavaScript writes them. */
export let eventAddresses: usize = 0;
/** Four numbers of 16 bits for each pixel of the picture, row by row. */
export let eventPixels: usize = 0;
/** Cell of each column and of each row of pixels, int32; negative: none. JavaScript writes them. */
export let eventColumns: usize = 0;
export let eventRows: usize = 0;
/** On events, off events and r of each cell, float64: three planes. */
export let eventSums: usize = 0;

/** Reserves memory for pictures of that size, `cells` cells, and `events` addresses at a time. */
export function createEvents(width: i32, height: i32, cells: i32, events: i32): bool {
  eventAddresses = reserve(<usize>events * 4);
  eventPixels = reserve(<usize>width * height * PIXEL);
  eventColumns = reserve(<usize>width * 4);
  eventRows = reserve(<usize>height * 4);
  eventSums = reserve(3 * <usize>cells * CELL);
  return commit();
}

/** Forgets the events of all pixels. */
export function clearEvents(pixels: i32): void {
  memory.fill(eventPixels, 0, <usize>pixels * PIXEL);
}

/** Takes `count` events in order. Events outside the picture are left out. */
export function takeEvents(count: i32, width: i32, height: i32, most: i32): void {
  const end = eventAddresses + ((<usize>count) << 2);
  for (let from = eventAddresses; from < end; from += 4) {
    const address = load<u32>(from);
    const x = <i32>(address & 0x7fff);
    const y = <i32>((address >>> 15) & 0x7fff);
    if (x >= width || y >= height) continue;
    const pixel = eventPixels + <usize>(y * width + x) * PIXEL;
    const on = <i32>load<u16>(pixel);
    const off = <i32>load<u16>(pixel, 2);
    if (on + off > most) continue;
    // Without a branch on the polarity, which is as good as random.
    const up = (<i32>(address >>> 30)) & 1;
    store<u16>(pixel, <u16>(on + up));
    store<u16>(pixel, <u16>(off + 1 - up), 2);
    const now = on - off + 2 * up - 1;
    const least = <i32>load<i16>(pixel, 4);
    store<i16>(pixel, <i16>(now < least ? now : least), 4);
  }
}

/**
 * Sums pixels that lie in one cell each, or in none.
 *
 * @returns the number of events in cells
 */
export function poolEvents(width: i32, height: i32, columns: i32, cells: i32, most: i32): i32 {
  const plane = <usize>cells * CELL;
  memory.fill(eventSums, 0, 3 * plane);
  let counted = 0;
  for (let y = 0; y < height; y++) {
    const row = load<i32>(eventRows + ((<usize>y) << 2));
    if (row < 0) continue;
    let pixel = eventPixels + <usize>(y * width) * PIXEL;
    let x = 0;
    while (x < width) {
      const column = load<i32>(eventColumns + ((<usize>x) << 2));
      let on = 0;
      let off = 0;
      let least = 0;
      // The pixels of a cell in a row are summed first.
      do {
        const brighter = <i32>load<u16>(pixel);
        const darker = <i32>load<u16>(pixel, 2);
        if (brighter + darker <= most) {
          on += brighter;
          off += darker;
          least += <i32>load<i16>(pixel, 4);
        }
        pixel += PIXEL;
        x++;
      } while (x < width && load<i32>(eventColumns + ((<usize>x) << 2)) === column);
      if (column < 0) continue;
      counted += on + off;
      const cell = eventSums + <usize>(row * columns + column) * CELL;
      store<f64>(cell, load<f64>(cell) + <f64>on);
      store<f64>(cell + plane, load<f64>(cell + plane) + <f64>off);
      store<f64>(cell + 2 * plane, load<f64>(cell + 2 * plane) + <f64>(on - off - least));
    }
  }
  return counted;
}
