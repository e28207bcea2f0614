import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ImageFrame, imageFormats, pixelFormat } from '../../src/sensing/image/image-frame.js';
import { LuminanceScaler } from '../../src/sensing/image/luminance.js';
import { grey } from './frames.js';

function scaled(frame: ImageFrame, width: number, height: number): number[] {
  const into = new Uint8Array(width * height);
  new LuminanceScaler(width, height).scale(frame, pixelFormat(frame.encoding), into);
  return [...into];
}

describe('scaling an image', () => {
  it('copies an image of the target size', () => {
    const frame = grey(5, 4, (x, y) => 10 * y + x);
    expect(scaled(frame, 5, 4)).toEqual([...frame.data]);
  });

  it('averages each cell', () => {
    expect(
      scaled(
        grey(4, 4, (x, y) => (y < 2 ? 0 : 100) + (x < 2 ? 0 : 20) + (x % 2)),
        2,
        2,
      ),
    ).toEqual([1, 21, 101, 121]);
  });

  it('takes whole pixels when the size does not divide', () => {
    expect(
      scaled(
        grey(5, 5, (x) => 10 * x),
        2,
        2,
      ),
    ).toEqual([5, 30, 5, 30]);
  });

  it('repeats the pixels of a smaller image', () => {
    expect(
      scaled(
        grey(2, 2, (x, y) => 2 * y + x),
        4,
        4,
      ),
    ).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3]);
  });

  it("crops about the centre to the target's aspect ratio", () => {
    expect(
      scaled(
        grey(8, 4, (x) => x),
        4,
        4,
      ).slice(0, 4),
    ).toEqual([2, 3, 4, 5]);
    expect(
      scaled(
        grey(4, 8, (_, y) => y),
        4,
        4,
      ).filter((_, i) => i % 4 === 0),
    ).toEqual([2, 3, 4, 5]);
  });

  it('skips the padding of a row', () => {
    const data = Uint8Array.from([1, 2, 99, 3, 4, 99]);
    expect(scaled({ width: 2, height: 2, encoding: '8UC1', bigEndian: false, step: 3, data }, 2, 2)).toEqual([
      1, 2, 3, 4,
    ]);
  });

  it.each([
    ['rgb8', [200, 100, 50]],
    ['bgr8', [50, 100, 200]],
    ['rgba8', [200, 100, 50, 0]],
    ['bgra8', [50, 100, 200, 255]],
  ])('weights the colours of %s', (encoding, pixel) => {
    const frame = { width: 1, height: 1, encoding, bigEndian: false, step: pixel.length, data: Uint8Array.from(pixel) };
    expect(scaled(frame, 1, 1)).toEqual([Math.round(0.299 * 200 + 0.587 * 100 + 0.114 * 50)]);
  });

  const depths = (encoding: '16UC1' | '32FC1', bigEndian: boolean, metres: number[]): ImageFrame => {
    const bytes = encoding === '16UC1' ? 2 : 4;
    const view = new DataView(new ArrayBuffer(bytes * metres.length + 4), 4);
    metres.forEach((depth, k) => {
      if (bytes === 2) view.setUint16(2 * k, 1000 * depth, !bigEndian);
      else view.setFloat32(4 * k, depth, !bigEndian);
    });
    const data = new Uint8Array(view.buffer, 4);
    return { width: metres.length, height: 1, encoding, bigEndian, step: bytes * metres.length, data };
  };

  it.each([true, false])('reads a depth image as nearness, big endian %s', (bigEndian) => {
    for (const encoding of ['16UC1', '32FC1'] as const) {
      const into = new Uint8Array(4);
      const frame = depths(encoding, bigEndian, [2, 6, 10, 20]);
      new LuminanceScaler(4, 1, { maxDepth: 10 }).scale(frame, pixelFormat(encoding), into);
      expect([...into]).toEqual([204, 102, 0, 0]);
    }
  });

  it.each([
    ['16UC1', true],
    ['16UC1', false],
    ['32FC1', true],
    ['32FC1', false],
  ] as const)('reads the rows of a depth image %s at any offset, big endian %s', (encoding, bigEndian) => {
    const rows = [
      [2, 6],
      [10, 4],
    ].map((row) => depths(encoding, bigEndian, row));
    for (const padding of [1, 2, 3, 7]) {
      const step = rows[0].step + padding;
      const data = new Uint8Array(2 * step).fill(255);
      for (const [y, row] of rows.entries()) data.set(row.data, y * step);
      const into = new Uint8Array(4);
      const frame = { width: 2, height: 2, encoding, bigEndian, step, data };
      new LuminanceScaler(2, 2, { maxDepth: 10 }).scale(frame, pixelFormat(encoding), into);
      expect([...into]).toEqual([204, 102, 0, 153]);
    }
  });

  it('treats unmeasured depth as far', () => {
    const into = new Uint8Array(4);
    new LuminanceScaler(4, 1, { maxDepth: 10 }).scale(
      depths('32FC1', false, [NaN, Infinity, -1, 0]),
      pixelFormat('32FC1'),
      into,
    );
    expect([...into]).toEqual([0, 0, 0, 0]);
    new LuminanceScaler(4, 1, { maxDepth: 10 }).scale(
      depths('16UC1', false, [0, 0, 65, 6]),
      pixelFormat('16UC1'),
      into,
    );
    expect([...into]).toEqual([0, 0, 0, 102]);
  });

  it('handles images of changing size', () => {
    const scaler = new LuminanceScaler(2, 2);
    const into = new Uint8Array(4);
    for (const size of [4, 7, 2, 640]) {
      scaler.scale(
        grey(size, size, () => size % 251),
        pixelFormat('mono8'),
        into,
      );
      expect([...into]).toEqual(Array(4).fill(size % 251));
    }
  });

  const formats = imageFormats.filter((name) => pixelFormat(name).depth === undefined);
  const frames = fc
    .record({
      width: fc.integer({ min: 2, max: 70 }),
      height: fc.integer({ min: 2, max: 70 }),
      encoding: fc.constantFrom(...formats),
      bigEndian: fc.boolean(),
      padding: fc.constantFrom(0, 1, 7, 5000, 70_000),
      seed: fc.nat(),
    })
    .map(({ width, height, encoding, bigEndian, padding, seed }): ImageFrame => {
      const { bytes, side } = pixelFormat(encoding);
      const step = (width * bytes) / side + padding;
      const data = Uint8Array.from({ length: step * height }, (_, k) => (seed ^ (k * 2_654_435_761)) >>> 11);
      return { width, height, encoding, bigEndian, step, data };
    });

  it('equals the definition for any size, colours and padding', () => {
    const side = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(frames, side, side, (frame, width, height) => {
        expect(scaled(frame, width, height)).toEqual(plainly(frame, width, height));
      }),
    );
  });

  it('handles rows longer than one transfer', () => {
    const frame = grey(70_000, 20, (x, y) => (x * y) % 251);
    expect(scaled(frame, 4000, 1)).toEqual(plainly(frame, 4000, 1));
  });
});

/** The definition, pixel by pixel. */
function plainly({ width, height, encoding, bigEndian, step, data }: ImageFrame, W: number, H: number): number[] {
  const { bytes, side, channels, wide } = pixelFormat(encoding);
  const value = (at: number): number => {
    if (!wide) return data[at];
    return bigEndian ? 256 * data[at] + data[at + 1] : 256 * data[at + 1] + data[at];
  };
  const weights = channels.reduce((sum, { weight }) => sum + weight, 0);
  const light = (x: number, y: number): number => {
    const at = side * y * step + x * bytes;
    return channels.reduce((sum, { byte, row, weight }) => sum + weight * value(at + row * step + byte), 0);
  };
  const cropped = (long: number, other: number, a: number, b: number): number =>
    Math.min(long, Math.max(1, Math.round((other * a) / b)));
  const [across, down] = [Math.floor(width / side), Math.floor(height / side)];
  const [w, h] = [cropped(across, down, W, H), cropped(down, across, H, W)];
  const [left, top] = [(across - w) >> 1, (down - h) >> 1];
  const cells = (k: number, size: number, of: number): [number, number] => {
    const first = Math.floor((k * size) / of);
    return [first, Math.max(first + 1, Math.floor(((k + 1) * size) / of))];
  };
  const means = Array.from({ length: W * H }, (_, k) => {
    const [[fromX, toX], [fromY, toY]] = [cells(k % W, w, W), cells(Math.floor(k / W), h, H)];
    let sum = 0;
    for (let y = fromY; y < toY; y++) {
      for (let x = fromX; x < toX; x++) sum += light(left + x, top + y);
    }
    return sum / (weights * (toX - fromX) * (toY - fromY));
  });
  if (!wide) return means.map((mean) => Math.floor(mean + 0.5));
  const black = Math.min(...means);
  const range = Math.max(1024, Math.max(...means) - black);
  return means.map((mean) => Math.floor((255 * (mean - black)) / range + 0.5));
}
