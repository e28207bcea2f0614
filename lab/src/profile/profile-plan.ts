import { leanConstants, leanPoint, leanTimesteps } from 'topspark/timestep/policy/lean-policy.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import { timedConstants, timedEncodings, type TimedPolicyName } from 'topspark/timestep/policy/timed-policy.js';
import type { DatasetRef } from '../datasets/dataset-ref.js';
import { preparedSizes } from 'topspark/sensing/image/embedding/prepared-models.js';
import type { TrainJob } from '../jobs/jobs.js';
import type { TimedTraining, TrainOptions } from '../training/train-options.js';

/** Options of a profile. */
export interface ProfileOptions {
  readonly dataset: DatasetRef;
  /** Options of the network that is profiled; `testSamples` are taken from the held-out images. */
  readonly training: TrainOptions;
  /** Measures fewer operating points. */
  readonly quick: boolean;
}

/** A run in which one parameter alone is changed. */
export interface PlannedChange {
  readonly name: string;
  readonly meaning: string;
  readonly factor: number;
  readonly job: TrainJob;
}

/** All runs of a profile except the final test. */
export interface ProfilePlan {
  /** Trains the network and measures it at `grid`, then at `exits`. */
  readonly main: TrainJob;
  readonly grid: readonly OperatingPoint[];
  readonly exits: readonly OperatingPoint[];
  /** Runs of each policy over T; the unscaled network comes first. */
  readonly curves: readonly (readonly TrainJob[])[];
  readonly sensitivity: readonly { readonly base: TrainJob; readonly changes: readonly PlannedChange[] }[];
}

const steps = { full: [350, 200, 100, 90, 50, 35, 25, 16, 8], quick: [350, 100, 35, 16] };
/** T at which single parameters of the unscaled network are changed: a seventh of its full T. */
const reducedTimesteps = 50;
const factors = [0.5, 2];
/** Number of receptive fields that are kept for the page. */
const fields = 36;
/** Constants that not all plasticity rules use, with the rules that do. */
const ofRule: Readonly<Record<string, readonly string[]>> = {
  traceHalf: ['expected'],
  tauStdp: ['pair', 'adaptive'],
  ratePre: ['pair', 'adaptive'],
  spikesPerFactor: ['adaptive'],
};

/** Plans the runs of a profile, as data only. */
export function planProfile({ dataset, training, quick }: ProfileOptions): ProfilePlan {
  const job = (options: TrainOptions, more: Partial<TrainJob> = {}): TrainJob => {
    return { kind: 'train', dataset, heldOut: true, options, ...more };
  };
  const grid = atEach(resolutionsOf(dataset), gridOf(training, quick));
  const exits = exitsOf(training);
  const curve = (options: TrainOptions): TrainJob[] =>
    steps[quick ? 'quick' : 'full'].map((timesteps) => job({ ...options, point: { ...options.point, timesteps } }));
  const unscaled = withPolicy(training, { policy: 'none' });
  const reduced = { ...unscaled, point: { ...unscaled.point, timesteps: reducedTimesteps } };
  const scaled = [
    withoutTimed(training),
    withPolicy(training, { policy: 'paper' }),
    withPolicy(training, { policy: 'rate' }),
  ];
  const own = training.timed?.own ? [training] : [];
  return {
    main: job(training, { points: [...grid, ...exits], fields }),
    grid,
    exits,
    curves: [unscaled, ...scaled, ...own].map(curve),
    sensitivity: [reduced, ...(training.timed?.policy === 'none' ? [] : [training])].map((options) => ({
      base: job(options),
      changes: changesOf(options).map((change) => ({
        ...change,
        job: job({ ...options, factors: { [change.name]: change.factor } }),
      })),
    })),
  };
}

/** Number of samples that a run presents, for a progress bar. */
export function samplesOfPlan({ options, points = [] }: TrainJob): number {
  const tests = options.testSamples * (1 + points.length);
  return options.samples + tests + (options.timed?.labelSamples ?? 0);
}

function withoutTimed(options: TrainOptions): TrainOptions {
  const { neurons, samples, testSamples, labels, labelsFirst, image, seed } = options;
  const first = labelsFirst !== undefined && { labelsFirst };
  return { neurons, samples, testSamples, labels, ...first, image, seed, point: pointOf(options) };
}

function withPolicy(options: TrainOptions, { policy }: { readonly policy: TimedPolicyName }): TrainOptions {
  const known = options.timed?.own === undefined && options.timed?.policy === policy ? options.timed : undefined;
  const timed: TimedTraining = known ?? {
    policy,
    rule: options.timed?.rule ?? 'pair',
    encoding: timedEncodings[policy],
    labelSamples: options.timed?.labelSamples ?? Math.min(10_000, options.samples),
  };
  return { ...withoutTimed(options), timed };
}

function pointOf({ neurons, point, timed }: TrainOptions): OperatingPoint {
  if (!timed) return { ...point, exitFirst: 0, exit: 0 };
  return leanPoint(neurons, { timesteps: point.timesteps });
}

function gridOf({ neurons, point, timed, image }: TrainOptions, quick: boolean): OperatingPoint[] {
  const levels = steps[quick ? 'quick' : 'full'];
  const found: OperatingPoint[] = [{ ...point, exitFirst: 0, exit: 0 }];
  if (timed) {
    for (const timesteps of levels) for (const exit of [0, 3]) found.push({ ...point, timesteps, exitFirst: 0, exit });
  } else {
    const counts = (values: readonly number[]): readonly number[] => (quick ? values.slice(1, 3) : values);
    const keeps = [...new Set(counts([2, 1, 0.5]).map((share) => Math.min(neurons, Math.ceil(point.keep * share))))];
    const standard = leanTimesteps(image);
    for (const timesteps of quick ? [standard, 16] : [100, standard, 16, 8])
      for (const events of counts([400, 200, 150, 100]))
        for (const keep of keeps)
          for (const [exitFirst, exit] of [
            [0, 0],
            [6, 3],
          ])
            found.push({ timesteps, events, keep, exitFirst, exit });
  }
  return distinct(found);
}

/** Resolutions of the prepared model at which the network is measured, on pictures encoded again; empty: other data. */
function resolutionsOf({ embedding }: DatasetRef): readonly number[] {
  return embedding?.model === '' ? preparedSizes.filter((each) => each <= embedding.size) : [];
}

function atEach(resolutions: readonly number[], points: OperatingPoint[]): OperatingPoint[] {
  if (resolutions.length === 0) return points;
  return resolutions.flatMap((resolution) => points.map((point) => ({ ...point, resolution })));
}

function exitsOf({ point, timed }: TrainOptions): OperatingPoint[] {
  return [0, 1, 2, 3, 5, 8].map((exit) => ({ ...point, exitFirst: timed ? 0 : 2 * exit, exit }));
}

function distinct(points: readonly OperatingPoint[]): OperatingPoint[] {
  return [...new Map(points.map((point) => [Object.values(point).join(), point])).values()];
}

function changesOf({ timed }: TrainOptions): Omit<PlannedChange, 'job'>[] {
  return Object.entries(timed ? timedConstants : leanConstants)
    .filter(([name]) => !timed || (ofRule[name] ?? [timed.rule]).includes(timed.rule))
    .flatMap(([name, meaning]) => factors.map((factor) => ({ name, meaning, factor })));
}
