import { noAsking } from 'topspark/agent/asking.js';
import type { Dataset } from '../../datasets/dataset.js';
import { cmos45, unscaledEnergy } from 'topspark/energy/energy-account.js';
import type { OperatingProfile } from 'topspark/timestep/controller/profile.js';
import { shippedProfile } from 'topspark/timestep/controller/shipped-profile.js';
import { framesOf, type DayPlan } from './day-plan.js';
import { runDay, type DayRun, type PathCost } from './day-run.js';
import { DayScene } from './day-scene.js';
import { morning, type MorningOptions } from './morning.js';
import { deadlineRuns, extraRuns, missionRuns } from './pressed.js';
import { accuracyAlone, alwaysCheapest, alwaysDefault, controlled, thresholdsAlone } from './strategies.js';
import { verdictOf, type Verdict } from './verdict.js';

/** Options of the benchmark. */
export interface DayOptions extends MorningOptions {
  readonly plan: DayPlan;
  /** Target accuracy, 0..1. */
  readonly target: number;
  readonly cost: PathCost;
  /** Whether to run days with a mission too. */
  readonly mission: boolean;
  /** Deadline for further days that have one [s]; 0: no such days. */
  readonly deadline: number;
}

/** One row of the table: a strategy. */
export interface DayRow extends DayRun {
  /** Hours whose accuracy was below the target. */
  readonly hoursBelowTarget: number;
}

/** Results. Energies [J], shares 0..1. */
export interface DayResult {
  readonly target: number;
  /** Whether the target was met in each hour under the controller. */
  readonly verdicts: readonly Verdict[];
  /** Hours below the target under the controller in which some point within its caps met it, by chance or not. */
  readonly hoursBelowTarget: number;
  /** Hours among them in which that point was better by more than chance. */
  readonly hoursMissed: number;
  /** Hours of the controller in which the share of right answers lay within the bounds reported at their end. */
  readonly hoursInside: number;
  /** Energy ratio of the network at T = 350, unscaled, on every frame, to the controller. */
  readonly energyRatioFull: number;
  /** Energy ratio of the whole path, default point on every frame, to the controller. */
  readonly pathRatioDefault: number;
  readonly frames: number;
  /** (a) T = 350, unscaled, on every frame: energy of the network, a lower bound, and of the whole path. */
  readonly unscaled: { readonly networkEnergy: number; readonly pathEnergy: number };
  readonly controller: DayRow;
  /** (b) default point throughout, (c) cheapest point throughout, (d) battery thresholds alone. */
  readonly others: readonly DayRow[];
  /** Days on a small battery with and without a mission; days with and without a deadline. Empty: not requested. */
  readonly mission: readonly DayRow[];
  readonly deadline: readonly DayRow[];
  readonly profile: OperatingProfile;
}

/**
 * Trains a network and measures its operating points on images that it has not learned. Then runs it through the day
 * with further images, under the controller and under simpler rules.
 *
 * @param progress - called with the number of samples done
 */
export function dayBench(dataset: Dataset, options: DayOptions, progress: (done: number) => void): DayResult {
  const { plan, target, cost, seed, neurons } = options;
  const start = morning(dataset, options, progress);
  const { profile } = start;
  const first = options.learned + options.measured;
  const world = { ...start, scene: new DayScene(dataset, plan, first, seed), cost, seed };
  const frame = (): void => {
    progress(1);
  };
  const questions = { ...noAsking, perMinute: 60, perHour: plan.labelling === 'asked' ? 3600 * plan.labels : 0 };
  const common = { neurons, dataset, profile, goals: accuracyAlone(target), questions };
  const row = (run: DayRun): DayRow => ({
    ...run,
    hoursBelowTarget: run.hours.filter(({ accuracy }) => accuracy < target).length,
  });
  const controller = runDay(world, controlled(common), true, frame);
  const rules = [alwaysDefault(common), alwaysCheapest(common), thresholdsAlone(common)];
  const others = rules.map((rule) => row(runDay(world, rule, false, frame)));
  const frames = framesOf(plan);
  const networkEnergy = frames * unscaledEnergy(neurons, cmos45);
  const verdicts = controller.hours.map(({ accuracy, points }) => verdictOf(accuracy, target, points));
  const count = (...which: Verdict[]): number => verdicts.filter((verdict) => which.includes(verdict)).length;
  return {
    ...{ target, verdicts, frames, profile, others },
    hoursBelowTarget: count('by chance', 'missed'),
    hoursMissed: count('missed'),
    hoursInside: controller.hours.filter(({ accuracy, low, high }) => accuracy >= low && accuracy <= high).length,
    energyRatioFull: networkEnergy / controller.networkEnergy,
    pathRatioDefault: others[0].pathEnergy / controller.pathEnergy,
    unscaled: { networkEnergy, pathEnergy: networkEnergy + frames * cost.cpu * cost.watts },
    controller: row(controller),
    mission: options.mission ? missionRuns(world, common, frame).map(row) : [],
    deadline: options.deadline > 0 ? deadlineRuns(world, common, options.deadline, frame).map(row) : [],
  };
}

/** Number of samples of {@link dayBench}, for a progress bar. */
export function daySamples({ plan, learned, measured, mission, deadline }: DayOptions): number {
  const perPoint = measured + Math.min(1000, learned);
  const days = 4 + (mission ? extraRuns : 0) + (deadline > 0 ? extraRuns : 0);
  return learned + measured + shippedProfile.points.length * perPoint + days * framesOf(plan);
}
