import { loadDataset } from '../../datasets/dataset.js';
import { timing, type ContenderEffort } from './alternate.js';
import { leanCell, measureCells, timedCell, type Cell, type CellPlan } from './cells.js';
import { growthPlans, measureGrowth, type Growth } from './growth.js';
import { thisMachine, type Machine } from './machine.js';
import { measurePackage, type PackageSize } from './package-size.js';
import { measurePeak, probes, type Peak } from './probe.js';
import { rooflines, type Roofline } from './roofline.js';
import { imageSamples, type Samples } from './samples.js';
import { measureStart, type Start } from './start.js';
import { measureWholeSet, type WholeSet } from './whole-set.js';

/** Options of {@link benchEngine}. */
export interface EngineBenchOptions {
  readonly dataset: string;
  readonly dataDir?: string;
  /** Takes seconds instead of minutes: few sizes, few rounds. Shows that it works, not how fast. */
  readonly quick: boolean;
}

/** Measurements of the engine. */
export interface EngineBenchResult {
  readonly machine: Machine;
  readonly dataset: string;
  readonly quick: boolean;
  readonly cells: readonly Cell[];
  /** Ratio of CPU times, spikes in time at T = 350 to lean, N = 400 (quick: 100, T = 16), round by round in one run. */
  readonly timedOverLean: { readonly train: number; readonly infer: number };
  readonly growth: readonly Growth[];
  readonly peak: Peak;
  readonly rooflines: readonly Roofline[];
  readonly start: Start;
  readonly wholeSet: WholeSet;
  readonly package: PackageSize | null;
}

const thorough: ContenderEffort = { rounds: 15, milliseconds: 40 };
const alongGrowth: ContenderEffort = { rounds: 7, milliseconds: 20 };
const short: ContenderEffort = { rounds: 3, milliseconds: 3 };
const starts = 7;

/**
 * Measures everything about the engine that can be measured without ROS, on this machine.
 *
 * @param progress - called with `(done, total)` measurements
 * @throws TopsparkError of kind `data` where the data set is missing
 */
export function benchEngine(
  options: EngineBenchOptions,
  progress: (done: number, total: number) => void,
): EngineBenchResult {
  const { dataset: name, dataDir, quick } = options;
  const machine = thisMachine();
  const dataset = loadDataset(name, dataDir === undefined ? {} : { directory: dataDir });
  const images = imageSamples(dataset, dataset.train, Math.min(dataset.train.count, quick ? 500 : 20_000));
  const plans = cellPlans(images, quick);
  const growths = growthPlans(images, quick);
  const effort = quick ? short : thorough;
  const growthEffort = quick ? short : alongGrowth;
  const growthCells = growths.reduce((sum, { cells }) => sum + cells.length, 0);
  const runs = quick ? 1 : starts;
  const total = (2 * plans.length + probes) * effort.rounds + 2 * growthCells * growthEffort.rounds + runs;
  let done = 0;
  const advance = (count: number): void => {
    progress((done += count), total);
  };
  const start = measureStart(runs, advance);
  const peak = measurePeak(effort, advance);
  const cells = measureCells(plans, effort, advance);
  const growth = growths.map((plan) => measureGrowth(plan, growthEffort, advance));
  return {
    ...{ machine, dataset: dataset.name, quick, cells },
    timedOverLean: timedOverLean(cells),
    ...{ growth, peak },
    rooflines: cells.filter(({ neurons }) => neurons === (quick ? 100 : 400)).flatMap((cell) => rooflines(cell, peak)),
    start,
    wholeSet: measureWholeSet(dataset, quick ? 500 : Infinity),
    package: measurePackage(),
  };
}

function cellPlans(images: Samples, quick: boolean): CellPlan[] {
  if (quick) return [leanCell(images, 100, 500), timedCell(images, 100, 16, 50)];
  return [100, 400, 900, 1600].flatMap((neurons) => [
    leanCell(images, neurons, 20_000),
    ...[350, 50, 16].map((timesteps) => timedCell(images, neurons, timesteps, 1000)),
  ]);
}

// Cells of one N are neighbours: lean, then the longest T.
function timedOverLean(cells: readonly Cell[]): { train: number; infer: number } {
  const at = cells.findIndex(({ neurons }) => neurons === 400);
  const [lean, timed] = cells.slice(Math.max(at, 0));
  const ratio = (part: 'train' | 'infer'): number =>
    timing(timed[part].rounds.map((cost, round) => cost / lean[part].rounds[round])).median;
  return { train: ratio('train'), infer: ratio('infer') };
}
