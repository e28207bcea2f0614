import { describe, expect, it } from 'vitest';
import { checkFrame } from '../../src/sensing/image/image-frame.js';
import { grey } from './frames.js';

const image = grey(4, 3, () => 7);
const check = (change: Partial<typeof image>) => () => checkFrame({ ...image, ...change }, 100);

describe('checkFrame', () => {
  it('accepts a message whose header and body agree', () => {
    expect(check({})()).toMatchObject({ bytes: 1, side: 1 });
  });

  it('accepts padded rows', () => {
    expect(check({ step: 8, data: new Uint8Array(24) })).not.toThrow();
  });

  it.each([
    [{ width: 0 }, 'image_empty', 'image is 0×3 pixels, expected at least 1×1'],
    [{ height: 0 }, 'image_empty', 'image is 4×0 pixels, expected at least 1×1'],
    [
      { width: 10_000, height: 10_000 },
      'image_too_large',
      'image is 10000×10000 = 100000000 pixels, expected at most 100',
    ],
    [{ encoding: 'jpeg' }, 'image_encoding', 'encoding is "jpeg", expected one of mono8, 8UC1, mono16'],
    [{ encoding: 'toString' }, 'image_encoding', 'encoding is "toString"'],
    [{ step: 3 }, 'image_step', 'step is 3 bytes, expected at least 4 for 4 mono8'],
    [{ encoding: 'rgb8' }, 'image_step', 'step is 4 bytes, expected at least 12 for 4 rgb8'],
    [{ data: new Uint8Array(11) }, 'image_size_mismatch', 'data holds 11 bytes, expected step 4 × height 3 = 12'],
    [{ data: new Uint8Array(13) }, 'image_size_mismatch', 'data holds 13 bytes, expected step 4 × height 3 = 12'],
  ])('refuses %o as %s', (change, code, sentence) => {
    expect(check(change)).toThrow(expect.objectContaining({ code, kind: 'data' }) as Error);
    expect(check(change)).toThrow(sentence);
  });
});
