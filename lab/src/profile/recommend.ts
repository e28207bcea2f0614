import { TopsparkError } from 'topspark/base/errors.js';
import type { ProfilePoint } from 'topspark/timestep/controller/profile.js';
import type { Recommendation, Requirements, ScoreWeights } from './profile-result.js';

// The trade-off between accuracy A_p, latency L_p and energy E_p of a point p for one decision:
//
//   score_p = w_a A_p − w_l L_p / max_q L_q − w_e E_p / max_q E_q
//
// It follows Putra & Shafique, TopSpark, IROS 2023 (arXiv 2303.01826), who weigh the accuracy of a point against its
// cost relative to the other points.

/** By default, two percentage points of accuracy weigh as much as the latency and energy of the dearest point. */
export const defaultWeights: ScoreWeights = { accuracy: 1, latency: 0.01, energy: 0.01 };

/** Pareto front of accuracy, latency and energy: indices of the points that no other dominates, by falling accuracy. */
export function paretoFront(points: readonly ProfilePoint[]): readonly number[] {
  const better = (a: ProfilePoint, b: ProfilePoint): boolean => {
    const gains = [a.accuracy - b.accuracy, b.latency.infer - a.latency.infer, b.energy.infer - a.energy.infer];
    return gains.every((gain) => gain >= 0) && gains.some((gain) => gain > 0);
  };
  return points
    .flatMap((point, index) => (points.some((other) => better(other, point)) ? [] : index))
    .sort((a, b) => points[b].accuracy - points[a].accuracy || a - b);
}

/**
 * Chooses the point with the best score among those that meet the requirements.
 *
 * @param points - at least one
 * @throws {@link TopsparkError} `requirements_unmet` naming the best that was found
 */
export function recommend(
  points: readonly ProfilePoint[],
  requirements: Requirements,
  weights: ScoreWeights,
): Recommendation {
  // At least the smallest number, since a division by 0 would give NaN where nothing was measured.
  const dearest = {
    latency: Math.max(Number.MIN_VALUE, ...points.map(({ latency }) => latency.infer)),
    energy: Math.max(Number.MIN_VALUE, ...points.map(({ energy }) => energy.infer)),
  };
  const scores = points.map((point) => {
    if (!affordable(point, requirements) || point.accuracy < (requirements.minAccuracy ?? 0)) return null;
    const costs = (weights.latency * point.latency.infer) / dearest.latency;
    return weights.accuracy * point.accuracy - costs - (weights.energy * point.energy.infer) / dearest.energy;
  });
  let index = -1;
  scores.forEach((score, at) => {
    if (score !== null && score > (scores[index] ?? -Infinity)) index = at;
  });
  const score = scores[index] ?? unmet(points, requirements);
  return { index, point: points[index].point, score, weights, requirements, scores };
}

function affordable({ latency, energy }: ProfilePoint, { maxLatency, maxEnergy }: Requirements): boolean {
  return latency.infer <= (maxLatency ?? Infinity) && energy.infer <= (maxEnergy ?? Infinity);
}

function unmet(points: readonly ProfilePoint[], requirements: Requirements): never {
  const { minAccuracy, maxLatency, maxEnergy } = requirements;
  const asked = [
    ...(minAccuracy === undefined ? [] : [`an accuracy of ${minAccuracy}`]),
    ...(maxLatency === undefined ? [] : [`a latency of ${maxLatency} s`]),
    ...(maxEnergy === undefined ? [] : [`an energy of ${maxEnergy} J`]),
  ].join(' with ');
  const within = points.filter((point) => affordable(point, requirements));
  const best = (of: readonly ProfilePoint[], value: (point: ProfilePoint) => number): ProfilePoint =>
    of.reduce((a, b) => (value(b) > value(a) ? b : a));
  const found =
    within.length > 0
      ? `the best accuracy found${within.length < points.length ? ' at that cost' : ''} is ${describe(best(within, (p) => p.accuracy))}`
      : `the fastest found is ${describe(best(points, (p) => -p.latency.infer))}, the thriftiest ${describe(best(points, (p) => -p.energy.infer))}`;
  throw new TopsparkError('requirements_unmet', 'usage', `no operating point reaches ${asked}: ${found}`);
}

function describe({ point, accuracy, latency, energy }: ProfilePoint): string {
  const { timesteps, events, keep, exitFirst, exit, resolution } = point;
  const side = resolution === undefined ? '' : `, ${resolution} px`;
  const costs = `${(latency.infer * 1e6).toPrecision(3)} µs, ${(energy.infer * 1e6).toPrecision(3)} µJ`;
  return `${accuracy} (T ${timesteps}, E ${events}, K ${keep}, exits ${exitFirst}/${exit}${side}: ${costs})`;
}
