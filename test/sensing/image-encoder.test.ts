import { describe, expect, it } from 'vitest';
import { ImageEncoder } from '../../src/sensing/image/image-sensor.js';
import { grey } from './frames.js';

const options = { width: 8, height: 8, maxPixels: 1e6 };

describe('ImageEncoder', () => {
  it('returns luminance unchanged when plain', () => {
    const encoder = new ImageEncoder({ ...options, encoding: 'plain' });
    expect(encoder).toMatchObject({ rows: 8, columns: 8, polarity: true });
    const into = new Uint8Array(64);
    encoder.encode(
      grey(16, 16, (x) => x),
      into,
    );
    expect([...into.slice(0, 8)]).toEqual([1, 3, 5, 7, 9, 11, 13, 15]);
  });

  it.each([
    [8, 8, 0],
    [8, 8, 5],
    [11, 8, 2],
    [8, 13, 0],
  ])(
    'returns the pixels of %i × %i, rows padded by %i, unchanged when they have the target size',
    (width, height, pad) => {
      const encoder = new ImageEncoder({ ...options, encoding: 'plain' });
      const level = (x: number, y: number): number => (29 * x + 71 * y) % 256;
      const step = width + pad;
      const data = Uint8Array.from({ length: step * height }, (_, k) => level(k % step, Math.floor(k / step)));
      const [into, colour] = [new Uint8Array(64), new Uint8Array(64)];
      encoder.encode({ width, height, encoding: 'mono8', bigEndian: false, step, data }, into);
      // Grey in three bytes a pixel is summed and divided.
      const triple = Uint8Array.from({ length: 3 * data.length }, (_, k) => data[Math.floor(k / 3)]);
      encoder.encode({ width, height, encoding: 'rgb8', bigEndian: false, step: 3 * step, data: triple }, colour);
      expect(into).toEqual(colour);
      expect(into[9]).toBe(level(1 + ((width - 8) >> 1), 1 + ((height - 8) >> 1)));
    },
  );

  it('puts the off plane below the on plane with contrast', () => {
    const encoder = new ImageEncoder({ ...options, encoding: 'contrast' });
    expect(encoder).toMatchObject({ rows: 16, columns: 8, polarity: false });
    const into = new Uint8Array(128);
    const bright = (x: number, y: number) => (x === 2 && y === 2 ? 255 : 100);
    const dark = (x: number, y: number) => (x === 2 && y === 2 ? 0 : 100);
    encoder.encode(grey(8, 8, bright), into);
    expect(into.indexOf(255)).toBe(2 * 8 + 2);
    encoder.encode(grey(8, 8, dark), into);
    expect(into.indexOf(255)).toBe(64 + 2 * 8 + 2);
  });

  it.each([
    ['contrast', 'largest contrast is 0.47 %, expected at least 2 %: nothing to see'],
    ['edges', 'steepest edge is 3 grey levels from pixel to pixel, expected at least 5 grey levels'],
    ['scene', 'steepest edge is 3 grey levels from pixel to pixel, expected at least 5 grey levels'],
  ] as const)('refuses a flat image with %s', (encoding, sentence) => {
    const encoder = new ImageEncoder({ ...options, encoding });
    const into = new Uint8Array(encoder.rows * encoder.columns).fill(9);
    expect(() => {
      encoder.encode(
        grey(8, 8, (x) => (x < 4 ? 128 : 131)),
        into,
      );
    }).toThrow(sentence);
    expect(into.every((level) => level === 0)).toBe(true);
  });

  it('reads colour as luminance, at any size, with edges', () => {
    const encoder = new ImageEncoder({ ...options, encoding: 'edges' });
    expect(encoder).toMatchObject({ rows: 1, columns: 64, polarity: false });
    const [light, colour] = [new Uint8Array(64), new Uint8Array(64)];
    const picture = grey(31, 27, (x, y) => (7 * x + 3 * y * y) % 256);
    encoder.encode(picture, light);
    const data = Uint8Array.from({ length: 3 * 31 * 27 }, (_, i) => picture.data[Math.floor(i / 3)]);
    encoder.encode({ ...picture, encoding: 'rgb8', step: 3 * 31, data }, colour);
    expect(light.some((level) => level > 0)).toBe(true);
    expect(colour).toEqual(light);
  });

  it.each(['rgb8', 'bgr8', 'rgba8', 'bgra8', '8UC3', 'bayer_rggb8'])('sees colours in %s with scene', (encoding) => {
    const encoder = new ImageEncoder({ ...options, encoding: 'scene' });
    expect(encoder).toMatchObject({ rows: 1, columns: 64, polarity: false });
    // Red on the left and green on the right; both are the light 60.
    const [red, green] = [
      [200, 0, 0],
      [4, 100, 0],
    ];
    const side = encoding.startsWith('bayer') ? 32 : 16;
    const bytes = encoding.includes('a8') && !encoding.startsWith('bayer') ? 4 : side === 32 ? 1 : 3;
    const data = Uint8Array.from({ length: side * side * bytes }, (_, at) => {
      const pixel = Math.floor(at / bytes);
      const colour = pixel % side < side / 2 ? red : green;
      if (bytes === 1) return colour[(pixel % 2) + (Math.floor(pixel / side) % 2)];
      const channel = at % bytes;
      if (channel === 3) return 255;
      return colour[/bgr|8UC3/.test(encoding) ? 2 - channel : channel];
    });
    const picture = { width: side, height: side, encoding, bigEndian: false, step: side * bytes, data };
    const into = new Uint8Array(64);
    encoder.encode(picture, into);
    // Red falls to the right and is the steepest: direction 8, in both of its halves.
    expect([...into.subarray(32, 36)]).toEqual(Array(4).fill(Math.max(...into)));
    expect(into[32]).toBeGreaterThan(0);
    expect(encoder.work.frontEndAdditions).toBeGreaterThan(30 * 64);
    const edges = new ImageEncoder({ ...options, encoding: 'edges' });
    expect(() => {
      edges.encode(picture, new Uint8Array(64));
    }).toThrow('nothing to see');
  });

  it('reads grey in three channels as grey with scene, and light where there is no colour', () => {
    const encoder = new ImageEncoder({ ...options, encoding: 'scene' });
    const [light, colour] = [new Uint8Array(64), new Uint8Array(64)];
    const picture = grey(31, 27, (x, y) => (7 * x + 3 * y * y) % 256);
    encoder.encode(picture, light);
    expect(light.some((level) => level > 0)).toBe(true);
    const single = encoder.work.frontEndAdditions;
    const data = Uint8Array.from({ length: 3 * 31 * 27 }, (_, i) => picture.data[Math.floor(i / 3)]);
    encoder.encode({ ...picture, encoding: 'rgb8', step: 3 * 31, data }, colour);
    expect(colour).toEqual(light);
    expect(encoder.work.frontEndAdditions).toBe(single + 20 * 64);
    encoder.encode({ ...picture, encoding: '8UC1' }, colour);
    expect(colour).toEqual(light);
    expect(encoder.work.frontEndAdditions).toBe(single);
  });

  it('checks an image before it reads it', () => {
    const encoder = new ImageEncoder({ ...options, encoding: 'plain' });
    const into = new Uint8Array(64).fill(9);
    expect(() => {
      encoder.encode({ ...grey(8, 8, () => 1), data: new Uint8Array(3) }, into);
    }).toThrow('data holds 3 bytes');
    expect([...into]).toEqual(Array(64).fill(9));
  });

  it.each([
    [{ width: 3 }, 'image.width is 3, expected an integer in 4..128'],
    [{ height: 1000 }, 'image.height is 1000, expected an integer in 4..128'],
    [{ maxPixels: 0 }, 'image.max_pixels is 0'],
  ])('refuses the options %o', (change, sentence) => {
    expect(() => new ImageEncoder({ ...options, encoding: 'plain', ...change })).toThrow(sentence);
  });
});
