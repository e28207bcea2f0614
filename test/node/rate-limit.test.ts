import { describe, expect, it } from 'vitest';
import { RateLimit } from '../../src/node/intake.js';

/** A clock that stands at a time [s]. */
const at = (time: number) => ({ elapsed: () => time });

/** Messages that are taken when one always waits; every wait is recorded. */
function taken(most: number, seconds: number): number {
  const limit = new RateLimit(most);
  let count = 0;
  for (let now = 100; now < 100 + seconds; now += limit.count(at(now)) + 1e-6) count++;
  return count;
}

describe('RateLimit', () => {
  it.each([
    [1000, 5000],
    [10, 50],
    [1.5, 5],
    [0.5, 3],
    [0.2, 1],
  ])('of %s a second takes %s messages in five seconds', (most, count) => {
    expect(taken(most, 4.99)).toBe(count);
  });

  it('admits a burst, then asks to wait for the end of its second', () => {
    const limit = new RateLimit(3);
    expect([7, 7.1, 7.25].map((now) => limit.count(at(now)))).toEqual([0, 0, 0.75]);
    expect(limit.count(at(8))).toBe(0);
  });

  it('starts over when time jumps back', () => {
    const limit = new RateLimit(1);
    expect(limit.count(at(50))).toBe(1);
    expect(limit.count(at(3))).toBe(1);
    expect(limit.count(at(3.5))).toBe(0.5);
  });

  it('reads the clock only at the first and last message of a second, and never delays slow ones', () => {
    const limit = new RateLimit(100);
    let [asked, now] = [0, 0];
    const clock = { elapsed: () => (asked++, now) };
    for (let k = 0; k < 1000; k++, now += 1 / 30) expect(limit.count(clock)).toBe(0);
    // The 1st, and every 99th after it: when more than a second has passed, that is the first of another second.
    expect(asked).toBe(1 + Math.floor(999 / 99));
  });

  it('admits everything at 0', () => {
    const limit = new RateLimit(0);
    for (let k = 0; k < 10_000; k++) expect(limit.count(at(1))).toBe(0);
  });
});
