import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Silence } from '../../src/sensing/refuse.js';
import { TemporalContrast } from '../../src/sensing/temporal-contrast.js';

/** What is written for a sample that counts; `still`: no change. */
const see = (encoder: TemporalContrast, sample: readonly number[]): number[] | 'still' => {
  const into = new Uint8Array(2 * sample.length).fill(9);
  encoder.now.set(sample);
  try {
    encoder.encode(into);
    return [...into];
  } catch (error) {
    expect(error).toBeInstanceOf(Silence);
    expect([...into]).toEqual(Array(2 * sample.length).fill(0));
    return 'still';
  } finally {
    encoder.keep();
  }
};

describe('change in time', () => {
  it('goes to the on plane for an increase and to the off plane for a decrease', () => {
    const encoder = new TemporalContrast('scan', 4);
    see(encoder, [10, 20, 30, 40]);
    expect(see(encoder, [110, 20, 5, 41])).toEqual([255, 0, 0, 0, 0, 0, 64, 0]);
    expect(see(encoder, [110, 70, 5, 41])).toEqual([0, 255, 0, 0, 0, 0, 0, 0]);
  });

  it("is zero in the first sample and in a repeated one: silence under the sensor's name", () => {
    const encoder = new TemporalContrast('scan', 4);
    expect(see(encoder, [10, 20, 30, 40])).toBe('still');
    expect(see(encoder, [10, 20, 30, 44])).toBe('still');
    encoder.now.set([10, 20, 30, 45]);
    const wanted = {
      code: 'scan_still',
      message: expect.stringContaining('is 0.39 %, expected at least 2 %') as string,
    };
    expect(() => {
      encoder.encode(new Uint8Array(8));
    }).toThrow(expect.objectContaining(wanted) as Error);
  });

  it('is relative to the last sample that counts', () => {
    const encoder = new TemporalContrast('scan', 2);
    see(encoder, [10, 200]);
    encoder.now.set([90, 90]);
    encoder.encode(new Uint8Array(4));
    expect(see(encoder, [10, 250])).toEqual([0, 255, 0, 0]);
  });

  it('continues from the previous sample, and starts over without it', () => {
    const encoder = new TemporalContrast('scan', 2);
    encoder.before = Uint8Array.of(10, 200);
    expect(see(encoder, [10, 250])).toEqual([0, 255, 0, 0]);
    encoder.before = undefined;
    expect(see(encoder, [200, 0])).toBe('still');
  });
});

const size = 6;
const sample = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: size, maxLength: size });

describe('change in time between any two samples', () => {
  it('is the difference relative to the largest, and the reverse swaps the planes', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const encoder = new TemporalContrast('any', size);
        see(encoder, a);
        const [there, back] = [see(encoder, b), see(encoder, a)];
        const changes = b.map((value, i) => value - a[i]);
        const largest = Math.max(...changes.map(Math.abs));
        if (there === 'still') expect(largest).toBeLessThan(0.02 * 255);
        else {
          const level = (change: number): number =>
            change < 0.03 * largest ? 0 : Math.floor((255 * change) / largest + 0.5);
          expect(there).toEqual([...changes.map(level), ...changes.map((change) => level(-change))]);
        }
        expect(back).toEqual(there === 'still' ? 'still' : [...there.slice(size), ...there.slice(0, size)]);
      }),
    );
  });

  it('ignores what is added to both alike', () => {
    fc.assert(
      fc.property(sample, sample, fc.integer({ min: 0, max: 100 }), (a, b, veil) => {
        const dim = (x: number[], more: number): number[] => x.map((value) => Math.floor(value / 2) + more);
        const [clean, veiled] = [new TemporalContrast('any', size), new TemporalContrast('any', size)];
        see(clean, dim(a, 0));
        see(veiled, dim(a, veil));
        expect(see(veiled, dim(b, veil))).toEqual(see(clean, dim(b, 0)));
      }),
    );
  });
});
