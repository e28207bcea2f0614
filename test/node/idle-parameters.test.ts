import { describe, expect, it } from 'vitest';
import { idleBecause, idleSentences } from '../../src/node/idle-parameters.js';
import { movedEntries } from '../../src/node/moved-parameters.js';
import { offlineParameters } from '../../src/node/offline-parameters.js';
import { parameterTable } from '../../src/node/parameter-table.js';

describe('parameters without effect', () => {
  const idle = (...set: string[]) => {
    const values = offlineParameters({ set }, '/topspark', parameterTable);
    const given = new Set(set.map((each) => each.split(':=')[0]));
    return idleSentences([...parameterTable, ...movedEntries], values, given);
  };

  it('are reported with what they need', () => {
    expect(idle('scan.near:=0.3', 'scan.far:=5.0', 'imu.window:=2.0')).toEqual([
      'scan.near, scan.far are set and have no effect: they need scan in sensors, which is [image]',
      'imu.window is set and has no effect: it needs imu in sensors, which is [image]',
    ]);
    expect(idle('image.weight:=0.3')).toEqual([
      'image.weight is set and has no effect: it needs two or more in sensors, which is [image]',
    ]);
    expect(idle('energy.source:=rapl', 'energy.rails:=VDD')).toEqual([
      'energy.rails is set and has no effect: it needs auto or hwmon or iio in energy.source, which is rapl',
    ]);
    expect(idle('energy.costs.synaptic_events:=7', 'energy.costs.file:=/costs.yaml')).toEqual([
      'energy.costs.file, energy.costs.synaptic_events are set and have no effect: they need custom in energy.cost_table, which is cmos45',
    ]);
  });

  it('are not reported when they have their default, as in a copy of the shipped file, or have an effect', () => {
    expect(idle('scan.near:=0.0')).toEqual([]);
    expect(idle('scan.near:=0.3', 'sensors:=[scan]')).toEqual([]);
    expect(idle('scan.weight:=0.3', 'sensors:=[scan, image]')).toEqual([]);
  });

  it('need only what parameters can provide', () => {
    const names = new Set(parameterTable.map(({ name }) => name));
    const values = offlineParameters({}, '/topspark', parameterTable);
    for (const { needs = [] } of parameterTable) for (const { parameter } of needs) expect(names).toContain(parameter);
    expect(parameterTable.some((entry) => idleBecause(entry, values) !== undefined)).toBe(true);
  });
});
