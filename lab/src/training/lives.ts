import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import type { LifeStage, WorldChange } from './life-options.js';

// The experiments of docs/lean.md as stages of a life.

/** Learns the same world and is tested whenever it has seen so many samples, ascending. */
export function steadyLife(point: OperatingPoint, checks: readonly number[]): LifeStage[] {
  return checks.map((check, k) => ({ samples: check - (checks[k - 1] ?? 0), point, tests: [point] }));
}

/** Classes come two at a time, 4000 samples each pair, and never again; tested on all classes at the end. */
export function classesLife(point: OperatingPoint, classes: number): LifeStage[] {
  return Array.from({ length: Math.ceil(classes / 2) }, (_, pair) => ({
    samples: 4000,
    point,
    classes: [2 * pair, 2 * pair + 2] as const,
    tests: 2 * pair + 2 >= classes ? [point] : [],
  }));
}

/** After 20,000 samples the world changes, for 20,000 more. */
export function driftLife(point: OperatingPoint, change: WorldChange): LifeStage[] {
  return [
    { samples: 20_000, point },
    { samples: 20_000, point, change },
  ];
}

/** T changes every 10,000 samples while learning; tested at the given point. */
export function scheduleLife(point: OperatingPoint, timesteps: readonly number[]): LifeStage[] {
  return timesteps.map((T, k) => ({
    samples: 10_000,
    point: { ...point, timesteps: T },
    tests: k === timesteps.length - 1 ? [point] : [],
  }));
}

/** Learns 20,000 samples at one point, and decides at many. */
export function pointsLife(point: OperatingPoint, tests: readonly OperatingPoint[]): LifeStage[] {
  return [{ samples: 20_000, point, tests }];
}
