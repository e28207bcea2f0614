import { expect, it } from 'vitest';
import { Pace } from '../../src/agent/sample-pipeline.js';

/** Slices on a machine that needs this long for a step [s]. */
const after = (slices: number, perStep: number, pace = new Pace()): Pace => {
  for (let k = 0; k < slices; k++) pace.took(pace.steps * perStep);
  return pace;
};

it.each([1e-7, 2e-6, 3e-5, 3e-4, 1.9e-3])(
  'settles at slices below 2 ms but long enough to be worth it: %d s a step',
  (perStep) => {
    const slice = after(20, perStep).steps * perStep;
    expect(slice).toBeLessThanOrEqual(0.002);
    if (perStep > 1e-6) expect(slice).toBeGreaterThan(0.0005);
  },
);

it('reaches whole samples of a small network within six slices, and recovers after a stall', () => {
  const pace = after(6, 1e-7);
  expect(pace.steps).toBe(1000);
  pace.took(1);
  expect(pace.steps).toBe(500);
  expect(after(1, 1e-7, pace).steps).toBe(1000);
});

it('runs one step when a single step takes too long', () => {
  expect(after(20, 0.5).steps).toBe(1);
});
