import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BatteryMessage } from '../../src/energy/battery.js';
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

/** Readings where no hardware tells; the network spends what `spent` says [J], and the rest costs nothing. */
function start(spent: () => number): EnergyReadings {
  const set = [`energy.sysfs:=${tree.root}`, 'energy.watts_per_core:=0.0'];
  const values = offlineParameters({ set }, '/topspark', parameterTable);
  const spending = { network: spent, networkTime: () => 0 };
  return new EnergyReadings(values, spending, pino({ enabled: false }), 0);
}

const battery: BatteryMessage = {
  ...{ present: true, percentage: 0.5, charge: NaN, capacity: NaN },
  ...{ status: 2, voltage: 10, current: -1 },
};

describe('the energy of a node', () => {
  it('is counted once where the estimate follows a source that was lost', () => {
    let network = 0;
    const readings = start(() => network);
    network = 100;
    expect(readings.read(30)).toMatchObject({ source: 'operations', joules: 100 });
    readings.hear(battery, 60);
    expect(readings.read(60)).toMatchObject({ source: 'operations', joules: 100 });
    network = 107;
    expect(readings.read(61)).toMatchObject({ source: 'battery', joules: 110, power: 10 });
    // On the charger the battery tells nothing; what the network spent under the battery's eyes is in the 110 J.
    readings.hear({ ...battery, status: 1, current: 2 }, 62);
    expect(readings.read(62)).toMatchObject({ source: 'operations', joules: 110 });
    network = 109;
    expect(readings.read(63)).toMatchObject({ source: 'operations', joules: 112, power: 2 });
  });
});
