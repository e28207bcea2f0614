import { describe, expect, it } from 'vitest';
import { checkInteger, checkNumber, TopsparkError } from '../../src/base/errors.js';

describe('checks of numbers', () => {
  it.each([1, 5, 10])('accepts the integer %d in 1..10', (value) => {
    expect(() => {
      checkInteger('neurons', value, 1, 10);
    }).not.toThrow();
  });

  it.each([0, 11, 1.5, NaN, Infinity, -1])('refuses %d and names value, bounds and place', (value) => {
    expect(() => {
      checkInteger('neurons', value, 1, 10);
    }).toThrow(new TopsparkError('out_of_range', 'usage', `neurons is ${value}, expected an integer in 1..10`));
  });

  it.each([NaN, Infinity, -Infinity, -0.001, 1.001])('refuses the number %d', (value) => {
    expect(() => {
      checkNumber('accuracy.target', value, 0, 1);
    }).toThrow(`accuracy.target is ${value}, expected a number in 0..1`);
  });

  it('keeps code and kind beside the sentence', () => {
    const error = new TopsparkError('image_empty', 'data', 'image is 0×0 pixels');
    expect(error).toMatchObject({ name: 'TopsparkError', code: 'image_empty', kind: 'data' });
  });
});
