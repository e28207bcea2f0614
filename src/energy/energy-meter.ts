import { TopsparkError } from '../base/errors.js';

/** Sources of energy readings, the best first. */
export const energySources = ['rapl', 'hwmon', 'iio', 'battery', 'operations'] as const;

/** Name of a source of energy readings. */
export type EnergySourceName = (typeof energySources)[number];

/** Total of a meter since it was opened. */
export interface MeterReading {
  /** [J], never falling. */
  readonly joules: number;
  /** Known part of the uncertainty [J], NaN where none is known. */
  readonly uncertainty: number;
}

/** Measures energy from the moment it was opened. */
export interface EnergyMeter {
  readonly source: EnergySourceName;
  /** Measured by hardware, not estimated. */
  readonly measured: boolean;
  /** What it covers, in words: `CPU package-0, dram`, `rail VDD_IN`, `the whole robot`. */
  readonly covers: string;
  /**
   * Energy since it was opened.
   *
   * @param now - monotonic time [s]
   * @throws {@link TopsparkError} `energy_source_lost` once the source no longer works; it is not read again
   */
  read(now: number): MeterReading;
  /**
   * Takes a sample of power between readings; the next reading reports an error. Absent where hardware counts energy.
   */
  sample?(now: number): void;
  /** How often a sample is new [s]. */
  readonly interval?: number;
}

/** Opens a meter where its source is present; otherwise returns why it is not. */
export type OpenMeter = (now: number) => EnergyMeter | string;

/** The error of a source that no longer works. */
export function sourceLost(sentence: string, cause?: unknown): TopsparkError {
  return new TopsparkError('energy_source_lost', 'environment', sentence, { cause });
}
