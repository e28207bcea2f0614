import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateCap } from '../../src/agent/rate-cap.js';

/** How many of `count` events at `rate` a second a cap admits. */
function admitted(cap: number, rate: number, count: number, jitter: (k: number) => number = () => 0): number {
  const limiter = new RateCap();
  let through = 0;
  for (let k = 0; k < count; k++) through += Number(limiter.admits(100 + k / rate + jitter(k), cap));
  return through;
}

describe('RateCap', () => {
  it('admits everything at 0', () => {
    expect(admitted(0, 1000, 500)).toBe(500);
  });

  it('admits everything that comes slower', () => {
    expect(admitted(30, 10, 100)).toBe(100);
  });

  it('admits every third of 30 a second at 10', () => {
    expect(admitted(10, 30, 300)).toBe(100);
  });

  it('admits 29 of 30 or all 30 when the camera jitters', () => {
    expect(admitted(30, 30, 300, (k) => 0.004 * Math.sin(k))).toBeGreaterThan(295);
  });

  it('never admits more than its rate plus one', () => {
    const times = fc.array(fc.double({ min: 0, max: 0.2, noNaN: true }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 100 }), (gaps, rate) => {
        const cap = new RateCap();
        let now = 50;
        let through = 0;
        for (const gap of gaps) through += Number(cap.admits((now += gap), rate));
        expect(through).toBeLessThanOrEqual(Math.floor((now - 50) * rate) + 2);
      }),
    );
  });

  it('continues when simulated time starts again', () => {
    const cap = new RateCap();
    expect(cap.admits(1000, 10)).toBe(true);
    expect(cap.admits(1000.01, 10)).toBe(false);
    expect(cap.admits(0, 10)).toBe(true);
    expect(cap.admits(0.05, 10)).toBe(false);
    expect(cap.admits(0.1, 10)).toBe(true);
  });
});

describe('the time until the next event', () => {
  it('ends exactly when the next event is admitted', () => {
    const cap = new RateCap();
    expect(cap.wait(0, 10)).toBe(0);
    expect(cap.admits(0, 10)).toBe(true);
    const wait = cap.wait(0.01, 10);
    expect(wait).toBeCloseTo(0.065, 9);
    expect(cap.admits(0.01 + wait - 0.001, 10)).toBe(false);
    expect(cap.admits(0.01 + wait + 0.001, 10)).toBe(true);
  });

  it('is zero without a cap, and after time jumped back', () => {
    const cap = new RateCap();
    cap.admits(100, 2);
    expect(cap.wait(100, 0)).toBe(0);
    expect(cap.wait(5, 2)).toBe(0);
  });
});
