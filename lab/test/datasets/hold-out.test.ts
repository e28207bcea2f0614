import { expect, it } from 'vitest';
import { holdOut } from '../../src/datasets/hold-out.js';
import { bars } from '../training/bars.js';

it('holds out the last sixth of the training images', () => {
  const dataset = bars(62, 10);
  const { train, test, rows, columns, classNames } = holdOut(dataset);
  expect([train.count, test.count, rows, columns]).toEqual([52, 10, 8, 8]);
  expect(classNames).toBe(dataset.classNames);
  expect([...train.images, ...test.images]).toEqual([...dataset.train.images]);
  expect([...train.labels, ...test.labels]).toEqual([...dataset.train.labels]);
});

it('refuses a set with fewer than six training images', () => {
  expect(() => holdOut(bars(5, 10)).test).toThrow('has 5 training samples, expected at least 6');
});
