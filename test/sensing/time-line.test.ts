import { beforeEach, describe, expect, it } from 'vitest';
import { TimeLine } from '../../src/sensing/in-time/time-line.js';

let line: TimeLine;
beforeEach(() => {
  line = new TimeLine();
});

/** @param time - [s] */
function hear(time: number): string {
  const stamp = BigInt(Math.round(time * 1e9));
  const place = line.place(stamp);
  line.take(stamp, place);
  return place;
}
const all = (...times: number[]): string[] => times.map(hear);
const steps = (from: number, count: number, step = 0.1): number[] =>
  Array.from({ length: count }, (_, k) => from + k * step);

describe('stamps of one sensor', () => {
  it('go on from one to the next, also after a pause, and may repeat', () => {
    expect(all(5, 5.1, 5.1, 60, 3000)).toEqual(Array(5).fill('next'));
  });

  it('are late when they step back a little, and nothing starts again', () => {
    expect(all(5, 5.2, 5.1, 5.3, 4.5, 4.4, 4.6, 4.7, 5.4)).toEqual([
      'next',
      'next',
      'late',
      'next',
      'late',
      'late',
      'late',
      'late',
      'next',
    ]);
    expect(line.starts).toBe(0);
  });

  it('start again when three in a row are far behind', () => {
    expect(all(100, 0, 0.1, 0.2, 0.3)).toEqual(['next', 'late', 'late', 'restart', 'next']);
    expect(line.starts).toBe(1);
  });

  it('start again once a loop, also for a slow sensor and for a loop with few of them', () => {
    for (const [step, count] of [
      [0.1, 100],
      [2, 6],
    ]) {
      line = new TimeLine();
      for (let loop = 0; loop < 20; loop++) steps(0, count, step).forEach(hear);
      expect(line.starts).toBe(19);
    }
  });

  it.each([1, 3, 10])(
    'never start again for good for a second publisher that is behind and sends %d times as often',
    (ratio) => {
      let next = 0;
      for (let k = 0; k < 1000; k++) {
        if (hear(100 + k / 10) === 'next') next++;
        for (let each = 0; each < ratio; each++) hear(95 + k / 10 + each / (10 * ratio));
      }
      // A burst of three and more looks like a restart until later stamps show otherwise.
      expect(line.starts).toBeLessThanOrEqual(3);
      expect(next).toBe(1000);
    },
  );

  it('continue as before when one is a year ahead', () => {
    expect(all(5, 31_536_000, 5.1, 5.2)).toEqual(['next', 'ahead', 'next', 'next']);
  });

  it('jump ahead when a clock is set, and back again', () => {
    expect(all(0, 0.1, 1.8e9, 1.8e9 + 0.1, 1.8e9 + 0.2)).toEqual(['next', 'next', 'ahead', 'ahead', 'next']);
    expect(all(...steps(5, 3))).toEqual(['late', 'late', 'restart']);
  });

  it('are late only twice when the first is a year ahead', () => {
    expect(all(31_536_000, ...steps(5, 4))).toEqual(['next', 'late', 'late', 'restart', 'next']);
  });

  it('are queried without a change', () => {
    all(100, 0, 0.1);
    for (let k = 0; k < 3; k++) expect(line.place(200_000_000n)).toBe('restart');
    expect(line.starts).toBe(0);
  });
});
