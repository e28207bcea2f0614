import { wilson } from 'topspark/accuracy/wilson.js';
import { cmos45, cmos45InTime, joules } from 'topspark/energy/energy-account.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import type { AllCounts, Meter } from './meter.js';

/** What a network did per sample. */
export interface Effort {
  readonly operations: AllCounts;
  /** Front end and network together, by counted operations, 45 nm [J]. */
  readonly energyPerSample: number;
  /** CPU time of the network [µs]. */
  readonly microsecondsPerSample: number;
}

/** Decisions of the frozen network at one operating point. */
export interface LifeTest extends Effort {
  readonly point: OperatingPoint;
  readonly samples: number;
  /** Share of right answers with its 95 % bounds, 0..1. */
  readonly accuracy: number;
  readonly accuracyLow: number;
  readonly accuracyHigh: number;
  /** Mean timesteps run. */
  readonly steps: number;
  /** Share of samples decided before the first step, 0..1. */
  readonly withoutSteps: number;
}

/** Results of a stage. All accuracies are against the truth; each answer is given before its label. */
export interface StageResult extends Effort {
  readonly samples: number;
  /** Accuracy of the first 500 samples and of the last 2000. */
  readonly first: number;
  readonly last: number;
  /** Accuracy in windows of 1000 samples. */
  readonly prequential: readonly number[];
  /** Samples until 80 % of the last 1000 were right; absent: never. */
  readonly reached?: number;
  /**
   * Samples until the accuracy of the last 500 came within 3 percentage points of `last` of the stage before; absent:
   * never, or no stage before.
   */
  readonly recovered?: number;
  /** Changes of the world that the network detected. */
  readonly alarms: number;
  readonly neuronsUsed: number;
  readonly tests: readonly LifeTest[];
}

/** Results of a scenario. */
export interface LifeResult {
  readonly stages: readonly StageResult[];
  readonly weightsHash: string;
}

/** Effort per sample, from a meter. */
export function effort(meter: Meter, timed: boolean): Effort {
  const operations = meter.operationsPerSample();
  return {
    operations,
    energyPerSample: joules(operations, timed ? cmos45InTime : cmos45),
    microsecondsPerSample: meter.microsecondsPerSample(),
  };
}

/** Results of a test: samples and accuracy with its bounds. */
export function bounded(meter: Meter): Pick<LifeTest, 'samples' | 'accuracy' | 'accuracyLow' | 'accuracyHigh'> {
  const { low, high } = wilson(meter.right, meter.samples);
  const { samples, right } = meter;
  return { samples, accuracy: right / samples, accuracyLow: low, accuracyHigh: high };
}
