import type { OperatingProfile } from 'topspark/timestep/controller/profile.js';
import { smallBattery } from './day-plan.js';
import { runDay, type DayRun, type DayWorld } from './day-run.js';
import { DayScene } from './day-scene.js';
import { alwaysDefault, controlled, thresholdsAlone, type StrategyOptions } from './strategies.js';

/** Number of runs of {@link missionRuns}, and of {@link deadlineRuns}. */
export const extraRuns = 3;

/** Charge that must be left at the end of the day, 0..1. */
export const missionReserve = 0.2;

/**
 * Days on a small battery without a charger: with the mission to keep a fifth of its charge, without, and at the
 * default point throughout.
 */
export function missionRuns(world: DayWorld, options: StrategyOptions, frame: () => void): readonly DayRun[] {
  const { dataset, plan } = world.scene;
  const small = smallBattery(plan);
  const until = new Date(plan.end * 1000).toISOString().slice(11, 16);
  const mission = { until, timeZone: 'UTC', reserve: missionReserve };
  const planned = { ...options, goals: { ...options.goals, mission } };
  const rules = [controlled(planned, 'with the mission'), controlled(options, 'without'), alwaysDefault(options)];
  const scene = new DayScene(dataset, small, world.scene.first, world.seed);
  return rules.map((rule) => runDay({ ...world, scene }, rule, false, frame));
}

/** Time of the network on a processor that is far slower than a PC's: a sample of 0.1 µJ takes 10 ms [s/J]. */
const slowness = 1e5;

/** Days on a slow processor: with a deadline, without, and by the battery's thresholds alone. */
export function deadlineRuns(
  world: DayWorld,
  options: StrategyOptions,
  deadline: number,
  frame: () => void,
): readonly DayRun[] {
  const points = options.profile.points.map((point) => {
    const { energy, frontEndEnergy = 0 } = point;
    const time = (joules: number): number => slowness * (joules - frontEndEnergy);
    return { ...point, latency: { train: time(energy.train), infer: time(energy.infer) } };
  });
  const profile: OperatingProfile = { ...options.profile, points };
  const slow = { ...options, profile };
  const pressed = { ...slow, goals: { ...options.goals, deadline } };
  const rules = [controlled(pressed, 'with the deadline'), controlled(slow, 'without'), thresholdsAlone(slow)];
  const latencies = { profile, deadline };
  return rules.map((rule) => runDay({ ...world, latencies }, rule, false, frame));
}
