import { expect, it } from 'vitest';
import { Curve } from '../../src/demo/curve.js';

it('keeps the mean of each stretch', () => {
  const curve = new Curve(10, 3);
  [1, 1, 1, 0, 5].forEach((value) => {
    curve.add(value);
  });
  // The stretches are samples 0–3, 4–6 and 7–9.
  expect(curve.means()).toEqual([0.75, 5, NaN]);
});

it('counts values after the last expected one in the last stretch', () => {
  const curve = new Curve(2, 2);
  [1, 2, 4].forEach((value) => {
    curve.add(value);
  });
  expect(curve.means()).toEqual([1, 3]);
});
