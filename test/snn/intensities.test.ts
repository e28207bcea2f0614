import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantise } from '../../src/snn/intensities.js';

describe('quantise', () => {
  it('rounds to the nearest byte', () => {
    const bytes = new Uint8Array(6);
    quantise(Float32Array.of(0, 1, 0.5, 0.4 / 255, 0.6 / 255, -0), bytes);
    expect([...bytes]).toEqual([0, 255, 128, 0, 1, 0]);
  });

  it('returns every byte unchanged', () => {
    const all = Uint8Array.from({ length: 256 }, (_, x) => x);
    const back = new Uint8Array(256);
    quantise(
      Float32Array.from(all, (x) => x / 255),
      back,
    );
    expect(back).toEqual(all);
  });

  it.each([
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [-Infinity, '-Infinity'],
    [-1.1e-6, '-0.0000011'],
    [1.0000011, '1.0000011'],
    [-0.01, '-0.01'],
    [1.001, '1.001'],
    [255, '255'],
  ])('refuses %d anywhere, and writes nothing', (bad, shown) => {
    const property = fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), fc.nat(), (good, place) => {
      const at = place % (good.length + 1);
      const into = new Uint8Array(good.length + 1).fill(7);
      expect(() => {
        quantise([...good.slice(0, at), bad, ...good.slice(at)], into);
      }).toThrow(
        expect.objectContaining({
          code: 'intensity_out_of_range',
          message: `intensity ${at} is ${shown}, expected a number in 0..1`,
        }) as Error,
      );
      expect(into.every((byte) => byte === 7)).toBe(true);
    });
    fc.assert(property, { numRuns: 30 });
  });

  it('clamps values that are off by float rounding, without a warning', () => {
    const bytes = new Uint8Array(8).fill(7);
    quantise([1.0000001, 1 + 1e-6, -1e-9, -1e-30, -1e-6, Math.fround(1.0000001), 0.3 * 3 + 0.1 + 2e-16, 0.5], bytes);
    expect([...bytes]).toEqual([255, 255, 0, 0, 0, 255, 255, 128]);
  });

  it.each([2, 4])('refuses %d values for three inputs', (length) => {
    expect(() => {
      quantise(new Float32Array(length), new Uint8Array(3));
    }).toThrow(
      expect.objectContaining({
        code: 'wrong_length',
        message: `the sample has ${length} intensities, expected 3`,
      }) as Error,
    );
  });
});
