import type { AgentStatus } from '../agent/agent-status.js';
import { percent } from '../base/units.js';

/** Labelled samples from which on wrong answers are no beginning any more. */
const enough = 200;

/**
 * What may be the matter where answers keep being wrong: a scan that is turned to its freest direction has no left and right.
 *
 * @param target - accuracy that is asked for, 0..1
 * @param turned - sensors in use whose messages are turned: `scan`, `points`
 * @returns `undefined` where answers are right, or may be yet, or nothing is turned
 */
export function headingHint(
  { accuracy, high, samples }: Pick<AgentStatus['accuracy'], 'accuracy' | 'high' | 'samples'>,
  target: number,
  turned: readonly string[],
): string | undefined {
  if (turned.length === 0 || samples < enough || !(high < target)) return undefined;
  const set = turned.map((name) => `${name}.heading_free: false`).join(', ');
  const found = `answers are right for ${percent(accuracy)} of ${samples} labels, expected ${percent(target)}`;
  return `${found}; each message is turned to its freest direction, so that left and right look alike: where sides matter set ${set} and learn anew`;
}
