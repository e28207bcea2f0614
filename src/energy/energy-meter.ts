import { TopsparkError } from '../base/errors.js';

/** Sources of energy readings, the best first. */
export const energySources = ['rapl', 'hwmon', 'iio', 'battery', 'operations'] as const;

/** Name of a source of energy readings. */
export type EnergySourceName = (typeof energySources)[number];

/** Total of a meter since it was opened, and its uncertainty. */
export interface MeterReading {
  /** [J], never falling. */
  readonly joules: number;
  /** Known part of the uncertainty [J], NaN where none is known. */
  readonly uncertainty: number;
}

/** Measures energy from the moment at which it was opened. */
export interface EnergyMeter {
  readonly source: EnergySourceName;
  /** Whether hardware measures it; otherwise it is estimated. */
  readonly measured: boolean;
  /** What it covers, in words: `CPU package-0, dram`, `rail VDD_IN`, `the whole robot`. */
  readonly covers: string;
  /**
   * Energy since it was opened.
   *
   * @param now - monotonic time [s]
   * @throws {@link TopsparkError} `energy_source_lost` once the source no longer works; do not read it again
   */
  read(now: number): MeterReading;
  /**
   * Takes a sample of power between readings; the next reading reports an error. Absent where hardware counts energy.
   */
  sample?(now: number): void;
  /** Interval after which a sample is new [s]. */
  readonly interval?: number;
}

/** Opens a meter where its source is present; otherwise returns a sentence why it is not. */
export type OpenMeter = (now: number) => EnergyMeter | string;

/** Error for a source that no longer works. */
export function sourceLost(sentence: string, cause?: unknown): TopsparkError {
  return new TopsparkError('energy_source_lost', 'environment', sentence, { cause });
}
