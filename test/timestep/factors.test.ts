import { describe, expect, it } from 'vitest';
import { factorOf } from '../../src/timestep/policy/factors.js';
import { leanBaseline, leanConstants, leanParameters } from '../../src/timestep/policy/lean-policy.js';
import {
  timedBaseline,
  timedConstants,
  timedExponents,
  timedParameters,
} from '../../src/timestep/policy/timed-policy.js';

const shape = { neurons: 100, rows: 8, columns: 8 };
const point = { timesteps: 50, events: 200, keep: 25, exitFirst: 0, exit: 0 };
const lean = (factors = {}) => ({ ...leanBaseline(shape, factors), ...leanParameters(point, factors) });
const timed = (factors = {}) => ({
  ...timedBaseline(shape, 'pair', 'regular', factors),
  ...timedParameters(timedExponents.rate, 50, 0, factors),
});

describe('factors on constants', () => {
  it.each(Object.keys(leanConstants))('lean: %s alone changes something, and 1 changes nothing', (name) => {
    expect(lean({ [name]: 1 })).toEqual(lean());
    expect(lean({ [name]: 2 })).not.toEqual(lean());
  });

  it.each(Object.keys(timedConstants))('spikes in time: %s alone changes something, and 1 changes nothing', (name) => {
    expect(timed({ [name]: 1 })).toEqual(timed());
    // No rest is left to halve at T = 50: ⌊5 · 50/350⌋ = 0.
    expect(timed({ [name]: name === 'refractory' ? 3 : 2 })).not.toEqual(timed());
  });

  it('multiply one constant and leave the others unchanged', () => {
    expect(lean({ threshold: 0.5 })).toEqual({ ...lean(), threshold: 6.5 });
    expect(timed({ inhibition: 2 })).toEqual({ ...timed(), inhibition: 400 });
  });

  it('change the input rate without the gain, unlike a policy', () => {
    const { density, unit } = timed();
    expect(timed({ inputRate: 2 }).density).toBeCloseTo(2 * density, 5);
    expect(timed({ inputRate: 2 }).unit).toBe(unit);
    expect(timed({ gain: 2 }).unit).toBeCloseTo(unit / 2, 6);
  });

  it('are refused for an unknown constant, and outside of their bounds', () => {
    expect(() => lean({ inhibition: 2 })).toThrow('factor of inhibition, expected one of columnSum, traceHalf');
    expect(() => factorOf({ gain: 0 }, timedConstants)).toThrow(
      'factor of gain is 0, expected a number in 0.001..1000',
    );
  });
});
