import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Agent } from '../../src/agent/agent.js';
import { clockFrom } from '../../src/base/time.js';
import type { AgentEvent } from '../../src/agent/events.js';
import { syncPolicies, type SyncPolicy } from '../../src/sensing/in-time/synchroniser.js';
import { movingSensors } from './sensor-messages.js';
import { smallAgent } from './settings.js';

/** Sends messages of sensors in any order to an agent, and keeps its events. Times in seconds. */
class Life {
  readonly agent: Agent;
  readonly events: AgentEvent[] = [];
  readonly sent = new Map<string, number>();
  #time = 0;

  constructor(
    readonly names: readonly string[],
    given: { policy?: SyncPolicy; encoding?: string; slop?: number; queue?: number; values?: object } = {},
  ) {
    const { policy = 'wait', encoding, slop = 0.05, queue = 32, values = {} } = given;
    const use = movingSensors
      .filter(({ name }) => names.includes(name))
      .sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name))
      .map(({ name, values: own = {} }) => ({
        name,
        values: { ...own, ...(encoding && { encoding }), ...(name === 'imu' && values) },
      }));
    const clock = clockFrom(() => this.#time);
    this.agent = new Agent({ ...smallAgent, sensors: { use, sync: { slop, policy, queue } } }, clock);
    this.agent.onEvent = (event) => this.events.push(event);
  }

  /** Ends hearing. */
  end(): void {
    this.agent.rest();
  }

  hear(name: string, at: number, k = Math.round(at * 50), wrong = false): void {
    const sensor = movingSensors.find((each) => each.name === name);
    const message = (wrong ? sensor?.wrong : sensor?.message(Math.abs(k) % 1000)) ?? {};
    const stamp = BigInt(Math.round(at * 1e9));
    this.sent.set(name, (this.sent.get(name) ?? 0) + 1);
    this.#time += 0.01;
    const event = { sensor: name, stamp, frameId: '', taken: this.#time, message };
    this.agent.take({ topic: 'sensor', event });
    this.agent.finish();
  }

  get decided(): number[] {
    return this.events.flatMap((event) => (event.kind === 'decision' ? [Number(event.stamp) / 1e9] : []));
  }

  get dropped(): Record<string, number> {
    return Object.fromEntries(this.agent.status().dropped);
  }

  /** The last sentence under a cause. */
  sentence(cause: string): string | undefined {
    return this.events
      .flatMap((event) => (event.kind === 'refusal' && event.cause === cause ? event.message : []))
      .at(-1);
  }
}

const times = (from: number, count: number, rate: number): number[] =>
  Array.from({ length: count }, (_, k) => from + k / rate);
/** Two of every `every` messages are swapped. */
const swapped = (all: readonly number[], every: number): number[] => {
  const order = [...all];
  for (let k = every; k + 1 < order.length; k += every) [order[k], order[k + 1]] = [order[k + 1], order[k]];
  return order;
};

describe('a single inertial sensor', () => {
  const window = { window: 1, hop: 0.5 };

  it('loses no window when pairs are swapped, and learns the same', () => {
    const [some, clean] = [new Life(['imu'], { values: window }), new Life(['imu'], { values: window })];
    const all = times(1, 6000, 200);
    for (const at of all) clean.hear('imu', at, Math.round(at * 200));
    for (const at of swapped(all, 180)) some.hear('imu', at, Math.round(at * 200));
    expect(clean.decided).toHaveLength(58);
    expect(some.decided).toHaveLength(58);
    expect(some.dropped).toEqual({});
  });

  it.each([
    ['a second publisher that is behind', (at: number) => [at, at - 5], 'imu_late'],
    ['stamps that are all zero', () => [0], 'imu_stamp_stuck'],
    ['a message from the far future now and then', (at: number) => (at % 2 === 0 ? [at, 4e7] : [at]), 'imu_ahead'],
    ['pauses in which a window is not completed', (at: number) => (at % 3 < 0.9 ? [at] : []), 'imu_incomplete'],
    ['recordings that start again before a window is complete', (at: number) => [1 + (at % 4)], 'imu_incomplete'],
    ['fewer messages than a window needs', (at: number) => (at % 0.2 === 0 ? [at] : []), 'imu_few'],
  ])('names the cause of %s', (what, stamps, cause) => {
    const life = new Life(['imu'], { values: what.includes('start again') ? { window: 4.5, hop: 0.5 } : window });
    for (let k = 0; k < 1200; k++) for (const at of stamps(10 + Math.round(20 * (k / 20)) / 20)) life.hear('imu', at);
    expect(life.dropped[cause]).toBeGreaterThan(0);
    expect(life.sentence(cause)).toMatch(/expected|at least/);
    const [account] = life.agent.status().sensors;
    expect(account).toMatchObject({ heard: life.sent.get('imu'), waiting: 0 });
    expect(account.used + account.counted).toBe(account.heard);
  });

  it('continues after one message from the far future, and after its recording has started again', () => {
    const life = new Life(['imu'], { values: window });
    for (const at of times(100, 100, 50)) life.hear('imu', at);
    life.hear('imu', 4e7);
    for (const at of times(102, 100, 50)) life.hear('imu', at);
    expect(life.decided).toEqual([101, 101.5, 102, 102.5, 103, 103.5]);
    for (const at of times(5, 100, 50)) life.hear('imu', at);
    expect(life.decided.slice(6)).toEqual([6.04, 6.54]);
    expect(life.dropped).toEqual({ imu_ahead: 1, imu_late: 2 });
  });
});

describe('two sensors out of step', () => {
  it.each(syncPolicies)('decide every image beside a second publisher that is 5 s behind, policy %s', (policy) => {
    const life = new Life(['image', 'scan'], { policy });
    for (const at of times(100, 80, 10)) {
      life.hear('scan', at - 5);
      life.hear('scan', at);
      life.hear('image', at);
    }
    const { decided } = life;
    // The first laser message is from the second publisher, and starts the line.
    expect(decided.length).toBe(80);
    expect(life.dropped['scan_late']).toBeGreaterThan(70);
    expect(life.sentence('scan_late')).toContain('expected stamps in order, from one publisher');
  });

  it.each([
    ['wait', 80, {}],
    ['without', 80, { imu_missing: expect.any(Number) as number }],
    ['refuse', 0, { sensor_missing: expect.any(Number) as number }],
  ] as const)('report the lag of an IMU that comes 150 ms late, policy %s', (policy, most, counted) => {
    const life = new Life(['image', 'imu'], { policy });
    for (const at of times(100, 4000, 200)) {
      life.hear('imu', at - 0.15);
      if (Math.round((at - 100) * 200) % 7 === 0) life.hear('image', at);
    }
    expect(life.decided.length).toBeGreaterThanOrEqual(most);
    expect(life.dropped).toMatchObject(counted);
    const cause = Object.keys(counted).at(0);
    if (cause !== undefined) expect(life.sentence(cause)).toMatch(/imu lags by 0\.1[45]\d* s; sync\.slop is 0\.05 s/);
  });

  it('report an IMU that sends too rarely, and decide the images', () => {
    const life = new Life(['image', 'imu'], { slop: 0.1, values: { window: 1 } });
    for (const at of times(100, 60, 6)) {
      life.hear('imu', at);
      life.hear('image', at);
    }
    expect(life.decided).toHaveLength(60);
    expect(life.dropped).toEqual({ imu_few: 60 });
    expect(life.sentence('imu_few')).toContain('window of 1 s holds 6 messages, expected at least 8');
  });

  it('start again with their recording, and lose only what waits', () => {
    const life = new Life(['image', 'scan']);
    for (let loop = 0; loop < 3; loop++) {
      for (const at of times(100, 50, 10)) {
        life.hear('scan', at);
        life.hear('image', at);
      }
    }
    // Two messages of each sensor show that stamps have started again.
    expect(life.decided).toHaveLength(3 * 50 - 4);
    expect(life.dropped).toEqual({ sensor_missing: 4, scan_late: 4 });
  });

  it('count what still waits when the agent ends', () => {
    const life = new Life(['image', 'scan']);
    for (const at of [100, 100.1, 100.2]) life.hear('image', at);
    life.end();
    expect(life.dropped).toEqual({ sensor_missing: 3 });
  });
});

describe('the agent with messages in any order', () => {
  const sets = [['image'], ['imu'], ['scan', 'image'], ['imu', 'scan'], ['image', 'imu', 'range']];
  const step = fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 0, max: 60 }) },
    { weight: 3, arbitrary: fc.integer({ min: -40, max: 0 }) },
    { weight: 1, arbitrary: fc.constantFrom(0, -5000, 5000, -1e6, 1e6, 4e10, -4e10) },
  );
  const message = fc.record({ sensor: fc.nat(2), step, wrong: fc.nat(9), zero: fc.nat(20) });

  it.each(sets.map((names) => ({ names })))('uses, counts or keeps every one of $names', ({ names }) => {
    const encodings = fc.constantFrom(undefined, 'change');
    const run = fc.tuple(fc.array(message, { maxLength: 80 }), fc.constantFrom(...syncPolicies), encodings);
    fc.assert(
      fc.property(run, ([messages, policy, encoding]) => {
        const life = new Life(names, { policy, queue: 4, ...(encoding && { encoding }) });
        const at = names.map(() => 1e6);
        for (const { sensor, step: by, wrong, zero } of messages) {
          const k = sensor % names.length;
          at[k] = Math.max(0, at[k] + by);
          life.hear(names[k], zero === 0 ? 0 : at[k] / 1000, at[k], wrong === 0);
        }
        const { sensors, decided, dropped, received } = life.agent.status();
        expect(dropped.get('internal_error')).toBeUndefined();
        for (const { name, heard, used, counted, waiting } of sensors) {
          expect({ name, heard }).toEqual({ name, heard: life.sent.get(name) ?? 0 });
          expect({ name, ended: used + counted + waiting }).toEqual({ name, ended: heard });
        }
        // The same from the counters alone.
        const sum = (fits: (cause: string) => boolean): number =>
          [...dropped].reduce((all, [cause, count]) => (fits(cause) ? all + count : all), 0);
        const [first, ...others] = sensors;
        if (others.length === 0 && first.name !== 'imu') {
          expect(decided + sum(() => true)).toBe(first.heard);
          expect(first.used).toBe(decided);
        }
        for (const { name, counted } of others.filter((each) => each.name !== 'imu')) {
          expect(counted).toBe(sum((cause) => [`${name}_unused`, `${name}_late`, `${name}_ahead`].includes(cause)));
        }
        for (const { name, counted } of sensors.filter((each) => each.name === 'imu')) {
          const own = ['late', 'ahead', 'stamp_stuck', 'out_of_range'].map((cause) => `${name}_${cause}`);
          expect(counted).toBe(sum((cause) => own.includes(cause)));
        }
        if (first.name !== 'imu') expect(first.used).toBe(decided);
        expect(received).toBeGreaterThanOrEqual(decided);
      }),
      { numRuns: 150 },
    );
  });
});
