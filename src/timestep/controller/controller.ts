import { duration, percent } from '../../base/units.js';
import { pointText, samePoint, type OperatingPoint } from '../policy/operating-point.js';
import type { Candidate, ControlledMode, ControlTable } from './control-table.js';
import type { AccuracyMeasure, ControllerInput, ControllerSettings, ControllerState } from './controller-input.js';
import { missionThreshold, plannedCharge, type MissionPlan } from './mission.js';
import { modeNames, type EnergyMode, type ModeName, type ModeTable } from './modes.js';

/** Deviation of an unknown correction. */
const unknownDeviation = 0.1;

/** A cheaper point must promise this much more than the target to replace the current point. */
const margin = 0.005;

/** Standard deviations by which an expectation must exceed the target: one-sided 95 %, right 19 times in 20. */
const sureness = 1.6449;

/** The energy mode, and why. */
export interface ModeChoice {
  readonly mode: ModeName;
  /** The user set the mode. */
  readonly forced: boolean;
  /** The current mission, and the charge that it plans for now. */
  readonly mission: (MissionPlan & { readonly planned: number }) | undefined;
  /** Why this mode, in words. */
  readonly reason: string;
}

/** The operating point, and why. */
export interface PointChoice {
  readonly point: OperatingPoint;
  /** Value of the measure expected there, corrected by observation, 0..1, and its standard deviation. */
  readonly expected: { readonly value: number; readonly deviation: number } | undefined;
  /** Expected time from message to decision [s]; `undefined` without a profile. */
  readonly latency: number | undefined;
  /** The deadline is met. */
  readonly inTime: boolean;
  /** The point and why, in words. */
  readonly pointReason: string;
}

/** A decision of the controller, with its reasons and inputs. */
export interface ModeDecision extends ModeChoice, PointChoice {
  /** The mode's limits, with the point in force. */
  readonly settings: EnergyMode;
  /** State of charge at the decision; `undefined` while unknown. */
  readonly charge: number | undefined;
  readonly target: number;
  readonly measure: AccuracyMeasure;
  readonly deadline: number;
  readonly drift: boolean;
  readonly warning: number;
}

/**
 * Chooses energy mode and operating point. It is a pure function of state and input. Its priorities, in this order: a
 * forced mode, the deadline, the caps of battery and mission, the target, the least energy.
 */
export function control(
  table: ControlTable,
  settings: ControllerSettings,
  state: ControllerState,
  input: ControllerInput,
): { readonly state: ControllerState; readonly decision: ModeDecision } {
  const known = sound(state, input);
  const { since: modeSince, ...choice } = chooseMode(table, settings, state, known);
  const { candidates, ...mode } = table[choice.mode];
  const found = choosePoint({ ...mode, candidates }, choice.forced, settings, state, known);
  const { index, since: pointSince, ...point } = found;
  const { charge, target, measure, deadline, drift, warning } = known;
  const facts = { charge, target, measure, deadline, drift, warning };
  const { mission } = choice;
  return {
    state: { mode: choice.mode, modeSince, point: index, pointSince, mission },
    decision: { ...choice, ...point, ...facts, settings: { ...mode, point: point.point } },
  };
}

// Impossible values count as unknown. An unknown charge keeps the mode; an unknown correction is 0 with a wide
// deviation.
function sound(state: ControllerState, input: ControllerInput): ControllerInput {
  const { charge, mission } = input;
  const last = Math.max(0, ...[state.modeSince, state.pointSince].filter(Number.isFinite));
  const reserve = mission && within(mission.reserve, 0, 1, 0);
  return {
    ...input,
    elapsed: Number.isFinite(input.elapsed) ? input.elapsed : last,
    date: Number.isFinite(input.date) ? input.date : 0,
    charge: charge !== undefined && charge >= 0 && charge <= 1 ? charge : undefined,
    mission: mission && Number.isFinite(mission.until) ? { until: mission.until, reserve: reserve ?? 0 } : undefined,
    target: within(input.target, 0, 1, 1),
    correction: within(input.correction, -1, 1, 0),
    deviation: within(input.deviation, 0, 1, unknownDeviation),
    warning: within(input.warning, 0, 1, 0),
    deadline: within(input.deadline, 0, Number.MAX_VALUE, 0),
    overhead: within(input.overhead, 0, Number.MAX_VALUE, 0),
  };
}

function within(value: number, low: number, high: number, unknown: number): number {
  return Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : unknown;
}

/**
 * Chooses the energy mode. A forced mode is always used. Charging lifts the caps, and an unknown charge keeps the mode.
 * Otherwise it chooses the dearest mode whose thresholds of battery and mission the charge reaches. To return to a
 * dearer mode, the charge must exceed its threshold by the hysteresis, and the dwell must be over.
 *
 * @param input - finite numbers
 * @returns the choice, and when it began
 */
function chooseMode(
  modes: ModeTable,
  settings: ControllerSettings,
  state: ControllerState,
  input: ControllerInput,
): ModeChoice & { readonly since: number } {
  const { elapsed, date, charge, charging, forced } = input;
  const plan = charging ? undefined : planned(state.mission, input);
  const mission = plan && { ...plan, planned: plannedCharge(plan, date) };
  const decide = (mode: ModeName, reason: string, since?: number): ModeChoice & { since: number } => ({
    ...{ mode, forced: forced !== 'AUTO', mission, reason },
    since: since ?? (mode === state.mode ? state.modeSince : elapsed),
  });
  // A forced mode can be left at once.
  if (forced !== 'AUTO') return decide(forced, `forced to ${forced}`, -Infinity);
  if (charge === undefined && !charging) return decide(state.mode, `battery unknown: ${state.mode} is kept`);
  const current = modeNames.indexOf(state.mode);
  const needs = (index: number): number => {
    const margin = index < current ? settings.hysteresis : 0;
    const paced = mission ? missionThreshold(mission.planned, index) : 0;
    return Math.min(1, Math.max(modes[modeNames[index]].minBattery, paced) + margin);
  };
  const reached = modeNames.findIndex((_, index) => charging || (charge ?? 0) >= needs(index));
  const wanted = reached < 0 ? modeNames.length - 1 : reached;
  const mode = modeNames[wanted];
  const passed = elapsed - state.modeSince;
  if (wanted < current && passed >= 0 && passed < settings.dwell) {
    const left = duration(settings.dwell - passed);
    return decide(state.mode, `${mode} would be allowed, ${state.mode} is kept for ${left} more`);
  }
  if (charging) return decide(mode, 'charging: every cap is lifted');
  const from = Math.min(1, Math.max(0, needs(wanted)));
  const plans = mission ? `, the mission plans ${percent(mission.planned)} now` : '';
  return decide(mode, `battery at ${percent(charge ?? 0)}: ${mode} holds from ${percent(from)}${plans}`);
}

// The current plan, or one that starts now. A plan starts again if end or reserve changes or if the clock is set back.
function planned(plan: MissionPlan | undefined, { date, charge, mission }: ControllerInput): MissionPlan | undefined {
  if (mission === undefined || mission.until <= date) return undefined;
  const { until, reserve } = mission;
  if (plan?.until === until && plan.reserve === reserve && plan.start <= date) return plan;
  return charge === undefined ? undefined : { start: date, charge, until, reserve };
}

interface Pick {
  readonly chosen: Candidate;
  readonly why: string;
  /** It must not wait. */
  readonly urgent: boolean;
}

/**
 * Chooses the operating point within a mode: the cheapest that meets the deadline, stays within the mode's cap and
 * should reach the target. A change that is not urgent waits until the dwell is over.
 *
 * @param input - finite numbers
 * @returns the choice, its index in the profile (-1: not chosen from it), and when it began
 */
function choosePoint(
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
    return { ...choiceOf(known, mode.point, pointReason, input), index: -1, since: -Infinity };
  }
  const current = candidates.find(({ index }) => index === state.point);
  const { chosen, why, urgent } = pick(candidates, current, input);
  const passed = input.elapsed - state.pointSince;
  const early = passed >= 0 && passed < settings.dwell;
  if (current !== undefined && chosen !== current && early && !urgent) {
    const pointReason = `kept for ${duration(settings.dwell - passed)} more, then ${pointText(chosen.point)}: ${why}`;
    return { ...choiceOf(current, current.point, pointReason, input), index: current.index, since: state.pointSince };
  }
  const since = chosen === current ? state.pointSince : input.elapsed;
  return { ...choiceOf(chosen, chosen.point, why, input), index: chosen.index, since };
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
  if (input.drift) {
    const mostAccurate = surest(pool, input.measure);
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
  const mostAccurate = surest(pool, input.measure);
  const why = `none within the cap is sure to reach ${input.measure} ${wanted}, this is the most accurate (${text(mostAccurate)})`;
  return { chosen: mostAccurate, why, urgent: lost };
}

/** For a point outside the profile, the overhead is the whole time of recent decisions. */
function meets(candidate: Candidate | undefined, { deadline, overhead }: ControllerInput): boolean {
  return deadline === 0 || (candidate?.time ?? 0) + overhead <= deadline;
}

function expectation(candidate: Candidate, { measure, correction, warning, deviation }: ControllerInput) {
  const value = Math.min(1, Math.max(0, candidate[measure] + correction - warning));
  return { value, deviation: Math.hypot(deviation, profileError(candidate, measure)) };
}

/**
 * Standard error of the profile, √(p (1 − p) / n). Two right and two wrong answers are added, so that it is not 0 where
 * all were right. Source: Agresti & Coull, Approximate is better than "exact", The American Statistician 52 (1998).
 */
function profileError({ samples, ...candidate }: Candidate, measure: AccuracyMeasure): number {
  const share = (candidate[measure] * samples + 2) / (samples + 4);
  return Math.sqrt((share * (1 - share)) / (samples + 4));
}

/**
 * The dearest of the points that may be the most accurate. A profile rests on a limited number of samples. Where these
 * cannot separate two points, more events and steps are more likely to be right, and better for learning.
 */
function surest(pool: readonly Candidate[], measure: AccuracyMeasure): Candidate {
  const top = best(pool, (candidate) => candidate[measure]);
  const equals = pool.filter((candidate) => {
    const error = Math.hypot(profileError(top, measure), profileError(candidate, measure));
    return top[measure] - candidate[measure] <= error;
  });
  return best(equals, ({ cost }) => cost);
}

function choiceOf(
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

/** The candidate with the largest value; the cheapest of equal ones. */
function best(candidates: readonly Candidate[], of: (candidate: Candidate) => number): Candidate {
  return candidates.reduce((found, each) => (of(each) > of(found) ? each : found));
}
