import { describe, expect, it } from 'vitest';
import { ImageEncoder } from '../../src/encoding/image-encoder.js';
import { TemporalContrast } from '../../src/encoding/temporal-contrast.js';
import { grey } from './frames.js';

const change = (encoder: TemporalContrast, ...picture: number[]): { contrast: number; planes: number[] } => {
  const into = new Uint8Array(8).fill(9);
  return { contrast: encoder.encode(Uint8Array.from(picture), into), planes: [...into] };
};

describe('change in time', () => {
  it('goes into the on plane where it is brighter than before, into the off plane where darker', () => {
    const encoder = new TemporalContrast(4);
    change(encoder, 10, 20, 30, 40);
    expect(change(encoder, 110, 20, 5, 41).planes).toEqual([255, 0, 0, 0, 0, 0, 64, 0]);
    expect(change(encoder, 110, 70, 5, 41).planes).toEqual([0, 255, 0, 0, 0, 0, 0, 0]);
  });

  it('is none in the first picture, and in one that stays', () => {
    const encoder = new TemporalContrast(4);
    expect(change(encoder, 10, 20, 30, 40)).toEqual({ contrast: 0, planes: Array(8).fill(0) });
    expect(change(encoder, 10, 20, 30, 44)).toEqual({ contrast: 4 / 255, planes: Array(8).fill(0) });
  });

  it('begins anew after a reset', () => {
    const encoder = new TemporalContrast(4);
    change(encoder, 10, 20, 30, 40);
    encoder.reset();
    expect(change(encoder, 200, 20, 30, 40).contrast).toBe(0);
  });
});

describe('an image encoder of changes', () => {
  it('has two planes, and says that nothing moved', () => {
    const encoder = new ImageEncoder({ width: 8, height: 8, encoding: 'change', maxPixels: 100 });
    expect(encoder).toMatchObject({ rows: 16, columns: 8, polarity: false });
    const into = new Uint8Array(128);
    const see = (place: number): void => {
      encoder.encode(
        grey(8, 8, (x) => (x === place ? 255 : 0)),
        into,
      );
    };
    const still = 'largest change is 0.00 %, expected at least 2 %: nothing to see';
    expect(() => {
      see(2);
    }).toThrow(still);
    see(3);
    expect([into.indexOf(255), into.indexOf(255, 64)]).toEqual([3, 64 + 2]);
    expect(() => {
      see(3);
    }).toThrow(still);
    encoder.reset();
    expect(() => {
      see(5);
    }).toThrow(still);
  });
});
