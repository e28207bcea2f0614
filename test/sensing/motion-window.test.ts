import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MotionWindow, motionAxes } from '../../src/sensing/motion/motion-window.js';

/** Features of one quantity as the kernel's equations say, one number after the other. */
function plain(values: readonly number[]): readonly number[] {
  const n = values.length;
  let mean = 0;
  for (const value of values) mean += value / n;
  let variance = 0;
  let crossings = 0;
  for (const [k, value] of values.entries()) {
    variance += ((value - mean) * (value - mean)) / n;
    if (k > 0 && value >= mean !== values[k - 1] >= mean) crossings++;
  }
  return [mean, Math.sqrt(variance), n > 1 ? crossings / (n - 1) : 0];
}

describe('MotionWindow', () => {
  it('has the features of a plain loop, bit for bit, also where its memory begins again', () => {
    const capacity = 16;
    const value = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constantFrom(0, -0, 1, 1e-300, 9.81));
    const message = fc.tuple(value, value, value, value, value, value);
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: capacity }),
        (all, most) => {
          const window = new MotionWindow(capacity);
          for (const [k, values] of all.entries()) window.add(BigInt(k), values);
          const inside = window.inside(BigInt(all.length - 1), BigInt(most));
          const shown = all.slice(-inside.count);
          expect(inside.count).toBe(Math.min(most, all.length));
          const { means, deviations, crossings } = window.features(inside);
          for (let axis = 0; axis < motionAxes; axis++) {
            const found = [means[axis], deviations[axis], crossings[axis]];
            expect(found).toEqual(plain(shown.map((values) => values[axis])));
          }
        },
      ),
    );
  });
});
