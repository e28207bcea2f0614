import { modeNames, type EnergyMode, type ModeName, type ModeTable } from './modes.js';

/** What the controller knows at one moment. */
export interface ControllerInput {
  /** State of charge, 0..1; `undefined` while no believable reading is at hand. */
  readonly charge: number | undefined;
  /** Charging or full: every cap is lifted. */
  readonly charging: boolean;
  /** A mode set by the user, `AUTO` when the controller chooses. */
  readonly forced: ModeName | 'AUTO';
}

/** What the controller decided, and why. */
export interface ModeDecision {
  readonly mode: ModeName;
  readonly settings: EnergyMode;
  /** Set by the user, not chosen. */
  readonly forced: boolean;
  /** State of charge that was known, `undefined` while unknown. */
  readonly charge: number | undefined;
  /** Why, in words. */
  readonly reason: string;
}

/**
 * Chooses the energy mode. A pure function of the mode in force and of what is known now.
 *
 * A forced mode wins; charging lifts the caps; an unknown battery keeps the mode. While discharging the mode is the
 * dearest whose threshold the charge reaches; to return to a dearer mode the charge must pass its threshold by
 * `hysteresis`, so that noise on the reading cannot make the mode flap.
 *
 * @param current - mode in force
 * @param hysteresis - 0..0.2
 */
export function chooseMode(
  modes: ModeTable,
  current: ModeName,
  input: ControllerInput,
  hysteresis: number,
): ModeDecision {
  const { charge, charging, forced } = input;
  const decide = (mode: ModeName, reason: string): ModeDecision => ({
    mode,
    settings: modes[mode],
    forced: forced !== 'AUTO',
    charge,
    reason,
  });
  if (forced !== 'AUTO') return decide(forced, `forced to ${forced}`);
  if (charging) return decide('FULL', 'charging: every cap is lifted');
  if (charge === undefined) return decide(current, `battery unknown: ${current} is kept`);
  const mode = byCharge(modes, current, charge, hysteresis);
  const percent = (ratio: number): string => `${(100 * ratio).toFixed(1)} %`;
  return decide(mode, `battery at ${percent(charge)}: ${mode} holds from ${percent(modes[mode].minBattery)}`);
}

function byCharge(modes: ModeTable, current: ModeName, charge: number, hysteresis: number): ModeName {
  const now = modeNames.indexOf(current);
  const found = modeNames.find((name, index) => {
    const margin = index < now ? hysteresis : 0;
    return charge >= Math.min(1, modes[name].minBattery + margin);
  });
  return found ?? 'CRITICAL';
}
