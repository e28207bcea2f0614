import type { ControlTable } from './control-table.js';
import type { AccuracyMeasure, ControllerInput, ControllerSettings, ControllerState } from './controller-input.js';
import { chooseMode, type ModeChoice } from './mode-choice.js';
import type { EnergyMode } from './modes.js';
import { choosePoint, type PointChoice } from './point-choice.js';

/** Deviation of a correction of which nothing is known. */
const unknownDeviation = 0.1;

/** What the controller decided, and why. */
export interface ModeDecision extends ModeChoice, PointChoice {
  /** What the mode allows, its point being the one in force. */
  readonly settings: EnergyMode;
  /** State of charge that was known, `undefined` while unknown. */
  readonly charge: number | undefined;
  readonly target: number;
  readonly measure: AccuracyMeasure;
  readonly deadline: number;
  readonly drift: boolean;
  readonly warning: number;
}

/**
 * Chooses energy mode and operating point: a pure function of what it remembers and of what is known now. What wins, in
 * this order: a forced mode, the deadline, the caps of battery and mission, the target, the least energy.
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

// What cannot be is unknown: an unknown charge keeps the mode, an unknown correction is none and known badly.
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
