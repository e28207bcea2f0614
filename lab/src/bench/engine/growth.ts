import type { TimedOptions } from 'topspark/classifier/network-binding.js';
import { measureCells, type CellPlan } from './cells.js';
import type { ContenderEffort } from './alternate.js';
import { noiseSamples, type Samples } from './samples.js';
import { leanBenchPoint } from './subject.js';

/** Cost at one point of a series. */
export interface GrowthPoint {
  /** Value of the varied quantity. */
  readonly at: number;
  readonly neuronsUsed: number;
  /** CPU time per sample [µs]. */
  readonly train: number;
  readonly infer: number;
}

/** The straight line that fits a series best. */
export interface LineFit {
  /** Cost at 0 [µs]. */
  readonly fixed: number;
  /** Cost per unit [µs]. */
  readonly perUnit: number;
  /** Largest distance of a point from the line, as a share of its cost. */
  readonly deviation: number;
}

/** How the cost of a sample grows with one quantity. */
export interface Growth {
  /** `neurons`, `inputs`, `timesteps`, `events`, `inputRate`. */
  readonly of: string;
  /** `lean` or `in time`. */
  readonly way: string;
  readonly unit: string;
  readonly points: readonly GrowthPoint[];
  readonly line: { readonly train: LineFit; readonly infer: LineFit };
}

/** A series to measure. */
export interface GrowthPlan {
  readonly of: string;
  readonly way: string;
  readonly unit: string;
  readonly cells: readonly { readonly at: number; readonly cell: CellPlan }[];
}

const inTime = { policy: 'paper', encoding: 'poisson', seed: 1 } as const satisfies TimedOptions;
const fullRate = 128;

/**
 * The series: N, D, T, E and input rate, everything else at its default. Spikes in time have 128 Hz unless the rate
 * varies, and T = 50 unless T varies.
 */
export function growthPlans(images: Samples, quick: boolean): GrowthPlan[] {
  const some = (...values: number[]): number[] => (quick ? values.filter((_, k) => k === 0 || k === 2) : values);
  const timesteps = 50;
  const lean = (neurons: number, samples: Samples, other = {}): CellPlan => {
    const warmUp = quick ? 500 : Math.max(4000, Math.min(60_000, 12 * neurons));
    return { name: 'lean', samples, neurons, point: leanBenchPoint(neurons, other), warmUp };
  };
  const timed = (neurons: number, samples: Samples, steps: number, options: TimedOptions = inTime): CellPlan => {
    const point = leanBenchPoint(neurons, { timesteps: steps });
    return { name: 'in time', samples, neurons, point, timed: options, warmUp: quick ? 20 : 200 };
  };
  const series = (of: string, way: string, unit: string, at: number[], cell: (at: number) => CellPlan): GrowthPlan => ({
    ...{ of, way, unit },
    cells: at.map((value) => ({ at: value, cell: cell(value) })),
  });
  const neurons = some(100, 200, 400, 800, 1600, 3200, 6400);
  const inputs = some(8, 64, 256, 1024, 2048, 4096, 8192, 16_384);
  const noise = new Map(inputs.map((count) => [count, noiseSamples(count, quick ? 200 : 800)]));
  const noiseOf = (count: number): Samples => noise.get(count) ?? images;
  const steps = some(16, 35, 50, 100, 200, 350, 700, 1000);
  const events = some(25, 50, 100, 200, 400, 800, 1600);
  const rates = some(16, 32, 64, 128, 256, 512, 900);
  // r_in = 128 (T / 350)⁻ᵃ, so at T = 50 each rate corresponds to an a.
  const atRate = (rate: number): TimedOptions => {
    const inputRate = Math.log(rate / fullRate) / Math.log(timesteps / 350);
    const exponents = { membrane: 1, refractory: 1, thetaTime: 1, drive: -1, inputRate };
    return { ...inTime, own: { name: `${rate} Hz`, exponents } };
  };
  return [
    series('neurons', 'lean', 'neurons', neurons, (n) => lean(n, images)),
    series('neurons', 'in time', 'neurons', neurons, (n) => timed(n, images, timesteps)),
    series('inputs', 'lean', 'inputs', inputs, (d) => lean(400, noiseOf(d))),
    series('inputs', 'in time', 'inputs', inputs, (d) => timed(400, noiseOf(d), timesteps)),
    series('timesteps', 'lean', 'steps', steps, (t) => lean(400, images, { timesteps: t })),
    series('timesteps', 'in time', 'steps', steps, (t) => timed(400, images, t)),
    series('events', 'lean', 'events', events, (e) => lean(400, images, { events: e })),
    series('inputRate', 'in time', 'Hz', rates, (r) => timed(400, images, timesteps, atRate(r))),
  ];
}

/** Measures one series, its points in turn. */
export function measureGrowth(plan: GrowthPlan, effort: ContenderEffort, progress: (done: number) => void): Growth {
  const { of, way, unit, cells } = plan;
  const measured = measureCells(
    cells.map(({ cell }) => cell),
    effort,
    progress,
  );
  const points = measured.map(({ neuronsUsed, train, infer }, index) => {
    return { at: cells[index].at, neuronsUsed, train: train.median, infer: infer.median };
  });
  const fit = (part: 'train' | 'infer'): LineFit => fitLine(points.map((point) => [point.at, point[part]]));
  return { of, way, unit, points, line: { train: fit('train'), infer: fit('infer') } };
}

/** Least squares of relative distances: a + b x with the smallest Σ ((a + b x − y) / y)². */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): LineFit {
  let [ones, x, xx, y, xy] = [0, 0, 0, 0, 0];
  for (const [at, cost] of points) {
    const weight = 1 / (cost * cost);
    ones += weight;
    x += weight * at;
    xx += weight * at * at;
    y += weight * cost;
    xy += weight * at * cost;
  }
  const perUnit = (ones * xy - x * y) / (ones * xx - x * x);
  const fixed = (y - perUnit * x) / ones;
  const deviation = Math.max(...points.map(([at, cost]) => Math.abs(fixed + perUnit * at - cost) / cost));
  return { fixed, perUnit, deviation };
}
