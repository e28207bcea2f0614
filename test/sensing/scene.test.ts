import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flatGradient } from '../../src/sensing/image/edges.js';
import { SceneEncoder } from '../../src/sensing/image/scene-encoder.js';
import { plainScene } from '../reference/plain-scene.js';
import type { PlainEdges } from '../reference/plain-edges.js';
import { fnv, noise } from './noise.js';

type Planes = readonly [Uint8Array] | readonly [Uint8Array, Uint8Array, Uint8Array];

function encoded(planes: Planes, width: number, height: number, encoder = new SceneEncoder(width, height)): PlainEdges {
  const intensities = new Uint8Array(encoder.inputs).fill(99);
  for (const [k, plane] of planes.entries()) encoder.planes[k].set(plane);
  const steepest = encoder.encode(planes.length, intensities);
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

describe('SceneEncoder', () => {
  // Three noise pictures each, equal to the plain reference and to lab/bench/native/scene.cpp.
  it.each([
    [28, 28, 1, 'b33c24e3', 36_889.7, 196],
    [28, 28, 3, 'cf0fd5d4', 52_729.7, 196],
    [27, 31, 1, 'bb428aec', 41_405.3, 224],
    [30, 25, 3, '76854759', 58_705.3, 224],
    [1, 5, 1, '995c7a40', 954, 4],
    [4, 4, 3, 'f910df90', 1077, 4],
    [128, 128, 3, 'c8d6e493', 1_102_024.7, 4096.3],
  ])(
    'gives the check value for noise of %i × %i (rows × columns) in %i planes',
    (height, width, count, check, additions, divisions) => {
      const encoder = new SceneEncoder(width, height);
      const pictures = noise();
      let hash = 2_166_136_261;
      const sum = { additions: 0, divisions: 0 };
      for (let k = 0; k < 3; k++) {
        const plane = (): Uint8Array => pictures(width * height);
        const planes: Planes = count === 1 ? [plane()] : [plane(), plane(), plane()];
        const found = encoded(planes, width, height, encoder);
        expectSame(found, plainScene(planes, width, height));
        hash = fnv(hash, found.intensities);
        sum.additions += found.additions;
        sum.divisions += found.divisions;
      }
      expect(hash.toString(16).padStart(8, '0')).toBe(check);
      expect(sum.additions / 3).toBeCloseTo(additions, 1);
      expect(sum.divisions / 3).toBeCloseTo(divisions, 1);
    },
  );

  const pictures = fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 20 }), fc.constantFrom(1, 3, 8, 60), fc.boolean())
    .chain(([width, height, coarse, inColour]) => {
      // Coarse levels make equal directions and planes, flat regions and steps of full height.
      const plane = fc
        .uint8Array({ minLength: width * height, maxLength: width * height })
        .map((bytes) => bytes.map((byte) => byte - (byte % coarse)));
      return fc.record({
        width: fc.constant(width),
        height: fc.constant(height),
        planes: inColour ? fc.tuple(plane, plane, plane) : fc.tuple(plane),
      });
    });

  it('equals the plain reference bit for bit, also in its counts, for pictures of any size, grey and in colour', () => {
    fc.assert(
      fc.property(pictures, ({ planes, width, height }) => {
        expectSame(encoded(planes, width, height), plainScene(planes, width, height));
      }),
    );
  });

  it('keeps nothing of the previous picture, nor of its colours', () => {
    const encoder = new SceneEncoder(13, 9);
    const made = noise();
    for (const [scale, count] of [
      [1, 3],
      [1, 1],
      [0, 3],
      [20, 1],
      [1, 3],
    ]) {
      const plane = (): Uint8Array => made(13 * 9).map((byte) => (scale === 0 ? 7 : byte / scale));
      const planes: Planes = count === 1 ? [plane()] : [plane(), plane(), plane()];
      expect(encoded(planes, 13, 9, encoder)).toEqual(plainScene(planes, 13, 9));
    }
  });

  it('reads three equal planes as the grey picture', () => {
    fc.assert(
      fc.property(pictures, ({ planes: [grey], width, height }) => {
        const { intensities } = encoded([grey], width, height);
        expect(encoded([grey, grey, grey], width, height).intensities).toEqual(intensities);
      }),
    );
  });

  it('turns every direction round for a negative', () => {
    fc.assert(
      fc.property(pictures, ({ planes: [grey], width, height }) => {
        const { intensities } = encoded([grey], width, height);
        const negative = encoded([grey.map((level) => 255 - level)], width, height).intensities;
        const half = intensities.length / 2;
        expect(negative.subarray(half)).toEqual(intensities.subarray(0, half));
        expect(negative.subarray(0, half)).toEqual(intensities.subarray(half));
      }),
    );
  });

  it('sees an edge between colours of the same light', () => {
    const plane = (left: number, right: number): Uint8Array =>
      Uint8Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? left : right));
    // (299 R + 587 G + 114 B) / 1000 is 60 on both sides.
    const found = encoded([plane(200, 4), plane(0, 100), plane(0, 0)], 8, 8);
    expect(found.steepest).toBe(4 * 196);
    expect(found.intensities.some((level) => level > 0)).toBe(true);
  });

  it('calls a step of four levels flat, and one of five not', () => {
    const step = (high: number): PlainEdges =>
      encoded([Uint8Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? 100 : 100 + high))], 8, 8);
    expect(step(4).steepest).toBeLessThan(flatGradient);
    expect(step(4).intensities.every((level) => level === 0)).toBe(true);
    expect(step(5).steepest).toBe(flatGradient);
    expect(step(5).intensities.some((level) => level > 0)).toBe(true);
  });

  it('separates sixteen directions into planes', () => {
    for (let k = 0; k < 16; k++) {
      // A slope that rises in the direction of plane k.
      const [x, y] = [
        [1, 0],
        [2, 1],
        [1, 1],
        [1, 2],
      ][k % 4];
      const [dx, dy] = [
        [x, y],
        [-y, x],
        [-x, -y],
        [y, -x],
      ][Math.floor(k / 4)];
      const slope = Uint8Array.from({ length: 256 }, (_, i) => 128 + 3 * (dx * ((i % 16) - 8) + dy * ((i >> 4) - 8)));
      const { intensities } = encoded([slope], 16, 16);
      const sums = Array.from({ length: 16 }, (_, plane) =>
        intensities.subarray(16 * plane, 16 * (plane + 1)).reduce((a, b) => a + b, 0),
      );
      expect(sums.indexOf(Math.max(...sums))).toBe(k);
    }
  });
});
