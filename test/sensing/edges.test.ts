import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EdgeEncoder, flatGradient } from '../../src/sensing/image/edges.js';
import { plainEdges, type PlainEdges } from '../reference/plain-edges.js';
import { fnv, noise } from './noise.js';

function encoded(
  picture: Uint8Array,
  width: number,
  height: number,
  encoder = new EdgeEncoder(width, height),
): PlainEdges {
  const intensities = new Uint8Array(encoder.inputs).fill(99);
  encoder.picture.set(picture);
  const steepest = encoder.encode(intensities);
  return {
    intensities,
    steepest,
    additions: encoder.work.frontEndAdditions,
    divisions: encoder.work.frontEndDivisions,
  };
}

// As text: a deep comparison of thousands of bytes takes a second.
function expectSame(found: PlainEdges, expected: PlainEdges): void {
  const readable = (all: PlainEdges): object => ({ ...all, intensities: Buffer.from(all.intensities).toString('hex') });
  expect(readable(found)).toEqual(readable(expected));
}

describe('EdgeEncoder', () => {
  // From the native program that was measured: three noise pictures each; for odd sides the last row or column is
  // repeated.
  it.each([
    [27, 31, '8ba0e3f4', 27_892.7, 448],
    [1, 5, 'ba8fa5d9', 289, 3],
    [5, 1, '07513c59', 289, 3],
    [4, 4, 'faaa5a55', 502.7, 8],
    [28, 28, '2839ae80', 24_784, 392],
    [37, 40, '5253b101', 47_847.3, 760],
    [128, 128, '997879bf', 517_571.3, 8194.7],
  ])('gives the check value for noise of %i × %i (rows × columns)', (height, width, check, additions, divisions) => {
    const encoder = new EdgeEncoder(width, height);
    const pictures = noise();
    let hash = 2_166_136_261;
    const sum = { additions: 0, divisions: 0 };
    for (let k = 0; k < 3; k++) {
      const picture = pictures(width * height);
      const found = encoded(picture, width, height, encoder);
      expectSame(found, plainEdges(picture, width, height));
      hash = fnv(hash, found.intensities);
      sum.additions += found.additions;
      sum.divisions += found.divisions;
    }
    expect(hash.toString(16).padStart(8, '0')).toBe(check);
    expect(sum.additions / 3).toBeCloseTo(additions, 1);
    expect(sum.divisions / 3).toBeCloseTo(divisions, 1);
  });

  const pictures = fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 20 }), fc.constantFrom(1, 3, 8, 60))
    .chain(([width, height, coarse]) =>
      fc.record({
        width: fc.constant(width),
        height: fc.constant(height),
        // Coarse levels make equal orientations, flat regions and steps of full height.
        picture: fc
          .uint8Array({ minLength: width * height, maxLength: width * height })
          .map((bytes) => bytes.map((byte) => byte - (byte % coarse))),
      }),
    );

  it('equals the plain reference bit for bit, also in its counts, for pictures of any size', () => {
    fc.assert(
      fc.property(pictures, ({ picture, width, height }) => {
        expectSame(encoded(picture, width, height), plainEdges(picture, width, height));
      }),
    );
  });

  it('keeps nothing of the previous picture', () => {
    const encoder = new EdgeEncoder(13, 9);
    const made = noise();
    for (const scale of [1, 0, 20, 1]) {
      const picture = made(13 * 9).map((byte) => (scale === 0 ? 7 : byte / scale));
      expect(encoded(picture, 13, 9, encoder)).toEqual(plainEdges(picture, 13, 9));
    }
  });

  it('returns the same for an inverted picture', () => {
    fc.assert(
      fc.property(pictures, ({ picture, width, height }) => {
        const inverted = picture.map((value) => 255 - value);
        expect(encoded(inverted, width, height)).toEqual(encoded(picture, width, height));
      }),
    );
  });

  it('calls a step of four grey levels flat, and one of five not', () => {
    const step = (high: number): PlainEdges =>
      encoded(
        Uint8Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? 100 : 100 + high)),
        8,
        8,
      );
    expect(step(4).steepest).toBeLessThan(flatGradient);
    expect(step(4).intensities.every((level) => level === 0)).toBe(true);
    expect(step(5).steepest).toBe(flatGradient);
    expect(step(5).intensities.some((level) => level > 0)).toBe(true);
  });

  it('separates upright, rising, lying and falling edges into planes', () => {
    const drawn = (light: (x: number, y: number) => boolean): number => {
      const picture = Uint8Array.from({ length: 256 }, (_, i) => (light(i % 16, i >> 4) ? 200 : 20));
      const { intensities } = encoded(picture, 16, 16);
      const sums = [0, 1, 2, 3].map((k) => intensities.subarray(64 * k, 64 * (k + 1)).reduce((a, b) => a + b, 0));
      return sums.indexOf(Math.max(...sums));
    };
    expect(drawn((x) => x > 7)).toBe(0);
    expect(drawn((x, y) => x + y > 15)).toBe(1);
    expect(drawn((_, y) => y > 7)).toBe(2);
    expect(drawn((x, y) => x > y)).toBe(3);
  });
});
