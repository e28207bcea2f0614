import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BatteryMeter } from '../../src/energy/battery-meter.js';
import { sourceLost, type EnergyMeter, type EnergySourceName, type OpenMeter } from '../../src/energy/energy-meter.js';
import { EnergySource } from '../../src/energy/energy-source.js';
import { hwmonRails } from '../../src/energy/hwmon-rails.js';
import { iioRails } from '../../src/energy/iio-rails.js';
import { OperationsMeter } from '../../src/energy/operations-meter.js';
import { RailMeter } from '../../src/energy/rail-meter.js';
import { RaplMeter } from '../../src/energy/rapl-meter.js';
import { jetson, packageCounter, rapl, SysfsTree } from './sysfs-tree.js';

let tree: SysfsTree;
let drawn: number;
let cpu: number;
let logged: string[];
beforeEach(() => {
  tree = new SysfsTree();
  drawn = NaN;
  cpu = 0;
  logged = [];
});
afterEach(() => {
  tree.remove();
});

/** Present until it is read. */
class DeadMeter implements EnergyMeter {
  readonly source = 'hwmon';
  readonly measured = true;
  readonly covers = 'nothing';

  constructor(readonly opened: number) {}

  read(): never {
    throw sourceLost('asleep');
  }
}

function start(
  asked: EnergySourceName | 'auto' = 'auto',
  others: Partial<Record<EnergySourceName, OpenMeter>> = {},
): EnergySource {
  const spending = { network: () => 0, networkTime: () => 0, processTime: () => cpu };
  const openers = {
    rapl: (now: number) => RaplMeter.open(tree.root, now),
    hwmon: (now: number) => RailMeter.open('hwmon', hwmonRails(tree.root), [], now),
    iio: (now: number) => RailMeter.open('iio', iioRails(tree.root), [], now),
    battery: (now: number) => BatteryMeter.open(() => drawn, now),
    operations: () => new OperationsMeter(spending, 5),
    ...others,
  };
  return new EnergySource(openers, asked, (level, sentence) => logged.push(`${level}: ${sentence}`), 0);
}

describe('EnergySource', () => {
  it('is the estimate when nothing is measured, which is no fault', () => {
    const source = start();
    cpu = 2;
    expect(source.read(4)).toMatchObject({ joules: 10, power: 2.5, source: 'operations', measured: false });
    expect(logged).toEqual([]);
  });

  it('is the best available one', () => {
    tree.write({ ...jetson, ...rapl() });
    expect(start().read(1)).toMatchObject({ source: 'rapl', measured: true });
    tree.remove('class/powercap');
    expect(start().read(1)).toMatchObject({ source: 'hwmon', covers: 'rail VDD_IN' });
    drawn = 10;
    expect(start('battery').read(1)).toMatchObject({ source: 'battery', joules: 10 });
  });

  it('warns when the requested one is missing, and uses the estimate', () => {
    const source = start('rapl');
    expect(logged).toEqual(['warn: energy.source is rapl: no powercap zones of a processor']);
    expect(source.read(1)).toMatchObject({ source: 'operations' });
    expect(start('operations').read(1)).toMatchObject({ source: 'operations' });
    expect(logged).toHaveLength(1);
  });

  it('falls back to the next best when one vanishes, and no joule is lost or counted twice', () => {
    tree.write({ ...rapl(0), ...jetson });
    const source = start();
    tree.write({ [packageCounter]: 20_000_000 });
    expect(source.read(1).joules).toBe(20);
    tree.remove('class/powercap');
    // Nobody knows what was drawn since the last reading; it was not nothing.
    expect(source.read(2)).toMatchObject({ joules: 20, power: NaN, source: 'hwmon' });
    expect(source.read(3).joules).toBeCloseTo(26, 9);
    tree.remove('class/hwmon');
    cpu = 7;
    expect(source.read(4)).toMatchObject({ source: 'operations' });
    cpu = 8;
    expect(source.read(5)).toMatchObject({ power: 5 });
    expect(source.read(6).joules).toBeCloseTo(31, 9);
    expect(logged).toHaveLength(2);
    expect(logged[0]).toMatch(/^warn: powercap was lost: ENOENT.*; energy comes from hwmon now$/);
    expect(logged[1]).toMatch(/^warn: hwmon, rail VDD_IN, was lost: ENOENT.*; energy comes from operations now$/);
  });

  it('skips one that opens but cannot be read', () => {
    tree.write(rapl());
    const source = start('auto', { hwmon: (now) => new DeadMeter(now) });
    tree.remove('class/powercap');
    expect(source.read(1)).toMatchObject({ source: 'operations' });
    expect(logged.map((sentence) => sentence.replace(/ENOENT.*; /, '…; '))).toEqual([
      'warn: powercap was lost: …; energy comes from hwmon now',
      'warn: asleep; energy comes from operations now',
    ]);
  });

  it('returns to one that is back: a battery after charging', () => {
    const source = start();
    drawn = 10;
    expect(source.read(30)).toMatchObject({ source: 'operations' });
    expect(source.read(31)).toMatchObject({ source: 'battery' });
    expect(logged).toEqual(['info: battery is present: energy comes from it now (the whole robot)']);
  });

  it('retries an unstable one ever less often', () => {
    tree.write(rapl());
    const source = start();
    // The counters stand still, as in a virtual machine.
    for (let second = 1; second <= 3600; second++) source.read(second);
    const losses = logged.filter((sentence) => sentence.includes('stood still'));
    expect(losses.length).toBeGreaterThan(2);
    expect(losses.length).toBeLessThan(8);
    expect(source.read(3601).joules).toBe(0);
  });
});
