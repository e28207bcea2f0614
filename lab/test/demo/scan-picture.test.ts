import { expect, it } from 'vitest';
import { scanPicture } from '../../src/demo/scan-picture.js';

it('draws ahead above the middle and left on the left, and omits missing ranges', () => {
  const { width, height, data } = scanPicture(0, Math.PI / 2, [3, 6, Infinity, NaN]);
  const lit = [...data].flatMap((value, at) => (value > 0 ? [[at % width, Math.floor(at / width)]] : []));
  expect({ width, height, lit }).toEqual({
    ...{ width: 28, height: 28 },
    lit: [
      [14, 9],
      [4, 14],
      [14, 14],
    ],
  });
});
