import { modeNames, type EnergyMode, type ModeName, type ModeTable } from './modes.js';
import type { OperatingPoint } from '../policy/operating-point.js';
import type { OperatingProfile, ProfilePoint } from './profile.js';

/** A profile point as one mode sees it. */
export interface Candidate extends ProfilePoint {
  /** Index into the profile's points. */
  readonly index: number;
  /** Energy per sample in the mode, with learning if the mode learns [J]. */
  readonly cost: number;
  /** CPU time per sample in the mode [s]. */
  readonly time: number;
  /** The cost is within the mode's cap. */
  readonly allowed: boolean;
}

/** A mode with the operating points of the profile. */
export interface ControlledMode extends EnergyMode {
  /** By rising cost; empty: there is no profile, and the mode's own point is used. */
  readonly candidates: readonly Candidate[];
}

/** What the controller chooses from. */
export type ControlTable = Readonly<Record<ModeName, ControlledMode>>;

/**
 * Combines modes and profile. A profile point fits a mode if its T, E, K and resolution do not exceed those of the
 * mode's point, and its exits are not later. The cap of a mode is the largest energy of all points that fit it or a
 * cheaper mode.
 *
 * @param profile - `undefined`: every mode uses its own point
 * @param learning - whether samples are learned in modes that allow it
 */
export function controlTable(modes: ModeTable, profile: OperatingProfile | undefined, learning: boolean): ControlTable {
  let within: readonly number[] = [];
  const rows: Partial<Record<ModeName, ControlledMode>> = {};
  for (const name of [...modeNames].reverse()) {
    const mode = modes[name];
    const seen = seenBy(mode.learning && learning, profile);
    // The cheapest point is always allowed, since samples must be decided.
    const fitting = seen.filter(({ point }, at) => at === 0 || fits(point, mode.point));
    within = [...within, ...fitting.map(({ index }) => index)];
    const cap = Math.max(...seen.filter(({ index }) => within.includes(index)).map(({ cost }) => cost));
    rows[name] = { ...mode, candidates: seen.map((point) => ({ ...point, allowed: point.cost <= cap })) };
  }
  return rows as ControlTable;
}

function seenBy(learns: boolean, profile: OperatingProfile | undefined): Omit<Candidate, 'allowed'>[] {
  const part = learns ? 'train' : 'infer';
  return (
    (profile?.points ?? [])
      .map((point, index) => ({ ...point, index, cost: point.energy[part], time: point.latency[part] }))
      // Learning uses no exits, so points that differ only in exits cost the same. The most accurate comes first.
      .sort((a, b) => a.cost - b.cost || b.accuracy - a.accuracy || a.index - b.index)
  );
}

/** Whether a point fits the point of a mode. */
function fits(point: OperatingPoint, cap: OperatingPoint): boolean {
  const exits = exitsAsSoon(point.exit, cap.exit) && exitsAsSoon(point.exitFirst, cap.exitFirst);
  const sharp = (point.resolution ?? 0) > (cap.resolution ?? Infinity);
  return point.timesteps <= cap.timesteps && point.events <= cap.events && point.keep <= cap.keep && exits && !sharp;
}

function exitsAsSoon(lead: number, cap: number): boolean {
  return cap === 0 || (lead > 0 && lead <= cap);
}
