import { describe, expect, it } from 'vitest';
import { worldChange } from '../../src/training/world-change.js';

const size = { rows: 5, columns: 4 };
const image = Uint8Array.from({ length: 20 }, (_, at) => at + 1);

describe('worldChange', () => {
  it('shifts the image three pixels right and down, and fills the rest with black', () => {
    const seen = worldChange('shift', size, 1)(image);
    // Row 3, column 3 shows row 0, column 0; row 4, column 3 shows row 1, column 0. The rest is fill.
    expect([...seen]).toEqual([...Array<number>(15).fill(0), 1, 0, 0, 0, 5]);
  });

  it('inverts the greys of the image', () => {
    expect([...worldChange('invert', size, 1)(image)]).toEqual([...image].map((grey) => 255 - grey));
  });

  it('permutes the pixels of every image in the same way', () => {
    const change = worldChange('permute', size, 1);
    const seen = [...change(image)];
    expect(seen).not.toEqual([...image]);
    expect(seen.toSorted((a, b) => a - b)).toEqual([...image]);
    expect([...change(image)]).toEqual(seen);
    expect([...worldChange('permute', size, 2)(image)]).not.toEqual(seen);
  });

  it('does not change the original image', () => {
    worldChange('invert', size, 1)(image);
    expect(image[0]).toBe(1);
  });
});
