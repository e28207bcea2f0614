import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BatteryMonitor, type BatteryMessage } from '../../src/energy/battery.js';
import { BatteryMeter } from '../../src/energy/battery-meter.js';
import { hwmonRails } from '../../src/energy/hwmon-rails.js';
import { iioRails } from '../../src/energy/iio-rails.js';
import { OperationsMeter } from '../../src/energy/operations-meter.js';
import { PowerIntegral } from '../../src/energy/power-integral.js';
import { RailMeter } from '../../src/energy/rail-meter.js';
import { RaplMeter } from '../../src/energy/rapl-meter.js';
import { jetson, packageCounter, rapl, SysfsTree } from './sysfs-tree.js';

let tree: SysfsTree;
beforeEach(() => {
  tree = new SysfsTree();
});
afterEach(() => {
  tree.remove();
});

function opened<T extends object>(meter: T | string): T {
  if (typeof meter === 'string') throw new Error(meter);
  return meter;
}

describe('RAPL counters', () => {
  const dram = 'class/powercap/intel-rapl:0:1/energy_uj';

  it('include packages and memory, and count from the opening', () => {
    tree.write(rapl());
    const meter = opened(RaplMeter.open(tree.root, 0));
    expect(meter.covers).toBe('CPU package-0, dram');
    expect(meter.read(1).joules).toBe(0);
    tree.write({ [packageCounter]: 13_000_000, [dram]: 1_500_000 });
    expect(meter.read(2).joules).toBeCloseTo(12 + 1, 9);
    tree.write({ [packageCounter]: 14_500_000 });
    expect(meter.read(3).joules).toBeCloseTo(14.5, 9);
  });

  it('wrap around any number of times', () => {
    tree.write(rapl(99_000_000, 100_000_000));
    const meter = opened(RaplMeter.open(tree.root, 0));
    let joules = 0;
    for (let second = 1, counter = 99_000_000; second <= 30; second++) {
      counter = (counter + 9_000_000) % 100_000_000;
      tree.write({ [packageCounter]: counter });
      joules += 9;
      expect(meter.read(second).joules).toBeCloseTo(joules, 6);
    }
  });

  it('are reset, not wrapped, when the difference would be kilowatts', () => {
    tree.write(rapl(200_000_000_000));
    const meter = opened(RaplMeter.open(tree.root, 0));
    tree.write({ [packageCounter]: 5 });
    expect(meter.read(1).joules).toBe(0);
    tree.write({ [packageCounter]: 3_000_005 });
    expect(meter.read(2).joules).toBeCloseTo(3, 9);
  });

  it('are lost when they stand still', () => {
    tree.write(rapl());
    const meter = opened(RaplMeter.open(tree.root, 0));
    expect(meter.read(10).joules).toBe(0);
    expect(() => meter.read(11)).toThrow('the counter of package-0 has stood still for 11 s');
  });

  /** A zone of the tree and its name. */
  const zones = (names: Readonly<Record<string, string>>): Record<string, string | number> =>
    Object.assign(
      {},
      ...Object.entries(names).map(([at, name]) => ({
        [`class/powercap/intel-rapl:${at}/name`]: name,
        [`class/powercap/intel-rapl:${at}/energy_uj`]: 0,
        [`class/powercap/intel-rapl:${at}/max_energy_range_uj`]: 262_143_328_850,
      })),
    ) as Record<string, string | number>;
  const count = (at: string, joules: number): void => {
    tree.write({ [`class/powercap/intel-rapl:${at}/energy_uj`]: joules * 1e6 });
  };

  it('include every package and die, and count no part twice', () => {
    const parts = { '0:0': 'core', '0:1': 'uncore', '2:0': 'dram', '3': 'psys' };
    tree.write(zones({ '0': 'package-0-die-0', '1': 'package-0-die-1', '2': 'package-1', ...parts }));
    const meter = opened(RaplMeter.open(tree.root, 0));
    expect(meter.covers).toBe('CPU package-0-die-0, package-0-die-1, package-1, dram');
    for (const [place, at] of ['0', '1', '2', '2:0', '0:0', '0:1', '3'].entries()) count(at, 2 ** place);
    expect(meter.read(1).joules).toBeCloseTo(1 + 2 + 4 + 8, 9);
  });

  it('are lost when those of one package stand still, whatever the others do; memory may stand still', () => {
    tree.write(zones({ '0': 'package-0', '1': 'package-1', '1:0': 'dram' }));
    const meter = opened(RaplMeter.open(tree.root, 0));
    for (let second = 1; second <= 12; second++) {
      count('0', second);
      count('1', Math.min(second, 3));
      meter.read(second);
    }
    count('0', 14);
    expect(() => meter.read(14)).toThrow('the counter of package-1 has stood still for 11 s');
  });

  it('are lost when they vanish or turn to nonsense', () => {
    tree.write(rapl());
    const meter = opened(RaplMeter.open(tree.root, 0));
    tree.write({ [packageCounter]: 'n/a' });
    expect(() => meter.read(1)).toThrow(/^powercap was lost: .*energy_uj says "n\/a", expected a number$/);
    tree.remove('class/powercap');
    expect(() => meter.read(2)).toThrow(/^powercap was lost: ENOENT/);
  });

  it('are reported with a hint when only root can read them', () => {
    tree.write(rapl());
    tree.block(packageCounter);
    expect(RaplMeter.open(tree.root, 0)).toMatch(/^powercap is there but was not read: EISDIR.*only root can read/);
  });

  it('can be absent', () => {
    expect(RaplMeter.open(tree.root, 0)).toBe('no powercap zones of a processor');
    tree.write({ 'class/powercap/intel-rapl:0/name': 'psys' });
    expect(RaplMeter.open(tree.root, 0)).toBe('no powercap zones of a processor');
  });
});

describe('sampled power', () => {
  it('is integrated by trapezoids, with the uncertainty of sampling', () => {
    const integral = new PowerIntegral();
    for (const [power, time] of [
      [10, 0],
      [20, 1],
      [20, 3],
      [0, 4],
    ] as const) {
      integral.add(power, time);
    }
    expect(integral.reading).toEqual({ joules: 15 + 40 + 10, uncertainty: 5 + 0 + 10 });
  });

  it('does not run backwards when time does', () => {
    const integral = new PowerIntegral();
    integral.add(10, 5);
    integral.add(10, 3);
    expect(integral.reading.joules).toBe(0);
  });
});

describe('hwmon power monitors', () => {
  const open = (...asked: string[]) => RailMeter.open('hwmon', hwmonRails(tree.root), asked, 0);

  it('are read on the rail that feeds all others', () => {
    tree.write(jetson);
    const meter = opened(open());
    expect(meter.covers).toBe('rail VDD_IN');
    expect(meter.read(10).joules).toBeCloseTo(60, 9);
    tree.write({ 'class/hwmon/hwmon1/curr1_input': 2400 });
    expect(meter.read(20)).toEqual({ joules: 60 + 90, uncertainty: 30 });
  });

  it('are read on the requested rails; sums of shunt voltages are skipped', () => {
    tree.write(jetson);
    const meter = opened(open('VDD_SOC', 'VDD_CPU_GPU_CV'));
    expect(meter.read(10).joules).toBeCloseTo(30, 9);
    expect(open('VDD_GPU')).toBe('no rail VDD_GPU; there are VDD_IN, VDD_CPU_GPU_CV, VDD_SOC');
  });

  it('are summed when none feeds the others, without disabled channels', () => {
    tree.write({
      'class/hwmon/hwmon3/name': 'ina226',
      'class/hwmon/hwmon3/power1_input': 2_500_000,
      'class/hwmon/hwmon3/in1_input': 5000,
      'class/hwmon/hwmon3/curr1_input': 500,
      'class/hwmon/hwmon4/name': 'ina3221',
      'class/hwmon/hwmon4/in1_input': 4000,
      'class/hwmon/hwmon4/curr1_input': 250,
      'class/hwmon/hwmon4/in2_input': 4000,
      'class/hwmon/hwmon4/in2_enable': 0,
      'class/hwmon/hwmon4/curr2_input': 999,
    });
    const meter = opened(open());
    expect(meter.covers).toBe('rail ina226:1, ina3221:1');
    expect(meter.read(2).joules).toBeCloseTo(7, 9);
  });

  it('are lost when they vanish, or when their file returns an error', () => {
    tree.write(jetson);
    const meter = opened(open());
    tree.block('class/hwmon/hwmon1/curr1_input');
    expect(() => meter.read(1)).toThrow(/^hwmon, rail VDD_IN, was lost: EISDIR/);
    expect(open()).toMatch(/^hwmon is there but was not read: EISDIR/);
    tree.remove('class/hwmon');
    expect(() => meter.read(2)).toThrow(/ENOENT/);
    expect(open()).toBe('no power monitor in hwmon');
  });
});

describe('industrial I/O power monitors', () => {
  it('are read in milliwatts: a Jetson Nano by its labels', () => {
    tree.write({
      'bus/iio/devices/iio:device0/name': 'ina3221x',
      'bus/iio/devices/iio:device0/rail_name_0': 'POM_5V_IN',
      'bus/iio/devices/iio:device0/in_power0_input': 2500,
      'bus/iio/devices/iio:device0/rail_name_1': 'POM_5V_GPU',
      'bus/iio/devices/iio:device0/in_power1_input': 300,
    });
    const meter = opened(RailMeter.open('iio', iioRails(tree.root), [], 0));
    expect(meter.covers).toBe('rail POM_5V_IN');
    expect(meter.read(4).joules).toBeCloseTo(10, 9);
  });

  it('are scaled when they are raw', () => {
    tree.write({
      'bus/iio/devices/iio:device1/name': 'ina2xx',
      'bus/iio/devices/iio:device1/in_power2_raw': 120,
      'bus/iio/devices/iio:device1/in_power2_scale': '25.000000',
      'bus/iio/devices/iio:device1/in_voltage1_raw': 9999,
    });
    const meter = opened(RailMeter.open('iio', iioRails(tree.root), [], 0));
    expect(meter.covers).toBe('rail ina2xx:2');
    expect(meter.read(2).joules).toBeCloseTo(6, 9);
  });

  it('can be absent', () => {
    expect(RailMeter.open('iio', iioRails(tree.root), [], 0)).toBe('no power monitor in iio');
  });
});

describe('BatteryMeter', () => {
  const discharging: BatteryMessage = {
    ...{ present: true, percentage: 0.5, charge: NaN, capacity: NaN },
    ...{ status: 2, voltage: 12, current: -2 },
  };
  /** The battery's state, and a meter that reads it. */
  const follow = () => {
    const battery = new BatteryMonitor({ timeout: 5 });
    const open = (now: number) => BatteryMeter.open(() => battery.power(at), (at = now));
    let at = 0;
    const read = (meter: BatteryMeter, now: number) => meter.read((at = now));
    return { battery, open, read };
  };

  it('measures the power of the robot while the battery discharges', () => {
    const { battery, open, read } = follow();
    expect(open(0)).toBe('no discharging battery reports its current');
    battery.hear(discharging, 0);
    const meter = opened(open(0));
    battery.hear({ ...discharging, current: -1 }, 1);
    expect(read(meter, 1)).toEqual({ joules: 18, uncertainty: 6 });
  });

  it.each([
    ['on the charger', { ...discharging, status: 1, current: 1 }, 1],
    ['on a charger that gives less than is drawn', { ...discharging, status: 1 }, 1],
    ['that is full, on mains', { ...discharging, status: 4, current: 0 }, 1],
    ['that is not charged, on mains', { ...discharging, status: 3, current: 0 }, 1],
    ['whose driver leaves the current at 0', { ...discharging, status: 0, current: 0 }, 1],
    ['whose current has the wrong sign', { ...discharging, current: 2 }, 1],
    ['of an infinite current', { ...discharging, current: -Infinity }, 1],
    ['without a current', { ...discharging, current: NaN }, 1],
    ['without a voltage', { ...discharging, voltage: NaN }, 1],
    ['that fell silent', discharging, 6.5],
  ])('measures nothing with a battery %s', (_, message, at) => {
    const { battery, open, read } = follow();
    battery.hear(discharging, 0);
    const meter = opened(open(0));
    battery.hear(message, 1);
    expect(() => read(meter, at)).toThrow('the battery no longer reports voltage and current');
  });
});

describe('the estimate', () => {
  it('is the network by operations plus the rest by CPU time', () => {
    const spent = { network: 1e-6, networkTime: 0.25, processTime: 1 };
    const spending = {
      network: () => spent.network,
      networkTime: () => spent.networkTime,
      processTime: () => spent.processTime,
    };
    const meter = new OperationsMeter(spending, 4);
    Object.assign(spent, { network: 3e-6, networkTime: 0.5, processTime: 2 });
    expect(meter.read().joules).toBeCloseTo(4 * 0.75 + 2e-6, 12);
    expect(meter.read().uncertainty).toBeNaN();
  });
});
