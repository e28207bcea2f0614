import { describe, expect, it } from 'vitest';
import {
  cmos45,
  costTables,
  EnergyAccount,
  frontEndJoules,
  joules,
  unscaledEnergy,
} from '../../src/energy/energy-account.js';
import { frontEndNames, noFrontEnd, operationNames, type OperationCounts } from '../../src/snn/operation-counts.js';

const priced = [...operationNames, ...frontEndNames].sort();
const none = Object.fromEntries(operationNames.map((name) => [name, 0])) as unknown as OperationCounts;

describe('energy by operations', () => {
  it('adds every operation at its price', () => {
    const counts = { ...none, synapticEvents: 100, neuronUpdates: 10, encoderUpdates: 1, thresholdUpdates: 2 };
    expect(joules(counts, cmos45)).toBeCloseTo((590 + 205 + 10.8 + 7.4) * 1e-12, 20);
  });

  it('takes 2 pJ for an addition of the front end and 20 for a division, on every hardware', () => {
    const seen = { ...noFrontEnd, frontEndAdditions: 15_900, frontEndDivisions: 184 };
    for (const table of Object.values(costTables)) {
      expect(frontEndJoules(seen, table)).toBeCloseTo(35.48e-9, 15);
      expect(joules({ ...none, ...seen }, table)).toBeCloseTo(35.48e-9, 15);
    }
  });

  it('has a price for every operation', () => {
    expect(Object.keys(cmos45).sort()).toEqual(priced);
  });

  it('knows the costs of other hardware, each with a price for every operation', () => {
    const counts = { ...none, synapticEvents: 1000, neuronUpdates: 10 };
    const picojoules = Object.entries(costTables).map(([name, table]) => {
      expect(Object.keys(table).sort()).toEqual(priced);
      return [name, Math.round(1e12 * joules(counts, table))];
    });
    expect(Object.fromEntries(picojoules)).toEqual({
      cmos45: 6105,
      cmos45_large_memory: 51_105,
      loihi: 24_410,
      truenorth: 26_000,
    });
  });

  it('puts the unscaled network of 400 neurons at 13.4 µJ, under the 13.7 µJ that were measured', () => {
    expect(unscaledEnergy(400, cmos45) * 1e6).toBeCloseTo(13.443, 2);
  });
});

describe('an energy account', () => {
  const counts = { ...none, synapticEvents: 1_000_000 };

  it('adds up what was used and what was saved', () => {
    const account = new EnergyAccount(400, cmos45, 0);
    expect(account.add(counts)).toBeCloseTo(5.9e-6, 12);
    account.add(counts);
    expect(account.used).toBeCloseTo(11.8e-6, 12);
    expect(account.saved).toBeCloseTo(2 * unscaledEnergy(400, cmos45) - 11.8e-6, 12);
  });

  it('enters what it took to see, which the unscaled network would have spent as well', () => {
    const account = new EnergyAccount(400, cmos45, 0);
    expect(account.add(counts, { ...noFrontEnd, frontEndAdditions: 1000, frontEndDivisions: 100 })).toBeCloseTo(
      5.904e-6,
      15,
    );
    expect(account.used).toBeCloseTo(5.904e-6, 12);
    expect(account.saved).toBeCloseTo(unscaledEnergy(400, cmos45) - 5.9e-6, 12);
    // A flat picture was looked at too.
    account.addFrontEnd({ ...noFrontEnd, frontEndAdditions: 1000 });
    expect(account.used).toBeCloseTo(5.906e-6, 12);
    expect(account.rate(1).perSample).toBeCloseTo(5.906e-6, 12);
  });

  it('enters what labels cost', () => {
    const account = new EnergyAccount(400, cmos45, 0);
    account.addLabel({ labelUpdates: 1000, plasticityUpdates: 100 });
    expect(account.used).toBeCloseTo(4.6e-9 + 1.46e-9, 15);
  });

  it('tells power and energy per sample since it was asked last', () => {
    const account = new EnergyAccount(400, cmos45, 10);
    account.add(counts);
    account.add(counts);
    expect(account.rate(12).power).toBeCloseTo(5.9e-6, 12);
    expect(account.rate(13)).toEqual({ power: 0, perSample: NaN });
    account.add(counts);
    expect(account.rate(14).perSample).toBeCloseTo(5.9e-6, 12);
  });

  it('has no power where no time passed', () => {
    const account = new EnergyAccount(400, cmos45, 10);
    account.add(counts);
    expect(account.rate(10).power).toBe(0);
  });
});
