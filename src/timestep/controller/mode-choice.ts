import { percent } from '../../base/units.js';
import type { ControllerInput, ControllerSettings, ControllerState } from './controller-input.js';
import { missionThreshold, plannedCharge, type MissionPlan } from './mission.js';
import { modeNames, type ModeName, type ModeTable } from './modes.js';
import { duration } from '../policy/words.js';

/** The energy mode, and why. */
export interface ModeChoice {
  readonly mode: ModeName;
  /** Set by the user, not chosen. */
  readonly forced: boolean;
  /** The mission that is under way, and the charge that it expects now. */
  readonly mission: (MissionPlan & { readonly planned: number }) | undefined;
  /** Why this mode, in words. */
  readonly reason: string;
}

/**
 * Chooses the energy mode. A forced one wins; charging lifts the caps; an unknown battery keeps the mode. While
 * discharging it is the dearest whose threshold the charge reaches, that of its battery and that of the mission. To return
 * to a dearer mode the charge must pass its threshold by the hysteresis, and some time must have passed.
 *
 * @param input - finite numbers
 * @returns the choice, since when it holds, and the mission under way
 */
export function chooseMode(
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
  // A mode that was forced can be left at once.
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

// The plan under way, or the one that starts now. Another end or reserve, or a clock that was set back, starts it anew.
function planned(plan: MissionPlan | undefined, { date, charge, mission }: ControllerInput): MissionPlan | undefined {
  if (mission === undefined || mission.until <= date) return undefined;
  const { until, reserve } = mission;
  if (plan?.until === until && plan.reserve === reserve && plan.start <= date) return plan;
  return charge === undefined ? undefined : { start: date, charge, until, reserve };
}
