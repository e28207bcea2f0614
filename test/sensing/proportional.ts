import { expect } from 'vitest';

const sum = (values: Uint8Array): number => values.reduce((a, b) => a + b, 0);

/** Expects intensities to be others times a factor, each within the rounding of both. */
export function expectProportional(found: Uint8Array, to: Uint8Array): void {
  expect(found).toHaveLength(to.length);
  expect(sum(found) > 0).toBe(sum(to) > 0);
  const factor = sum(to) === 0 ? 0 : sum(found) / sum(to);
  for (const [i, value] of found.entries()) expect(Math.abs(value - factor * to[i])).toBeLessThanOrEqual(1.5);
}
