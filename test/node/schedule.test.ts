import cron from 'node-cron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Schedule, type ScheduledJob } from '../../src/node/schedule.js';

let logged: string[];
let ran: string[];
let last: Map<string, string>;
let stored: number;
let schedule: Schedule | undefined;
beforeEach(() => {
  logged = [];
  ran = [];
  last = new Map();
  stored = 0;
});
afterEach(() => {
  schedule?.stop();
  schedule = undefined;
});

const hours = 3_600_000;
const ago = (time: number): string => new Date(Date.now() - time).toISOString();
const say = (sentence: string): void => {
  logged.push(sentence);
};

function make(times: string, more: Partial<ScheduledJob> = {}, zone = 'UTC'): Schedule {
  const run = (): void => {
    ran.push('job');
  };
  const job = { name: 'schedule.checkpoint', times, run, makeGood: true, ...more };
  const count = (): void => {
    stored++;
  };
  schedule = new Schedule([job], zone, last, count, { info: say, error: say });
  return schedule;
}

describe('Schedule', () => {
  it('runs its jobs at their times, records when, and leaves nothing behind when it stops', async () => {
    const before = cron.getTasks().size;
    const running = make('* * * * * *');
    await running.start();
    await expect.poll(() => ran.length, { timeout: 4000 }).toBeGreaterThan(0);
    expect(stored).toBe(1 + ran.length);
    expect(Date.now() - Date.parse(last.get('schedule.checkpoint') ?? '')).toBeLessThan(5000);
    running.stop();
    expect(cron.getTasks().size).toBe(before);
  });

  it.each([
    ['0 * * * *', 2 * hours],
    ['0 3 * * *', 25 * hours],
    ['30 4 1 * *', 32 * 24 * hours],
  ])('runs a missed job at the start: %s', async (times, off) => {
    last.set('schedule.checkpoint', ago(off));
    await make(times).start();
    expect(ran).toEqual(['job']);
    expect(logged[0]).toMatch(/^schedule.checkpoint: the run of .* was missed while the node was off; it runs now$/);
    expect(Date.now() - Date.parse(last.get('schedule.checkpoint') ?? '')).toBeLessThan(5000);
  });

  it('reports a missed run that is not worth catching up', async () => {
    last.set('schedule.checkpoint', ago(2 * hours));
    await make('0 * * * *', { makeGood: false }).start();
    expect(ran).toEqual([]);
    expect(logged[0]).toMatch(/was missed while the node was off; it waits for its next time$/);
  });

  it('has missed nothing when nothing was due, or when it never ran', async () => {
    last.set('schedule.checkpoint', ago(1000));
    await make('0 3 1 1 *').start();
    last.clear();
    await make('* * * * *').start();
    expect([ran, logged]).toEqual([[], []]);
  });

  it('remembers a job from its first start, so that a run missed before its first one is noticed', async () => {
    const first = make('0 3 1 1 *');
    await first.start();
    first.stop();
    expect([stored, ran]).toEqual([1, []]);
    expect(Date.now() - Date.parse(last.get('schedule.checkpoint') ?? '')).toBeLessThan(60_000);
    await make('0 3 1 1 *').start();
    expect(stored).toBe(1);
  });

  it('uses its time zone', async () => {
    // Noon in Auckland is never noon in UTC, nor an hour beside it.
    const noon = new Date();
    noon.setUTCHours(12, 0, 0, 0);
    if (noon.getTime() > Date.now()) noon.setUTCDate(noon.getUTCDate() - 1);
    const since = Date.now() - noon.getTime() + hours;
    for (const [zone, runs] of [
      ['UTC', 1],
      ['Pacific/Auckland', since > 12 * hours ? 2 : 1],
    ] as const) {
      last.set('schedule.checkpoint', ago(since));
      await make('0 12 * * *', {}, zone).start();
      schedule?.stop();
      expect(ran.length).toBeGreaterThanOrEqual(runs - 1);
    }
    expect(logged[0]).toContain(`the run of ${noon.toISOString()} was missed`);
  });

  it('continues after a job that failed', async () => {
    const run = (): void => {
      ran.push('job');
      throw new Error('no room');
    };
    await make('* * * * * *', { run }).start();
    await expect.poll(() => ran.length, { timeout: 5000 }).toBeGreaterThan(1);
    expect(logged[0]).toBe('schedule.checkpoint failed: no room');
  });

  it.each([
    ['61 * * * *', 'UTC', /^schedule.checkpoint is '61 \* \* \* \*': 61 is a.* minute; expected a cron expression/],
    ['tomorrow', 'UTC', /^schedule.checkpoint is 'tomorrow': .*expected a cron expression/],
    ['0 3 * * *', 'Mars/Olympus', /^schedule.time_zone is 'Mars\/Olympus', expected a name of the IANA database/],
  ])('refuses %s in %s', (times, zone, sentence) => {
    expect(() => make(times, {}, zone)).toThrow(sentence);
  });

  it('without times is no schedule', async () => {
    const before = cron.getTasks().size;
    await make('').start();
    expect(cron.getTasks().size).toBe(before);
  });
});

describe('a schedule whose clock is set', () => {
  /** Noon of a day, a Tuesday. */
  const noon = Date.UTC(2026, 2, 3, 12);
  beforeEach(() => {
    vi.useFakeTimers({ now: noon + 300 });
  });
  afterEach(() => {
    schedule?.stop();
    vi.useRealTimers();
  });
  /** Lets steady time pass, and the clock with it. */
  const pass = (seconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(1000 * seconds);
  const set = (change: number): void => {
    vi.setSystemTime(Date.now() + change);
  };

  it.each([-hours, -24 * hours, 1000 * hours])('continues from the new time after a step of %i ms', async (step) => {
    await make('* * * * * *', { makeGood: false }).start();
    await pass(5);
    expect(ran).toHaveLength(5);
    set(step);
    await pass(10);
    expect(ran.length).toBeGreaterThanOrEqual(14);
    expect(ran.length).toBeLessThanOrEqual(16);
  });

  it('runs a job of every minute once a minute, before and after the clock is set back', async () => {
    await make('* * * * *').start();
    await pass(130);
    expect(ran).toHaveLength(2);
    set(-hours);
    await pass(120);
    expect(ran).toHaveLength(4);
    expect(logged).toEqual([]);
  });

  it("does not repeat a time of day that occurs twice, and runs at the next day's", async () => {
    await make('1 12 * * *').start();
    await pass(70);
    expect(ran).toHaveLength(1);
    set(-hours);
    await pass(3700);
    expect(ran).toHaveLength(1);
    expect(logged).toEqual([expect.stringMatching(/the run of 2026-03-03T12:01:00.000Z is not repeated: it ran at /)]);
    await pass(24 * 3600);
    expect(ran).toHaveLength(2);
  });

  it('treats a clock that is set back by three hours or more as corrected', async () => {
    await make('1 12 * * *').start();
    await pass(70);
    set(-4 * hours);
    await pass(4 * 3600);
    expect(ran).toHaveLength(2);
  });

  it('runs a job once when a step forward skips it, and reports it', async () => {
    await make('30 12 * * *').start();
    await pass(5);
    set(hours);
    await pass(30);
    expect(ran).toHaveLength(1);
    expect(logged).toEqual([
      'schedule.checkpoint: the run of 2026-03-03T12:30:00.000Z was missed while the clock was set forward or the machine slept; it runs now',
    ]);
    await pass(7200);
    expect(ran).toHaveLength(1);
  });

  it('does not check every second of ten years that a step forward skips', async () => {
    await make('* * * * * *', { makeGood: false }).start();
    set(10 * 365 * 24 * hours);
    await pass(5);
    expect(ran.length).toBeGreaterThanOrEqual(4);
  });

  it('repeats nothing when the clock is set back by a second or two', async () => {
    await make('* * * * * *').start();
    await pass(10);
    set(-2000);
    await pass(2);
    expect(ran).toHaveLength(10);
    await pass(3);
    expect(ran).toHaveLength(13);
  });
});
