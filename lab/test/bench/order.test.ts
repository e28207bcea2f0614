import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toNanoseconds } from '../../../src/base/time.js';
import { Random } from '../../../src/base/random.js';
import { accountOf } from '../../src/bench/order/account.js';
import { fuzzOrder } from '../../src/bench/order/order-run.js';
import { traffic } from '../../src/bench/order/traffic.js';
import { sensorNames } from '../../../src/sensing/sensor-kinds.js';
import type { AgentStatus } from '../../../src/agent/agent-status.js';

const second = 1_000_000_000n;
const together = ['image+imu', 'scan+range+imu'];

describe('traffic', () => {
  const messages = traffic(['range', 'imu'], 20_000, new Random(1));
  const sensor = messages.filter(({ input }) => input !== 'label');
  const labels = messages.filter(({ input }) => input === 'label');

  it('has the requested number of sensor messages, and labels as well', () => {
    expect(sensor).toHaveLength(20_000);
    expect(labels.length).toBeGreaterThan(200);
  });

  it('has strictly increasing arrival times', () => {
    expect(messages.every(({ at }, k) => k === 0 || at > messages[k - 1].at)).toBe(true);
  });

  it('has stamps that are swapped, repeated, zero, far behind, far ahead, and of restarted recordings', () => {
    const stamps = sensor.filter(({ input }) => input === 'imu').map(({ stamp }) => toNanoseconds(stamp));
    const steps = stamps.slice(1).map((stamp, k) => stamp - stamps[k]);
    const some = (is: (step: bigint) => boolean): boolean => steps.filter(is).length > 5;
    expect(some((step) => step < 0n && step > -second / 10n)).toBe(true);
    expect(some((step) => step === 0n)).toBe(true);
    expect(some((step) => step < -4n * second && step > -6n * second)).toBe(true);
    expect(some((step) => step > 10_000_000n * second)).toBe(true);
    expect(stamps.filter((stamp) => stamp === 0n).length).toBeGreaterThan(20);
  });

  it('has bursts of ten messages', () => {
    const imu = sensor.filter(({ input }) => input === 'imu');
    const gaps = imu.slice(9).map(({ at }, k) => at - imu[k].at);
    expect(gaps.filter((gap) => gap < 1000n).length).toBeGreaterThan(20);
  });

  it('has labels before, shortly after and long after their samples, and some of no sample', () => {
    const arrivals = new Map<bigint, bigint>();
    for (const { input, stamp, at } of sensor) if (input === 'range') arrivals.set(toNanoseconds(stamp), at);
    const late = labels.flatMap(({ at, stamp }) => {
      const arrived = arrivals.get(toNanoseconds(stamp));
      return arrived === undefined ? [] : [at - arrived];
    });
    expect(late.filter((by) => by < 0n).length).toBeGreaterThan(10);
    expect(late.filter((by) => by > 0n && by < second / 10n).length).toBeGreaterThan(10);
    expect(late.filter((by) => by > 50n * second).length).toBeGreaterThan(10);
    expect(labels.length - late.length).toBeGreaterThan(10);
  });
});

describe('fuzzOrder', () => {
  it.each([...sensorNames, ...together])('accounts for every message of %s, equal to its replay', async (topic) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const account = await fuzzOrder({ sensors: topic.split('+'), messages: 500, seed }, () => undefined);
        expect(account).toMatchObject({
          ...{ taken: 500, waiting: 0, unaccounted: 0, crashes: 0, firstCrash: '', differentFromReplay: 0 },
          labels: { unaccounted: 0 },
        });
      }),
      { numRuns: 2 },
    );
  });

  it('uses some messages and labels, and counts the others', async () => {
    const task = { sensors: ['range', 'imu'], messages: 3000, seed: 2 };
    const { used, counted, labels } = await fuzzOrder(task, () => undefined);
    expect([used, counted, labels.counted].every((count) => count > 50)).toBe(true);
    expect(labels.used).toBeGreaterThan(0);
  });
});

describe('accountOf', () => {
  const status = {
    sensors: [{ name: 'scan', heard: 9, used: 5, counted: 3, waiting: 0 }],
    labelled: 2,
    labelsWaiting: 1,
    dropped: new Map([
      ['scan_late', 3],
      ['label_duplicate', 1],
    ]),
  } as unknown as AgentStatus;

  it('reports messages that are neither used nor counted', () => {
    expect(accountOf(status, { sensors: 10, labels: 5 }, ['fault'])).toEqual({
      ...{ taken: 10, used: 5, counted: 3, waiting: 0, unaccounted: 2 },
      labels: { taken: 5, used: 2, counted: 1, waiting: 1, unaccounted: 1 },
      causes: { scan_late: 3, label_duplicate: 1 },
      ...{ crashes: 1, firstCrash: 'fault', differentFromReplay: 0 },
    });
  });
});
