import type { OperationCounts } from 'topspark/snn/operation-counts.js';
import type { Cell } from './cells.js';
import { bandwidthAt, type Peak } from './probe.js';

// A sample takes at least
//
//   max(bytes / bandwidth, additions / peak)
//
// with the bytes of weights and voltages that its operations read and write, and their floating point operations.
// Source: S. Williams, A. Waterman, D. Patterson, Roofline, CACM 52(4), 2009.

/** How far a cell is below the limit of the machine. */
export interface Roofline {
  readonly name: string;
  readonly neurons: number;
  /** `training` or `inference`. */
  readonly mode: 'training' | 'inference';
  /** Operations and bytes of one sample. */
  readonly operations: number;
  readonly bytes: number;
  /** Size of the memory that holds the weights read for one sample [byte]; it decides which cache they come from. */
  readonly range: number;
  readonly operationsPerSecond: number;
  readonly bytesPerSecond: number;
  /** Bandwidth for that range, and the machine's peak of additions. */
  readonly bandwidth: number;
  readonly peak: number;
  /** Lower bounds of the time by memory and by arithmetic [µs], and the measured time. */
  readonly memoryBound: number;
  readonly arithmeticBound: number;
  readonly measured: number;
  /** The larger of the two bounds. */
  readonly bound: 'memory' | 'arithmetic';
  /** Bound over measured time, 0..1; 1: it could not be faster. */
  readonly reached: number;
}

/** Floating-point operations: additions, multiplications and comparisons of each counted operation. */
const arithmetic: Readonly<Record<keyof OperationCounts, number>> = {
  inputSpikes: 0,
  encoderUpdates: 2,
  synapticEvents: 1,
  neuronUpdates: 3, // leak, input or push, threshold
  plasticityUpdates: 3,
  normalisationUpdates: 2,
  thresholdUpdates: 1,
  labelUpdates: 2,
  outputSpikes: 0,
};

/** Bytes read and written. A weight has 4: read once per synaptic event, read and written once where it changes. */
const traffic: Readonly<Record<keyof OperationCounts, number>> = {
  inputSpikes: 0,
  encoderUpdates: 1,
  synapticEvents: 4,
  neuronUpdates: 8,
  plasticityUpdates: 8,
  normalisationUpdates: 8,
  thresholdUpdates: 8,
  labelUpdates: 4,
  outputSpikes: 0,
};

/** Both modes of a cell: training and inference. */
export function rooflines(cell: Cell, peak: Peak): Roofline[] {
  return (['training', 'inference'] as const).map((mode) => {
    const part = mode === 'training' ? 'train' : 'infer';
    return roofline(cell, mode, cell.operations[part], cell[part].median, peak);
  });
}

function roofline(cell: Cell, mode: Roofline['mode'], counts: OperationCounts, measured: number, peak: Peak): Roofline {
  const operations = weigh(counts, arithmetic);
  const bytes = weigh(counts, traffic);
  const range = weightRange(cell, counts);
  const bandwidth = bandwidthAt(peak, range);
  const memoryBound = (bytes / bandwidth) * 1e6;
  const arithmeticBound = (operations / peak.additions) * 1e6;
  const bound = memoryBound >= arithmeticBound ? 'memory' : 'arithmetic';
  return {
    ...{ name: cell.name, neurons: cell.neurons, mode, operations, bytes, range, bandwidth, peak: peak.additions },
    operationsPerSecond: (operations / measured) * 1e6,
    bytesPerSecond: (bytes / measured) * 1e6,
    ...{ memoryBound, arithmeticBound, measured, bound },
    reached: Math.max(memoryBound, arithmeticBound) / measured,
  };
}

// Spikes in time read the rows of a sample's active inputs again in every step. Lean reads a weight at most once per
// sample. All other weights pass through the cache before it is read again, in both layouts.
function weightRange({ neurons, neuronsUsed, timesteps, inTime }: Cell, counts: OperationCounts): number {
  if (inTime) return 4 * neurons * (counts.encoderUpdates / timesteps);
  return 2 * 4 * neuronsUsed * 784;
}

function weigh(counts: OperationCounts, weights: Readonly<Record<keyof OperationCounts, number>>): number {
  let sum = 0;
  for (const [name, weight] of Object.entries(weights)) sum += weight * counts[name as keyof OperationCounts];
  return sum;
}
