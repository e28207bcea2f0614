import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hwmonRails } from '../../src/energy/hwmon-rails.js';
import { RailMeter } from '../../src/energy/rail-meter.js';
import { EnergyReadings } from '../../src/node/energy-readings.js';
import { offlineParameters } from '../../src/node/offline-parameters.js';
import { parameterTable } from '../../src/node/parameter-table.js';
import { SysfsTree } from '../energy/sysfs-tree.js';

let tree: SysfsTree;
beforeEach(() => {
  tree = new SysfsTree();
});
afterEach(() => {
  tree.remove();
});

/**
 * Readings without measuring hardware. The network spends what `spent` returns [J], the robot draws what `drawn`
 * returns [W], and the rest costs nothing.
 */
function start(spent: () => number, drawn: () => number): EnergyReadings {
  const set = [`energy.sysfs:=${tree.root}`, 'energy.watts_per_core:=0.0'];
  const values = offlineParameters({ set }, '/topspark', parameterTable);
  const spending = { network: spent, networkTime: () => 0 };
  return new EnergyReadings(values, spending, drawn, pino({ enabled: false }), 0);
}

describe('EnergyReadings', () => {
  it('count every joule once when the estimate replaces a lost source', () => {
    let network = 0;
    let drawn = NaN;
    const readings = start(
      () => network,
      () => drawn,
    );
    network = 100;
    expect(readings.read(30)).toMatchObject({ source: 'operations', joules: 100 });
    drawn = 10;
    expect(readings.read(60)).toMatchObject({ source: 'operations', joules: 100 });
    network = 107;
    expect(readings.read(61)).toMatchObject({ source: 'battery', joules: 110, power: 10 });
    // At the charger the battery measures nothing; what the network spent on battery is included in the 110 J.
    drawn = NaN;
    expect(readings.read(62)).toMatchObject({ source: 'operations', joules: 110 });
    network = 109;
    expect(readings.read(63)).toMatchObject({ source: 'operations', joules: 112, power: 2 });
  });
});

describe('watched EnergyReadings', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('wake nobody while their source has no samples, and sample it once it has', () => {
    vi.useFakeTimers();
    const readings = start(
      () => 0,
      () => NaN,
    );
    readings.watch(() => 61);
    readings.read(1);
    expect(vi.getTimerCount()).toBe(0);
    const monitor = 'class/hwmon/hwmon0/';
    tree.write({ [`${monitor}name`]: 'ina226', [`${monitor}update_interval`]: 35, [`${monitor}power1_input`]: 5e6 });
    readings.read(60);
    expect(readings.read(61)).toMatchObject({ source: 'hwmon' });
    const sampled = vi.getTimerCount();
    readings.close();
    expect([sampled, vi.getTimerCount()]).toEqual([1, 0]);
    readings.read(62);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('power sampled between readings', () => {
  const file = 'class/hwmon/hwmon0/power1_input';
  const interval = 0.035;
  /** 5 W, and 10 W more in bursts. */
  const load = (t: number, hertz: number, duty: number): number => 5 + ((t * hertz) % 1 < duty ? 10 : 0);

  /** Joules of each second that a node reports. Its monitor averages over its interval, sampled every so often [s]. */
  function reportedJoules(hertz: number, duty: number, period: number): number[] {
    tree.write({ 'class/hwmon/hwmon0/name': 'ina226', 'class/hwmon/hwmon0/update_interval': 1000 * interval });
    const steps = 350;
    const show = (t: number): void => {
      const from = Math.floor(t / interval) * interval - interval;
      let sum = 0;
      for (let k = 0; k < steps; k++) sum += load(1 + from + ((k + 0.5) * interval) / steps, hertz, duty);
      tree.write({ [file]: Math.round((1e6 * sum) / steps) });
    };
    show(0);
    const opened = RailMeter.open('hwmon', hwmonRails(tree.root), [], 0);
    if (typeof opened === 'string') return expect.fail(opened);
    expect(opened.interval).toBe(interval);
    const joules = [0];
    for (let second = 1; second <= 4; second++) {
      for (let t = second - 1 + period; t < second; t += period) {
        show(t);
        opened.sample(t);
      }
      show(second);
      joules.push(opened.read(second).joules);
    }
    return joules.slice(1).map((value, k) => value - joules[k]);
  }

  it.each([2, 7, 13, 29, 30, 50, 97])('is right within 5 %% a second at %d bursts a second', (hertz) => {
    for (const duty of [0.1, 0.3, 0.6]) {
      const truth = 5 + 10 * duty;
      for (const joules of reportedJoules(hertz, duty, interval)) {
        expect(Math.abs(joules - truth)).toBeLessThan(0.05 * truth);
      }
    }
  });

  it('is off when it is read once a second', () => {
    const errors = [2, 7, 13, 97].flatMap((hertz) =>
      reportedJoules(hertz, 0.1, 1).map((joules) => Math.abs(joules - 6)),
    );
    expect(Math.max(...errors)).toBeGreaterThan(0.3);
  });

  it('is sampled until it is closed', async () => {
    tree.write({ 'class/hwmon/hwmon0/name': 'ina226', [file]: 5e6 });
    const readings = start(
      () => 0,
      () => NaN,
    );
    let time = 0;
    readings.watch(() => (time += 0.25));
    await vi.waitFor(
      () => {
        expect(time).toBeGreaterThanOrEqual(2);
      },
      { timeout: 10_000 },
    );
    readings.close();
    const last = time;
    expect(readings.read(last)).toMatchObject({ source: 'hwmon', joules: 5 * last, power: 5, uncertainty: 0 });
    await new Promise((done) => setTimeout(done, 50));
    expect(time).toBe(last);
  });
});
