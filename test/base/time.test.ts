import { describe, expect, it } from 'vitest';
import { Elapsed, toNanoseconds, toStamp } from '../../src/base/time.js';

describe('Elapsed', () => {
  it('equals the time until that goes back', () => {
    const elapsed = new Elapsed();
    expect([1000.1, 1000.2, 2000].map((time) => elapsed.read(time))).toEqual([1000.1, 1000.2, 2000]);
  });

  it('continues from where it was when time goes back', () => {
    const elapsed = new Elapsed();
    expect([10, 20, 5, 6, 30, 0, 1].map((time) => elapsed.read(time))).toEqual([10, 20, 20, 21, 45, 45, 46]);
  });

  it('does not count the step to another time', () => {
    const elapsed = new Elapsed();
    elapsed.read(10);
    expect(elapsed.read(5000, true)).toBe(10);
    expect(elapsed.read(5001)).toBe(11);
  });
});

describe('toStamp', () => {
  it.each([
    [-1n, { sec: -1, nanosec: 999_999_999 }],
    [-1_000_000_000n, { sec: -1, nanosec: 0 }],
    [1_500_000_000n, { sec: 1, nanosec: 500_000_000 }],
    [2n ** 62n, { sec: 2 ** 31 - 1, nanosec: 999_999_999 }],
    [-(2n ** 62n), { sec: -(2 ** 31), nanosec: 0 }],
  ])('holds %i ns, or the nearest that a stamp can hold', (nanoseconds, stamp) => {
    expect(toStamp(nanoseconds)).toEqual(stamp);
  });

  it.each([
    { sec: 0, nanosec: 0 },
    { sec: -1, nanosec: 999_999_999 },
    { sec: -1, nanosec: 0 },
    { sec: -86_400, nanosec: 7 },
    { sec: -(2 ** 31), nanosec: 1 },
    { sec: 2 ** 31 - 1, nanosec: 999_999_999 },
  ])('restores the stamp %o, also before 1970', (stamp) => {
    expect(toStamp(toNanoseconds(stamp))).toEqual(stamp);
  });

  it.each([1_000_000_000, 1_500_000_000, 2 ** 32 - 1])('refuses %d ns, which would become another stamp', (nanosec) => {
    expect(() => toNanoseconds({ sec: 5, nanosec })).toThrow(
      `the stamp is 5 s and ${nanosec} ns, expected fewer than 1000000000 ns: mend header.stamp`,
    );
  });

  it('restores the time that it was made from', () => {
    for (const time of [0n, -1n, -1_700_000_000_000_000_001n, 2_000_000_000_123_456_789n]) {
      expect(toNanoseconds(toStamp(time))).toBe(time);
    }
  });
});
