import { expect, it } from 'vitest';
import { deterministicCosine } from '../../src/base/deterministic-functions.js';

it('deterministic cosine equals Math.cos to 12 digits', () => {
  for (let x = -2 * Math.PI; x <= 2 * Math.PI; x += 0.001) {
    expect(Math.abs(deterministicCosine(x) - Math.cos(x))).toBeLessThan(1e-12);
  }
});
