import { TopsparkError } from '../base/errors.js';

/** Where joules can come from, the best first. */
export const energySources = ['rapl', 'hwmon', 'iio', 'battery', 'operations'] as const;

/** Name of a source of energy readings. */
export type EnergySourceName = (typeof energySources)[number];

/** What a meter has added up since it was opened. */
export interface MeterReading {
  /** [J], never falling. */
  readonly joules: number;
  /** The part of the uncertainty that is known [J], NaN where none is. */
  readonly uncertainty: number;
}

/** Adds up the energy of something from the moment at which it was opened. */
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
   * @throws {@link TopsparkError} `energy_source_lost` once the source no longer tells; it is not asked again
   */
  read(now: number): MeterReading;
  /**
   * Power that is sampled: takes a sample between readings. What cannot be read now is told by the next reading. Absent where
   * hardware counts.
   */
  sample?(now: number): void;
  /** How often a sample is new [s]. */
  readonly interval?: number;
}

/** Opens a meter where its source is present; else tells in words why it is not. */
export type OpenMeter = (now: number) => EnergyMeter | string;

/** A source that no longer tells. */
export function sourceLost(sentence: string, cause?: unknown): TopsparkError {
  return new TopsparkError('energy_source_lost', 'environment', sentence, { cause });
}
