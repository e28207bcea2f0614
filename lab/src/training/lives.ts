import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import type { LifeStage, WorldChange } from './life-options.js';

// The experiments of docs/lean.md as stages of a scenario.

/** Learns an unchanged world and tests each time that the given numbers of samples (ascending) are reached. */
export function steadyLife(point: OperatingPoint, checks: readonly number[]): LifeStage[] {
  return checks.map((check, k) => ({ samples: check - (checks[k - 1] ?? 0), point, tests: [point] }));
}

/** Shows two classes at a time, 4000 samples for each pair, and never again; tests on all classes at the end. */
export function classesLife(point: OperatingPoint, classes: number): LifeStage[] {
  return Array.from({ length: Math.ceil(classes / 2) }, (_, pair) => ({
    samples: 4000,
    point,
    classes: [2 * pair, 2 * pair + 2] as const,
    tests: 2 * pair + 2 >= classes ? [point] : [],
  }));
}

/** Learns 20,000 samples, then the world changes for 20,000 more. */
export function driftLife(point: OperatingPoint, change: WorldChange): LifeStage[] {
  return [
    { samples: 20_000, point },
    { samples: 20_000, point, change },
  ];
}

/** Changes T every 10,000 samples while learning; tests at the given point in the end. */
export function scheduleLife(point: OperatingPoint, timesteps: readonly number[]): LifeStage[] {
  return timesteps.map((T, k) => ({
    samples: 10_000,
    point: { ...point, timesteps: T },
    tests: k === timesteps.length - 1 ? [point] : [],
  }));
}

/** Learns 20,000 samples at one point and tests at many. */
export function pointsLife(point: OperatingPoint, tests: readonly OperatingPoint[]): LifeStage[] {
  return [{ samples: 20_000, point, tests }];
}
