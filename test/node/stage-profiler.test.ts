import { describe, expect, it } from 'vitest';
import { stageNames } from '../../src/agent/stages.js';
import { StageProfiler } from '../../src/node/process-usage.js';

let now = 0;
const spend = (time: number): void => {
  now += time;
};
const open = (): StageProfiler => new StageProfiler(() => now);
const byName = (used: readonly number[]): Record<string, number> =>
  Object.fromEntries(stageNames.map((name, k) => [name, used[k]]));

describe('StageProfiler', () => {
  it('gives a stage the time since the last mark, and other work to none', () => {
    const stages = open();
    stages.begin();
    spend(3);
    stages.mark('take');
    spend(5);
    stages.mark('decide');
    spend(100); // others have the thread
    stages.resume();
    spend(7);
    stages.mark('decide');
    spend(1);
    stages.mark('publish');
    spend(50); // idle
    stages.begin();
    spend(2);
    stages.mark('take');
    expect(byName(stages.read())).toEqual({
      ...{ take: 5, convert: 0, encode: 0, decide: 12, learn: 0, publish: 1, upkeep: 0 },
    });
    expect(stages.read()).toEqual(stageNames.map(() => 0));
  });

  it('times nothing and asks for no time while it is off', () => {
    let asked = 0;
    const stages = new StageProfiler(() => asked++);
    stages.on = false;
    let worked = false;
    stages.begin();
    stages.mark('take');
    stages.resume();
    stages.whole('upkeep', () => {
      worked = true;
    });
    expect([asked, worked]).toEqual([0, true]);
    expect(stages.read()).toEqual(stageNames.map(() => 0));
  });

  it('times about ten of many runs a second as a sample of all, in any order', () => {
    const stages = open();
    let asked = 0;
    const counting = new StageProfiler(() => {
      asked++;
      return now;
    });
    const second = (each: StageProfiler): Record<string, number> => {
      for (let k = 0; k < 5000; k++) {
        each.begin();
        spend(1 + (k % 2));
        each.mark(k % 2 === 0 ? 'take' : 'learn');
      }
      return byName(each.read());
    };
    expect(second(stages)).toMatchObject({ take: 2500, learn: 5000 }); // not known yet: all are timed
    const sums = { take: 0, learn: 0 };
    for (let k = 0; k < 500; k++) {
      const { take, learn } = second(stages);
      sums.take += take;
      sums.learn += learn;
    }
    expect(sums.take / 500 / 2500).toBeCloseTo(1, 1);
    expect(sums.learn / 500 / 5000).toBeCloseTo(1, 1);
    second(counting);
    asked = 0;
    second(counting);
    expect(asked).toBeLessThan(2 * 30);
  });
});
