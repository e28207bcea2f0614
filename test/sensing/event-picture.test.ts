import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import { addressOf } from '../../src/sensing/events/event-batch.js';
import { EventPicture } from '../../src/sensing/events/event-picture.js';

interface Event {
  readonly x: number;
  readonly y: number;
  readonly up: number;
}

/** Sums of on events, off events and r of each cell, event by event and pixel by pixel. */
function plain(events: readonly Event[], width: number, height: number, columns: number, rows: number, most: number) {
  const pixels = Array.from({ length: width * height }, () => ({ on: 0, off: 0, least: 0 }));
  for (const { x, y, up } of events) {
    if (x >= width || y >= height) continue;
    const pixel = pixels[y * width + x];
    if (pixel.on + pixel.off > most) continue;
    if (up === 1) pixel.on++;
    else pixel.off++;
    pixel.least = Math.min(pixel.least, pixel.on - pixel.off);
  }
  const [wide, high] = [Math.min(width, (height * columns) / rows), Math.min(height, (width * rows) / columns)];
  const [used, tall] = [Math.floor(wide), Math.floor(high)];
  const [left, top] = [(width - used) >> 1, (height - tall) >> 1];
  const cells = columns * rows;
  const sums = new Float64Array(3 * cells);
  let counted = 0;
  pixels.forEach(({ on, off, least }, k) => {
    const [x, y] = [(k % width) - left, Math.floor(k / width) - top];
    if (on + off > most || x < 0 || y < 0 || x >= used || y >= tall) return;
    const cell = Math.floor((y * rows) / tall) * columns + Math.floor((x * columns) / used);
    sums[cell] += on;
    sums[cells + cell] += off;
    sums[2 * cells + cell] += on - off - least;
    counted += on + off;
  });
  return { counted, sums };
}

describe('EventPicture', () => {
  it.each([
    [40, 30, 7, 5, 12],
    [37, 64, 8, 8, 3],
    [128, 128, 28, 28, 32_767],
  ])('sums the events of %s × %s pixels as one by one', (width, height, columns, rows, most) => {
    const random = new Random(width);
    // More than the kernel takes at once, in a ring that they wrap around; some lie outside of the picture.
    const events = Array.from({ length: 40_000 }, (): Event => {
      const busy = random.below(8) === 0;
      return { x: busy ? 3 : random.below(width + 2), y: busy ? 4 : random.below(height + 2), up: random.below(2) };
    });
    const capacity = 2 ** 16;
    const from = 2 ** 32 + capacity - 1000;
    const address = new Uint32Array(capacity);
    events.forEach(({ x, y, up }, k) => (address[(from + k) % capacity] = addressOf(x, y, up)));
    const picture = new EventPicture(columns, rows, most);
    picture.resize(width, height);
    const history = { address, mask: capacity - 1 };
    const range = { from, end: from + events.length };
    for (let again = 0; again < 2; again++) {
      const expected = plain(events, width, height, columns, rows, most);
      expect(picture.take(history, range)).toBe(expected.counted);
      expect([...picture.counts, ...picture.rises]).toEqual([...expected.sums]);
    }
  });

  it('counts a pixel up to its limit, and not beyond', () => {
    const picture = new EventPicture(4, 4, 32_767);
    picture.resize(4, 4);
    const address = new Uint32Array(65_536).fill(addressOf(1, 1, 1));
    const history = { address, mask: 65_535 };
    const taken = (end: number): number => picture.take(history, { from: 0, end });
    expect(taken(32_767)).toBe(32_767);
    expect(picture.counts[5]).toBe(32_767);
    expect(taken(40_000)).toBe(0);
  });
});
