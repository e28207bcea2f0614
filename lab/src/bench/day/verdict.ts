import type { PointResult } from './shadow.js';

/**
 * Whether an hour's target was met:
 *
 * - `met`,
 * - `could not`: no point that the caps allow would have met it either,
 * - `by chance`: one would have, but does not differ from what was answered by more than chance,
 * - `missed`: one would have.
 */
export type Verdict = 'met' | 'could not' | 'by chance' | 'missed';

/** One-sided 95 % of the normal distribution. */
const quantile = 1.6449;

/**
 * A point differs by more than chance where, of the samples that only one of the two answered right, it has more than
 * half by more than 1.64 standard deviations, √(gained + lost) / 2. Source: McNemar, Note on the sampling error of
 * the difference between correlated proportions or percentages, Psychometrika 12 (1947).
 *
 * @param accuracy - of the hour, 0..1
 */
export function verdictOf(accuracy: number, target: number, points: readonly PointResult[]): Verdict {
  if (accuracy >= target) return 'met';
  const able = points.filter((point) => point.accuracy >= target);
  if (able.length === 0) return 'could not';
  const better = able.some(({ gained, lost }) => gained - lost > quantile * Math.sqrt(gained + lost));
  return better ? 'missed' : 'by chance';
}
