import type { AgentSettings } from '../../../agent/settings.js';
import type { Snapshot } from '../../../base/snapshot.js';
import type { Dataset, Split } from '../../../data/dataset.js';
import { cmos45 } from '../../../energy/cost-table.js';
import { unscaledEnergy } from '../../../energy/unscaled.js';
import { measurePoints } from '../../../sweep/measure-points.js';
import { trainRun } from '../../../sweep/train-run.js';
import { defaultModes, type ModeTable } from '../../../timestep/modes.js';
import type { OperatingPoint } from '../../../timestep/operating-point.js';
import type { OperatingProfile } from '../../../timestep/profile.js';
import { shippedProfile } from '../../../timestep/shipped-profile.js';
import type { DayPlan } from './day-plan.js';
import { runDay, type DayRun, type PathCost, type Strategy } from './day-run.js';
import { DayScene } from './day-scene.js';

/** What the benchmark does. */
export interface DayOptions {
  readonly plan: DayPlan;
  /** Accuracy that is asked for, 0..1. */
  readonly target: number;
  readonly cost: PathCost;
  readonly neurons: number;
  /** Images learned before the day, and images on which the profile is measured. */
  readonly learned: number;
  readonly measured: number;
  readonly seed: number;
}

/** A strategy of the table. */
export type DayRow = Omit<DayRun, 'moments'> & {
  /** Hours whose accuracy was below the target. */
  readonly hoursBelowTarget: number;
};

/** What was found. Energies [J], shares 0..1. */
export interface DayResult {
  readonly target: number;
  /** Hours in which the controller was below the target and the dearest point that its caps allow was not. */
  readonly hoursBelowTarget: number;
  /** Network at T = 350, unscaled, on every frame, over the controller's. */
  readonly energyRatioFull: number;
  /** Whole path of the default point on every frame over the controller's. */
  readonly pathRatioDefault: number;
  readonly frames: number;
  /** (a): energy of the network at T = 350 unscaled, on every frame, a lower bound; and of the whole path. */
  readonly unscaled: { readonly networkEnergy: number; readonly pathEnergy: number };
  readonly controller: DayRow;
  /** (b) default point throughout, (c) cheapest point throughout, (d) battery thresholds alone. */
  readonly others: readonly DayRow[];
  readonly profile: OperatingProfile;
  readonly moments: DayRun['moments'];
}

/** A camera of one image a second: the modes of a camera of 30, slowed down by as much. */
const rates = { FULL: 0, BALANCED: 1 / 2, SAVER: 1 / 4, CRITICAL: 1 / 10 } as const;
const defaultPoint: OperatingPoint = { timesteps: 35, events: 200, keep: 48, exitFirst: 0, exit: 0 };

/**
 * Trains a network, measures its operating points on images that it has not learned, and runs it through the day with
 * images that were in neither: under the controller, and with what a simpler rule would do.
 *
 * @param progress - hears the number of samples done
 */
export function dayBench(dataset: Dataset, options: DayOptions, progress: (done: number) => void): DayResult {
  const { plan, target, cost, seed } = options;
  const { profile, snapshot } = morning(dataset, options, progress);
  const scene = new DayScene(dataset, plan, options.learned + options.measured, seed);
  const frames = Math.round((plan.end - plan.start) * plan.frameRate);
  const run = (strategy: Strategy): DayRun =>
    runDay(scene, strategy, snapshot, cost, seed, () => {
      progress(1);
    });
  const [controller, ...others] = strategies(options, dataset, profile).map(run);
  const below = ({ hours }: DayRun) => hours.filter(({ accuracy }) => accuracy < target).length;
  const row = ({ moments: _, ...rest }: DayRun): DayRow => ({
    ...rest,
    hoursBelowTarget: below({ ...rest, moments: _ }),
  });
  const thresholds = others[2].hours;
  const missed = controller.hours.filter(({ accuracy }, at) => accuracy < target && thresholds[at].accuracy >= target);
  const networkEnergy = frames * unscaledEnergy(options.neurons, cmos45);
  return {
    target,
    hoursBelowTarget: missed.length,
    energyRatioFull: networkEnergy / controller.networkEnergy,
    pathRatioDefault: others[0].pathEnergy / controller.pathEnergy,
    frames,
    unscaled: { networkEnergy, pathEnergy: networkEnergy + frames * cost.cpu * cost.watts },
    controller: row(controller),
    others: others.map(row),
    profile,
    moments: controller.moments,
  };
}

/** Samples that {@link dayBench} goes through in all, for a progress bar. */
export function daySamples({ plan, learned, measured }: DayOptions): number {
  const perPoint = measured + Math.min(1000, learned);
  const frames = Math.round((plan.end - plan.start) * plan.frameRate);
  return learned + measured + shippedProfile.points.length * perPoint + 4 * frames;
}

function morning(
  dataset: Dataset,
  { neurons, learned, measured, seed }: DayOptions,
  progress: (done: number) => void,
): { readonly profile: OperatingProfile; readonly snapshot: Snapshot } {
  const parts: Dataset = {
    ...dataset,
    train: cut(dataset, 0, learned),
    test: cut(dataset, learned, learned + measured),
  };
  const common = { neurons, samples: learned, testSamples: measured, labels: 1, image: 'contrast', seed } as const;
  const outcome = trainRun(parts, { ...common, point: defaultPoint }, progress);
  const points = shippedProfile.points.map(({ point }) => point);
  const measuredPoints = measurePoints(outcome, { ...common, point: defaultPoint }, points, progress);
  return {
    profile: { policy: 'lean', points: measuredPoints.map(({ measured: each }) => each) },
    snapshot: outcome.classifier.snapshot(),
  };
}

function cut(dataset: Dataset, from: number, to: number): Split {
  const size = dataset.rows * dataset.columns;
  const { images, labels } = dataset.train;
  return { count: to - from, images: images.subarray(from * size, to * size), labels: labels.subarray(from, to) };
}

function strategies(options: DayOptions, dataset: Dataset, profile: OperatingProfile): readonly Strategy[] {
  const [width, height] = [dataset.columns, dataset.rows];
  const modes = Object.fromEntries(
    Object.entries(defaultModes).map(([name, mode]) => [name, { ...mode, maxRate: rates[name as keyof typeof rates] }]),
  ) as ModeTable;
  const settings: AgentSettings = {
    network: { neurons: options.neurons, classes: dataset.classNames.length, memory: 256 },
    sensors: {
      use: [{ name: 'image', values: { width, height } }],
      sync: { slop: 0.05, policy: 'wait', queue: 32 },
    },
    modes,
    profile,
    battery: { timeout: 60, hysteresis: 0.02 },
    accuracy: { measure: 'accuracy', window: 1000, fading: 0.995 },
    goals: { target: options.target, deadline: 0, mission: { until: '', timeZone: 'UTC', reserve: 0 } },
    dwell: 30,
    learning: true,
  };
  const always = (name: string, point: OperatingPoint): Strategy => {
    const full = { ...modes.FULL, point };
    return { name, settings: { ...settings, profile: undefined, modes: { ...modes, FULL: full } }, forced: 'FULL' };
  };
  return [
    { name: 'controller', settings },
    always('default point', defaultPoint),
    always('cheapest point', defaultModes.CRITICAL.point),
    { name: 'battery thresholds alone', settings: { ...settings, profile: undefined } },
  ];
}
