import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.js';
import { givenLabels } from '../../src/training/given-labels.js';

const truths = [0, 1, 0, 0, 2, 1, 1, 0];

describe('givenLabels', () => {
  it('gives the first labels of each class', () => {
    const given = givenLabels({ labels: 1, labelsFirst: 2 }, new Random(1));
    expect(truths.map(given)).toEqual([true, true, true, false, true, true, false, false]);
  });

  it('draws the same random numbers whichever labels are given', () => {
    const [some, none] = [new Random(3), new Random(3)];
    truths.forEach(givenLabels({ labels: 0.5, labelsFirst: 1 }, some));
    truths.forEach(givenLabels({ labels: 0.5 }, none));
    expect(some.uniform()).toBe(none.uniform());
  });
});
