import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContrastEncoder } from '../../src/sensing/image/contrast.js';

/** The equation, pixel by pixel. */
function reference(image: Uint8Array, width: number, height: number): { planes: number[]; contrast: number } {
  const side = Math.min(width, height);
  const reach = Math.max(0, Math.round(((2 / 3) * side - 1) / 2));
  const clamp = (value: number, last: number) => Math.min(last, Math.max(0, value));
  const deviations = [...image].map((value, i) => {
    let sum = 0;
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const y = clamp(Math.floor(i / width) + dy, height - 1);
        sum += image[y * width + clamp((i % width) + dx, width - 1)];
      }
    }
    return value - sum / (2 * reach + 1) ** 2;
  });
  const largest = Math.max(...deviations.map(Math.abs));
  const contrast = largest / 255;
  const level = (value: number) =>
    contrast < 0.02 || value < 0.03 * largest ? 0 : Math.round((255 * value) / largest);
  const on = deviations.map((value) => level(Math.max(0, value)));
  return { planes: [...on, ...deviations.map((value) => level(Math.max(0, -value)))], contrast };
}

function encoded(image: Uint8Array, width: number, height: number): { planes: number[]; contrast: number } {
  const into = new Uint8Array(2 * image.length).fill(99);
  const contrast = new ContrastEncoder(width, height).encode(image, into);
  return { planes: [...into], contrast };
}

const images = fc.tuple(fc.integer({ min: 4, max: 12 }), fc.integer({ min: 4, max: 12 })).chain(([width, height]) =>
  fc.record({
    width: fc.constant(width),
    height: fc.constant(height),
    image: fc.uint8Array({ minLength: width * height, maxLength: width * height }),
  }),
);

describe('on and off contrast', () => {
  it('counts its additions, and a division for each byte that is not 0', () => {
    const image = Uint8Array.from({ length: 12 * 10 }, (_, i) => (i * 37) % 256);
    const encoder = new ContrastEncoder(12, 10);
    const into = new Uint8Array(240);
    encoder.encode(image, into);
    // The box has a side of 7.
    expect(encoder.work.frontEndAdditions).toBe(8 * 120 + 22 * 7);
    expect(encoder.work.frontEndDivisions).toBe(into.filter((byte) => byte > 0).length);
    encoder.encode(new Uint8Array(120), into);
    expect(encoder.work.frontEndDivisions).toBe(0);
  });

  it('equals the equation to a level of rounding', () => {
    fc.assert(
      fc.property(images, ({ image, width, height }) => {
        const found = encoded(image, width, height);
        const wanted = reference(image, width, height);
        expect(found.contrast).toBeCloseTo(wanted.contrast, 10);
        if (Math.abs(found.contrast - 0.02) < 1e-9) return;
        found.planes.forEach((level, i) => {
          // At exactly 3 % and at exact halves the reference's own rounding decides.
          const apart = Math.abs(level - wanted.planes[i]);
          expect(apart <= 1 || level + wanted.planes[i] === 8).toBe(true);
        });
      }),
    );
  });

  it('swaps on and off when the image is inverted', () => {
    fc.assert(
      fc.property(images, ({ image, width, height }) => {
        const { planes } = encoded(image, width, height);
        const inverted = encoded(
          image.map((value) => 255 - value),
          width,
          height,
        ).planes;
        expect([...inverted.slice(image.length), ...inverted.slice(0, image.length)]).toEqual(planes);
      }),
    );
  });

  it('averages over 19 pixels in an image of 28', () => {
    const image = new Uint8Array(28 * 28);
    image[14 * 28 + 14] = 255;
    const { planes } = encoded(image, 28, 28);
    // Within the box the deviation of the others is 255/361 of full scale, under 3 % of the pixel's own.
    expect(planes.filter((level) => level > 0)).toEqual([255]);
    expect(planes[14 * 28 + 14]).toBe(255);
  });

  it('is silent for a flat image', () => {
    const { planes, contrast } = encoded(new Uint8Array(64).fill(200), 8, 8);
    expect(contrast).toBe(0);
    expect(planes).toEqual(Array(128).fill(0));
  });

  it('calls an image flat under 2 % of full scale, not at it', () => {
    const step = (high: number) => Uint8Array.from({ length: 64 }, (_, i) => (i === 27 ? 100 + high : 100));
    expect(encoded(step(5), 8, 8).planes.some((level) => level > 0)).toBe(false);
    expect(encoded(step(6), 8, 8).planes.some((level) => level > 0)).toBe(true);
  });
});
