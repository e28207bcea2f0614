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
  it('multiplies every operation by its cost', () => {
    const counts = { ...none, synapticEvents: 100, neuronUpdates: 10, encoderUpdates: 1, thresholdUpdates: 2 };
    expect(joules(counts, cmos45)).toBeCloseTo((590 + 205 + 10.8 + 7.4) * 1e-12, 20);
  });

  it('takes 2 pJ for an addition of the front end and 20 pJ for a division, on all hardware', () => {
    const seen = { ...noFrontEnd, frontEndAdditions: 15_900, frontEndDivisions: 184 };
    for (const table of Object.values(costTables)) {
      expect(frontEndJoules(seen, table)).toBeCloseTo(35.48e-9, 15);
      expect(joules({ ...none, ...seen }, table)).toBeCloseTo(35.48e-9, 15);
    }
  });

  it('has a cost for every operation', () => {
    expect(Object.keys(cmos45).sort()).toEqual(priced);
  });

  it('knows the costs of other hardware, with every operation', () => {
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

  it('puts the unscaled network of 400 neurons at 13.4 µJ, below the measured 13.7 µJ', () => {
    expect(unscaledEnergy(400, cmos45) * 1e6).toBeCloseTo(13.443, 2);
  });
});

describe('EnergyAccount', () => {
  const counts = { ...none, synapticEvents: 1_000_000 };

  it('sums the energy used and saved', () => {
    const account = new EnergyAccount(400, cmos45, 0);
    expect(account.add(counts)).toBeCloseTo(5.9e-6, 12);
    account.add(counts);
    expect(account.used).toBeCloseTo(11.8e-6, 12);
    expect(account.saved).toBeCloseTo(2 * unscaledEnergy(400, cmos45) - 11.8e-6, 12);
  });

  it('includes the cost of the front end, which the unscaled network would spend too', () => {
    const account = new EnergyAccount(400, cmos45, 0);
    expect(account.add(counts, { ...noFrontEnd, frontEndAdditions: 1000, frontEndDivisions: 100 })).toBeCloseTo(
      5.904e-6,
      15,
    );
    expect(account.used).toBeCloseTo(5.904e-6, 12);
    expect(account.saved).toBeCloseTo(unscaledEnergy(400, cmos45) - 5.9e-6, 12);
    // A flat picture was processed too.
    account.addFrontEnd({ ...noFrontEnd, frontEndAdditions: 1000 });
    expect(account.used).toBeCloseTo(5.906e-6, 12);
    expect(account.rate(1).perSample).toBeCloseTo(5.906e-6, 12);
  });

  it('includes the cost of labels', () => {
    const account = new EnergyAccount(400, cmos45, 0);
    account.addLabel({ labelUpdates: 1000, plasticityUpdates: 100 });
    expect(account.used).toBeCloseTo(4.6e-9 + 1.46e-9, 15);
  });

  it('reports power and energy per sample since the last report', () => {
    const account = new EnergyAccount(400, cmos45, 10);
    account.add(counts);
    account.add(counts);
    expect(account.rate(12).power).toBeCloseTo(5.9e-6, 12);
    expect(account.rate(13)).toEqual({ power: 0, perSample: NaN });
    account.add(counts);
    expect(account.rate(14).perSample).toBeCloseTo(5.9e-6, 12);
  });

  it('has no power when no time passed', () => {
    const account = new EnergyAccount(400, cmos45, 10);
    account.add(counts);
    expect(account.rate(10).power).toBe(0);
  });
});
