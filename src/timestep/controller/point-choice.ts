import { percent } from '../../base/units.js';
import type { Candidate, ControlledMode } from './control-table.js';
import type { AccuracyMeasure, ControllerInput, ControllerSettings, ControllerState } from './controller-input.js';
import { samePoint, type OperatingPoint } from '../policy/operating-point.js';
import { duration, pointText } from '../policy/words.js';

/** A cheaper point than the one in force must promise this much more than the target. */
const margin = 0.005;

/** Deviations by which an expectation must pass the target: one-sided 95 %, right nineteen times in twenty. */
const sureness = 1.6449;

/** The operating point, and why. */
export interface PointChoice {
  readonly point: OperatingPoint;
  /** Accuracy expected there in the measure of the target, corrected by what is observed, 0..1, and its deviation. */
  readonly expected: { readonly value: number; readonly deviation: number } | undefined;
  /** Time from message to decision expected there [s]; `undefined` without a profile. */
  readonly latency: number | undefined;
  /** False where the deadline is broken. */
  readonly inTime: boolean;
  /** The point and why, in words. */
  readonly pointReason: string;
}

interface Pick {
  readonly chosen: Candidate;
  readonly why: string;
  /** Not to be put off. */
  readonly urgent: boolean;
}

/**
 * Chooses the operating point within a mode: the cheapest that meets the deadline, keeps the mode's cap and should reach
 * the target. A change that nothing urgent asks for waits until the last one is some time past.
 *
 * @param input - finite numbers
 * @returns the choice, its index in the profile (-1: not chosen from it), and since when it holds
 */
export function choosePoint(
  mode: ControlledMode,
  forced: boolean,
  settings: ControllerSettings,
  state: ControllerState,
  input: ControllerInput,
): PointChoice & { readonly index: number; readonly since: number } {
  const { candidates } = mode;
  if (forced || candidates.length === 0) {
    const known = candidates.find(({ point }) => samePoint(point, mode.point));
    const late = !meets(known, input);
    const broken = `, which breaks the deadline of ${duration(input.deadline)}`;
    const pointReason = `${forced ? 'its' : 'no profile: its'} own point${late ? broken : ''}`;
    return { ...told(known, mode.point, pointReason, input), index: -1, since: -Infinity };
  }
  const current = candidates.find(({ index }) => index === state.point);
  const { chosen, why, urgent } = pick(candidates, current, input);
  const passed = input.elapsed - state.pointSince;
  const early = passed >= 0 && passed < settings.dwell;
  if (current !== undefined && chosen !== current && early && !urgent) {
    const pointReason = `kept for ${duration(settings.dwell - passed)} more, then ${pointText(chosen.point)}: ${why}`;
    return { ...told(current, current.point, pointReason, input), index: current.index, since: state.pointSince };
  }
  const since = chosen === current ? state.pointSince : input.elapsed;
  return { ...told(chosen, chosen.point, why, input), index: chosen.index, since };
}

function pick(candidates: readonly Candidate[], current: Candidate | undefined, input: ControllerInput): Pick {
  const allowed = candidates.filter((candidate) => candidate.allowed);
  const inTime = candidates.filter((candidate) => meets(candidate, input));
  const pool = allowed.filter((candidate) => inTime.includes(candidate));
  const limit = duration(input.deadline);
  if (inTime.length === 0) {
    const why = `no point meets the deadline of ${limit}, this is the fastest within the cap`;
    return { chosen: best(allowed, ({ time }) => -time), why, urgent: true };
  }
  if (pool.length === 0) {
    const why = `no point within the cap meets the deadline of ${limit}, this is the cheapest that does`;
    return { chosen: inTime[0], why, urgent: true };
  }
  const lost = current === undefined || !pool.includes(current);
  const mostAccurate = surest(pool, input.measure);
  if (input.drift) {
    const dearer = current !== undefined && mostAccurate.cost > current.cost;
    const why = 'answers have become worse, this is the most accurate within the cap';
    return { chosen: mostAccurate, why, urgent: lost || dearer };
  }
  const wanted = percent(input.target);
  const reach = pool.filter((candidate) => {
    const { value, deviation } = expectation(candidate, input);
    const more = current !== undefined && candidate.cost < current.cost ? margin : 0;
    return value - sureness * deviation >= input.target + more;
  });
  const text = (candidate: Candidate): string => {
    const { value, deviation } = expectation(candidate, input);
    return `${percent(value)} ± ${(100 * deviation).toFixed(1)}`;
  };
  if (reach.length > 0) {
    const [chosen] = reach;
    const why = `the cheapest that should reach ${input.measure} ${wanted} (${text(chosen)})`;
    return { chosen, why, urgent: lost };
  }
  const why = `none within the cap is sure to reach ${input.measure} ${wanted}, this is the most accurate (${text(mostAccurate)})`;
  return { chosen: mostAccurate, why, urgent: lost };
}

/** Of a point that is in no profile the whole time that decisions took lately is known as overhead. */
function meets(candidate: Candidate | undefined, { deadline, overhead }: ControllerInput): boolean {
  return deadline === 0 || (candidate?.time ?? 0) + overhead <= deadline;
}

function expectation(candidate: Candidate, { measure, correction, warning, deviation }: ControllerInput) {
  const value = Math.min(1, Math.max(0, candidate[measure] + correction - warning));
  return { value, deviation: Math.hypot(deviation, profileError(candidate, measure)) };
}

/**
 * Standard error of what the profile says: √(p (1 − p) / n), with two right and two wrong answers added, so that it is
 * not 0 where all were right. Source: Agresti & Coull, Approximate is better than "exact", The American Statistician 52 (1998).
 */
function profileError({ samples, ...candidate }: Candidate, measure: AccuracyMeasure): number {
  const share = (candidate[measure] * samples + 2) / (samples + 4);
  return Math.sqrt((share * (1 - share)) / (samples + 4));
}

/**
 * The dearest of those that may be the most accurate: a profile rests on some samples, and where they do not tell points
 * apart, more events and steps are more likely to be right, and are better to learn from.
 */
function surest(pool: readonly Candidate[], measure: AccuracyMeasure): Candidate {
  const top = best(pool, (candidate) => candidate[measure]);
  const equals = pool.filter((candidate) => {
    const error = Math.hypot(profileError(top, measure), profileError(candidate, measure));
    return top[measure] - candidate[measure] <= error;
  });
  return best(equals, ({ cost }) => cost);
}

function told(
  candidate: Candidate | undefined,
  point: OperatingPoint,
  why: string,
  input: ControllerInput,
): PointChoice {
  return {
    pointReason: `${pointText(point)}: ${why}`,
    point,
    expected: candidate && expectation(candidate, input),
    latency: candidate && candidate.time + input.overhead,
    inTime: meets(candidate, input),
  };
}

/** The candidate with the most of something; of equals the cheapest. */
function best(candidates: readonly Candidate[], of: (candidate: Candidate) => number): Candidate {
  return candidates.reduce((found, each) => (of(each) > of(found) ? each : found));
}
