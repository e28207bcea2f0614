import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
 * Readings where no hardware tells; the network spends what `spent` says [J], the robot draws what `drawn` says [W], and the
 * rest costs nothing.
 */
function start(spent: () => number, drawn: () => number): EnergyReadings {
  const set = [`energy.sysfs:=${tree.root}`, 'energy.watts_per_core:=0.0'];
  const values = offlineParameters({ set }, '/topspark', parameterTable);
  const spending = { network: spent, networkTime: () => 0 };
  return new EnergyReadings(values, spending, drawn, pino({ enabled: false }), 0);
}

describe('the energy of a node', () => {
  it('is counted once where the estimate follows a source that was lost', () => {
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
    // On the charger the battery tells nothing; what the network spent under the battery's eyes is in the 110 J.
    drawn = NaN;
    expect(readings.read(62)).toMatchObject({ source: 'operations', joules: 110 });
    network = 109;
    expect(readings.read(63)).toMatchObject({ source: 'operations', joules: 112, power: 2 });
  });
});
