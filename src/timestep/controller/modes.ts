import { checkNumber, TopsparkError } from '../../base/errors.js';
import { checkOperatingPoint, type OperatingPoint } from '../policy/operating-point.js';

/** Energy modes from the dearest to the cheapest. The index equals the constant in topspark_msgs/EnergyMode. */
export const modeNames = ['FULL', 'BALANCED', 'SAVER', 'CRITICAL'] as const;

/** Name of an energy mode. */
export type ModeName = (typeof modeNames)[number];

/** What an energy mode allows. */
export interface EnergyMode {
  /** Lowest state of charge at which the mode may be used while discharging, 0..1. */
  readonly minBattery: number;
  /** The dearest operating point that is allowed. */
  readonly point: OperatingPoint;
  /** Maximum number of decisions per second; 0: no limit. */
  readonly maxRate: number;
  /** Whether samples are learned. */
  readonly learning: boolean;
}

/** All modes by name. */
export type ModeTable = Readonly<Record<ModeName, EnergyMode>>;

const point = (timesteps: number, events: number, keep: number, exitFirst = 0, exit = 0): OperatingPoint => ({
  timesteps,
  events,
  keep,
  exitFirst,
  exit,
});

/** The shipped modes of the lean policy. docs/method-measured.md has their accuracy and energy. */
export const defaultModes: ModeTable = {
  FULL: { minBattery: 0.6, point: point(35, 400, 96), maxRate: 0, learning: true },
  BALANCED: { minBattery: 0.3, point: point(35, 200, 48), maxRate: 30, learning: true },
  SAVER: { minBattery: 0.15, point: point(16, 150, 24, 6, 3), maxRate: 10, learning: true },
  CRITICAL: { minBattery: 0, point: point(8, 100, 24, 6, 3), maxRate: 2, learning: false },
};

/**
 * Checks every mode, and that `minBattery` falls from FULL to CRITICAL.
 *
 * @throws {@link TopsparkError} naming mode, field, value and bound
 */
export function checkModes(modes: ModeTable): void {
  let dearer: ModeName | undefined;
  for (const name of modeNames) {
    const mode = modes[name];
    checkOperatingPoint(mode.point, `mode ${name}`);
    checkNumber(`mode ${name}: minBattery`, mode.minBattery, 0, 1);
    checkNumber(`mode ${name}: maxRate`, mode.maxRate, 0, 100_000);
    if (dearer !== undefined && mode.minBattery >= modes[dearer].minBattery) {
      throw new TopsparkError(
        'modes_not_ordered',
        'usage',
        `mode ${name}: minBattery is ${mode.minBattery}, expected below ${modes[dearer].minBattery}, that of ${dearer}`,
      );
    }
    dearer = name;
  }
}
