import { describe, expect, it } from 'vitest';
import type { Cell } from '../../src/bench/engine/cells.js';
import type { Peak } from '../../src/bench/engine/probe.js';
import { rooflines } from '../../src/bench/engine/roofline.js';
import { operationNames, type OperationCounts } from '../../../src/snn/operation-counts.js';

const counts = (some: Partial<OperationCounts>): OperationCounts =>
  ({ ...Object.fromEntries(operationNames.map((name) => [name, 0])), ...some }) as OperationCounts;
const timing = (median: number): Cell['train'] => ({ median, low: median, high: median, rounds: [median] });

const cell = (some: Partial<OperationCounts>): Cell => ({
  ...{ name: 'in time, T 50', neurons: 400, neuronsUsed: 400, timesteps: 50, inTime: true },
  ...{ train: timing(100), infer: timing(50) },
  operations: { train: counts(some), infer: counts(some) },
});
/** A cache of 64 KiB at 100 GB/s, memory at 20 GB/s, and 30 G additions per second. */
const peak: Peak = {
  clock: 3.6e9,
  additions: 30e9,
  bandwidth: [
    { bytes: 2 ** 16, bytesPerSecond: 100e9 },
    { bytes: 2 ** 26, bytesPerSecond: 20e9 },
  ],
};

describe('rooflines', () => {
  it('uses the bandwidth of the cache that holds the rows of all active inputs', () => {
    // 30 active inputs in 50 steps: 30 rows of 1600 bytes; 500,000 weights of 4 bytes at 100 GB/s are 20 µs.
    const [training, inference] = rooflines(cell({ encoderUpdates: 1500, synapticEvents: 500_000 }), peak);
    expect(training.range).toBe(48_000);
    expect(training.memoryBound).toBeCloseTo((2_001_500 / 100e9) * 1e6, 9);
    expect(training).toMatchObject({ mode: 'training', bound: 'memory', bandwidth: 100e9 });
    expect(inference.reached).toBeCloseTo(2 * training.reached, 9);
    const [far] = rooflines(cell({ encoderUpdates: 15_000, synapticEvents: 500_000 }), peak);
    expect(far.bandwidth).toBe(20e9);
  });

  it('says when arithmetic is the bound', () => {
    // A threshold update is one operation and 8 bytes, a neuron update three: only the latter can be the bound here.
    const fast = { ...peak, bandwidth: [{ bytes: 2 ** 26, bytesPerSecond: 1e12 }] };
    const [line] = rooflines(cell({ neuronUpdates: 1_000_000 }), fast);
    expect(line).toMatchObject({ bound: 'arithmetic', operations: 3_000_000 });
    expect(line.arithmeticBound).toBeCloseTo(100, 9);
    expect(line.reached).toBeCloseTo(1, 9);
  });
});
