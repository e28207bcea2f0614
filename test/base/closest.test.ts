import { describe, expect, it } from 'vitest';
import { closest, didYouMean } from '../../src/base/quoted.js';

const names = ['mnist', 'fashion-mnist', 'smartwatch'];

describe('closest', () => {
  it.each([
    ['mnsit', 'mnist'],
    ['MNIST', 'mnist'],
    ['minst', 'mnist'],
    ['fashon-mnist', 'fashion-mnist'],
    ['smart-watch', 'smartwatch'],
    ['smartwatsch', 'smartwatch'],
  ])('finds the intended name of %s', (text, name) => {
    expect(closest(text, names)).toBe(name);
  });

  it.each(['', 'x', 'cifar', '/data/mnist', 'm'.repeat(1_000_000)])('finds nothing like %.20s', (text) => {
    expect(closest(text, names)).toBeUndefined();
  });

  it('returns the nearest of several, and the first of equally near ones', () => {
    expect(closest('scan', ['scam', 'scan.near', 'scan'])).toBe('scan');
    expect(closest('scon', ['scan', 'scen'])).toBe('scan');
  });
});

describe('didYouMean', () => {
  it('ends a sentence with the intended name', () => {
    expect(didYouMean('mnsit', names)).toBe('; did you mean mnist?');
    expect(didYouMean('cifar', names)).toBe('');
  });
});
