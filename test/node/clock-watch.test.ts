import { beforeEach, describe, expect, it } from 'vitest';
import { ClockWatch } from '../../src/node/clock-watch.js';

const start = 1_700_000_000;
let times: { monotonic: number; system: number; simulated: boolean; date: number };
let warnings: string[];
let watch: ClockWatch;

beforeEach(() => {
  times = { monotonic: 50, system: start, simulated: false, date: 0 };
  warnings = [];
  const clock = {
    get simulated() {
      return times.simulated;
    },
    date: () => times.date,
    monotonic: () => times.monotonic,
  };
  watch = new ClockWatch(
    clock,
    (sentence) => {
      warnings.push(sentence);
    },
    () => times.system,
  );
});

function pass(seconds: number, simulated = 0) {
  times.monotonic += seconds;
  times.system += seconds;
  times.date += simulated;
  return watch.look();
}

describe('ClockWatch', () => {
  it('does not warn while the clock is slewed', () => {
    for (let k = 0; k < 100; k++) {
      times.system += 0.5;
      expect(pass(1)).toMatchObject({ jumps: 0, trouble: undefined });
    }
    expect(warnings).toEqual([]);
  });

  it.each([
    [-3600, /was set back by 3600\.0 s, to 2023-11-14T21:13:21\.000Z: stamps, the end of a mission/],
    [3600, /was set forward, or the machine slept, by 3600\.0 s, to 2023-11-14T23:13:21\.000Z: /],
  ])('reports a jump of %i s once and counts it', (size, sentence) => {
    times.system += size;
    expect(pass(1).trouble).toMatch(/^the system's clock was set/);
    pass(1);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(sentence);
    expect(pass(60)).toMatchObject({ jumps: 1, trouble: undefined });
    times.system -= size;
    expect(pass(1).jumps).toBe(2);
    expect(warnings).toHaveLength(2);
  });

  it('warns when simulated time has not begun, and once each time that it stands still', () => {
    times.simulated = true;
    for (let k = 0; k < 20; k++) pass(1);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^use_sim_time is true, but nothing came on \/clock for 5 s/);
    expect(pass(1, 10)).toMatchObject({ still: 0, trouble: undefined });
    for (let k = 0; k < 20; k++) pass(1);
    expect(warnings).toHaveLength(2);
    expect(pass(1).trouble).toMatch(/^simulated time stands still at 10\.000 s for 21 s/);
  });

  it('counts how often simulated time went back, without a warning', () => {
    times.simulated = true;
    for (let k = 0; k < 10; k++) pass(1, k % 3 === 2 ? -2 : 1);
    expect(watch.look()).toMatchObject({ restarts: 3, trouble: undefined });
    expect(warnings).toEqual([]);
  });
});
