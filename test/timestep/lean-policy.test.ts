import { describe, expect, it } from 'vitest';
import { leanBaseline, leanParameters, leanPoint } from '../../src/timestep/policy/lean-policy.js';
import type { OperatingPoint } from '../../src/timestep/policy/operating-point.js';

const point: OperatingPoint = { timesteps: 35, events: 200, keep: 48, exitFirst: 0, exit: 0 };

describe('leanBaseline', () => {
  it('holds the constants for 400 neurons of 784 inputs', () => {
    const baseline = leanBaseline({ neurons: 400, rows: 28, columns: 28 });
    expect(baseline.columnSum).toBeCloseTo(78.4, 12);
    expect(baseline.traceHalf).toBeCloseTo(0.0039, 12);
    expect(baseline.thetaPlus).toBeCloseTo(0.1, 12);
    expect(baseline.thetaKeep).toBeCloseTo(Math.exp(-1 / 160_000), 14);
    expect(baseline.imprintShare).toBeCloseTo(3.84, 12);
    expect(baseline).toMatchObject({ threshold: 13, reset: 5, thetaFresh: 30, rateFirst: 7, rateLast: 0.005 });
    expect(baseline).toMatchObject({ silentKeep: 0.98, voteWeight: 3, forget: 0.995, spreadRate: 0.3, lambda: 3 });
  });

  it('scales with the size: mean weight 0.1, trace ∝ 1/D, θ₊ ∝ √N', () => {
    const small = leanBaseline({ neurons: 100, rows: 8, columns: 8 });
    expect(small.columnSum).toBeCloseTo(6.4, 12);
    expect(small.traceHalf).toBeCloseTo((0.39 * 784) / 64 / 100, 12);
    expect(small.thetaPlus).toBeCloseTo(0.05, 12);
  });

  it.each([
    [{ neurons: 9, rows: 28, columns: 28 }, 'network: neurons is 9, expected an integer in 10..6400'],
    [{ neurons: 6401, rows: 28, columns: 28 }, 'network: neurons is 6401'],
    [{ neurons: 0.5, rows: 28, columns: 28 }, 'network: neurons is 0.5'],
    [{ neurons: 400, rows: 1, columns: 7 }, 'network: inputs (rows × columns) is 7, expected an integer in 8..16384'],
    [{ neurons: 400, rows: 129, columns: 128 }, 'network: inputs (rows × columns) is 16512'],
    [{ neurons: 400, rows: NaN, columns: 28 }, 'network: rows is NaN'],
  ])('refuses %o', (shape, message) => {
    expect(() => leanBaseline(shape)).toThrow(message);
  });
});

describe('leanParameters', () => {
  it('divides the same time of 3.5 membrane constants into T steps', () => {
    for (const timesteps of [1, 5, 16, 35, 350, 1000]) {
      const { decay, leak, reach, drive } = leanParameters({ ...point, timesteps });
      expect(decay ** timesteps).toBeCloseTo(Math.exp(-3.5), 4);
      expect(leak).toBeCloseTo(1 - decay, 6);
      // The final voltage of a constant drive hardly depends on T.
      expect(reach * drive * 200).toBeCloseTo((4480 * (1 - Math.exp(-3.5))) / (timesteps * (1 - decay)), 1);
    }
  });

  it('returns these float32 numbers at T = 35, E = 200', () => {
    expect(leanParameters(point)).toEqual({
      ...{ steps: 35, events: 200, keep: 48, exitFirst: 0, exit: 0 },
      ...{ decay: 0.904837429523468, leak: 0.09516257047653198, reach: 10.191009521484375 },
      ...{ drive: 0.6399999856948853, freshDrive: 12.800000190734863 },
    });
  });

  it.each([
    [{ timesteps: 0 }, 'operating point: timesteps is 0, expected an integer in 1..1000'],
    [{ timesteps: 1e9 }, 'operating point: timesteps is 1000000000'],
    [{ events: 7 }, 'operating point: events is 7'],
    [{ keep: 0 }, 'operating point: keep is 0'],
    [{ exit: NaN }, 'operating point: exit is NaN'],
    [{ exitFirst: -1 }, 'operating point: exitFirst is -1'],
  ])('refuses %o', (changed, message) => {
    expect(() => leanParameters({ ...point, ...changed })).toThrow(message);
  });
});

describe('leanPoint', () => {
  // min(max(⌊N/4⌋, 10), 48); docs/method.md, section 6
  it.each([
    [10, 10],
    [43, 10],
    [44, 11],
    [100, 25],
    [191, 47],
    [192, 48],
    [400, 48],
    [6400, 48],
  ])('keeps for %d neurons %d, and is otherwise the same at every size', (neurons, keep) => {
    expect(leanPoint(neurons)).toEqual({ timesteps: 35, events: 200, keep, exitFirst: 0, exit: 0 });
  });
});
