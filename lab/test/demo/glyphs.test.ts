import { describe, expect, it } from 'vitest';
import { bar, halfBlocks, sparkline } from '../../src/demo/glyphs.js';

describe('bar', () => {
  it('draws to an eighth of a character', () => {
    expect(bar(0, 4)).toBe('····');
    expect(bar(0.5, 4)).toBe('██··');
    expect(bar(0.53125, 4)).toBe('██▏·');
    expect(bar(1, 4)).toBe('████');
  });

  it('keeps its width for values outside 0..1 and for NaN', () => {
    expect([bar(1.7, 4), bar(-3, 4), bar(NaN, 4)]).toEqual(['████', '····', '····']);
  });
});

describe('sparkline', () => {
  it('draws a character for each value, and a blank for none', () => {
    expect(sparkline([0, 0.5, NaN, 0.99, 1], 0, 1)).toBe('▁▅ ██');
  });

  it('clamps values outside its range', () => {
    expect(sparkline([-1, 40], 5, 35)).toBe('▁█');
  });
});

describe('halfBlocks', () => {
  it('puts two rows of pixels into a line', () => {
    const data = Uint8Array.of(255, 0, 255, 0, 0, 0, 255, 255, 0);
    expect(halfBlocks({ width: 3, height: 3, data })).toEqual(['▀ ▀', '▀▀ ']);
    expect(halfBlocks({ width: 2, height: 2, data: Uint8Array.of(200, 0, 200, 200) })).toEqual(['█▄']);
  });

  it('leaves missing data dark', () => {
    expect(halfBlocks({ width: 2, height: 4, data: Uint8Array.of(255) })).toEqual(['▀ ', '  ']);
  });
});
