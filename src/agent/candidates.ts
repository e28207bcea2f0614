import type { ClassCandidate } from './events.js';

/**
 * Lists the possible classes of a sample, the likeliest first. The given answer has its confidence; the others share
 * the rest by their votes, so one of them may be likelier. Empty while nothing is known.
 *
 * @param label - the given answer
 * @param confidence - probability that it is right, 0..1
 * @param classes - names of the classes, in the order of `scores`
 * @param scores - votes of each class
 */
export function candidatesOf(
  label: string,
  confidence: number,
  classes: readonly string[],
  scores: Float32Array,
): ClassCandidate[] {
  if (label === '') return [];
  const voted = classes
    .map((name, c) => ({ label: name, votes: scores[c] }))
    .filter((each) => each.label !== label && each.votes > 0);
  const votes = voted.reduce((sum, each) => sum + each.votes, 0);
  const others = voted.map((each) => ({ label: each.label, confidence: ((1 - confidence) * each.votes) / votes }));
  // The sort is stable: with equal confidence the given answer comes first.
  return [{ label, confidence }, ...others].sort((a, b) => b.confidence - a.confidence);
}
