import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';

describe('Random', () => {
  it('gives the published splitmix64 sequence', () => {
    // First outputs for the seed 1234567 of the reference implementation in C.
    const random = new Random(1234567);
    const expected = [6457827717110365317n, 3203168211198807973n, 9817491932198370423n, 4593380528125082431n];
    expect(expected.map(() => random.next())).toEqual(expected);
  });

  it('distributes uniform numbers evenly over 0..1', () => {
    const random = new Random(1);
    const bins = new Uint32Array(10);
    for (let draw = 0; draw < 10_000; draw++) {
      const value = random.uniform();
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(1);
      bins[Math.floor(value * 10)]++;
    }
    for (const count of bins) expect(Math.abs(count - 1000)).toBeLessThan(120); // four standard deviations
  });

  it('permutes without losing or repeating an index, and alike for the same seed', () => {
    const order = new Random(7).permutation(1000);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, index) => index));
    expect(new Random(7).permutation(1000)).toEqual(order);
    expect(new Random(8).permutation(1000)).not.toEqual(order);
    expect([...order].filter((value, index) => value === index).length).toBeLessThan(10);
  });
});
