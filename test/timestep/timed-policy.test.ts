import { describe, expect, it } from 'vitest';
import { timedBaseline, timedExponents, timedParameters } from '../../src/timestep/policy/timed-policy.js';

const at = (policy: 'none' | 'paper' | 'rate', timesteps: number) =>
  timedParameters(timedExponents[policy], timesteps, 0);

describe('the policies of spikes in time', () => {
  it('agree at T = 350', () => {
    expect(at('paper', 350)).toEqual(at('none', 350));
    expect(at('rate', 350)).toEqual(at('none', 350));
    expect(at('none', 350)).toMatchObject({
      steps: 350,
      unit: 1,
      refractory: 5,
      density: Math.fround(12.8),
      window: 35,
    });
    expect(at('none', 350).decay).toBeCloseTo(Math.exp(-1 / 100), 7);
  });

  it('none: scales nothing', () => {
    const { decay, density, unit, refractory } = at('none', 350);
    expect(at('none', 50)).toMatchObject({ steps: 50, decay, density, unit, refractory });
  });

  it('paper: a fifth of the steps, each with a fifth of the time and five times the weight', () => {
    const { decay, density, unit, refractory } = at('paper', 70);
    expect(decay).toBeCloseTo(Math.exp(-1 / 20), 7);
    expect(density).toBe(Math.fround(12.8));
    expect(unit).toBeCloseTo(0.2, 7);
    expect(refractory).toBe(1);
  });

  it('rate: a quarter of the steps with twice the spikes of twice the weight each', () => {
    const { density, unit, refractory } = at('rate', 88);
    expect(density).toBeCloseTo(12.8 * Math.sqrt(350 / 88), 5);
    expect(unit).toBeCloseTo(Math.sqrt(88 / 350), 6);
    expect(refractory).toBe(1);
  });

  it('rate: stays below 900 Hz, and the gain compensates for it', () => {
    const { density, unit } = at('rate', 4);
    expect(density).toBe(90);
    expect(unit).toBeCloseTo((900 / 128) * (4 / 350), 6);
  });

  it('keep a whole rest when it is whole: 2 of 5 at T = 140', () => {
    expect([69, 70, 139, 140, 210, 350, 1000].map((timesteps) => at('rate', timesteps).refractory)).toEqual([
      ...[0, 1, 1, 2, 3, 5, 14],
    ]);
  });

  it('let thresholds decay by as much per sample at every T', () => {
    expect(at('rate', 16).thetaDecay).toBe(at('none', 350).thetaDecay);
  });

  it("accept a user's exponents within bounds", () => {
    const own = { ...timedExponents.rate, inputRate: -0.25 };
    expect(timedParameters(own, 35, 0).density).toBeCloseTo(12.8 * 10 ** 0.25, 5);
    expect(() => timedParameters({ ...own, membrane: 3 }, 35, 0)).toThrow(
      'exponent membrane is 3, expected a number in -2..2',
    );
  });

  it('refuse an impossible exit', () => {
    expect(() => timedParameters(timedExponents.rate, 35, -1)).toThrow('operating point: exit is -1');
  });

  it('have constants for every size', () => {
    const baseline = timedBaseline({ neurons: 400, rows: 28, columns: 28 }, 'pair', 'poisson');
    expect(baseline).toMatchObject({ inhibition: 180, thetaPlus: 0.4, threshold: 13, reset: 5 });
    // The first spikes of a small network do not silence it.
    expect(timedBaseline({ neurons: 100, rows: 28, columns: 28 }, 'pair', 'poisson').inhibition).toBe(200);
    expect(baseline.columnSum).toBeCloseTo(78.4, 10);
    expect(baseline.trace[20]).toBeCloseTo(Math.exp(-1), 6);
  });
});
