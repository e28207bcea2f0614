import type { PointResult } from './shadow.js';

/**
 * Verdict on the target of an hour:
 *
 * - `met`,
 * - `could not`: no point within the caps would have met it either,
 * - `by chance`: a point would have met it, but differs from the given answers by no more than chance,
 * - `missed`: a point would have met it.
 */
export type Verdict = 'met' | 'could not' | 'by chance' | 'missed';

/** One-sided 95 % of the normal distribution. */
const quantile = 1.6449;

/**
 * Judges an hour. A point differs by more than chance where, of the samples that only one of the two answered right,
 * its part exceeds half by more than 1.64 standard deviations, √(gained + lost) / 2. Source: McNemar, Note on the
 * sampling error of the difference between correlated proportions or percentages, Psychometrika 12 (1947).
 *
 * @param accuracy - accuracy in the hour, 0..1
 */
export function verdictOf(accuracy: number, target: number, points: readonly PointResult[]): Verdict {
  if (accuracy >= target) return 'met';
  const able = points.filter((point) => point.accuracy >= target);
  if (able.length === 0) return 'could not';
  const better = able.some(({ gained, lost }) => gained - lost > quantile * Math.sqrt(gained + lost));
  return better ? 'missed' : 'by chance';
}
