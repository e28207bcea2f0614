import { sourceLost, type EnergyMeter, type MeterReading } from './energy-meter.js';
import { PowerIntegral } from './power-integral.js';
import { reasonOf } from '../base/errors.js';

/** A supply whose power can be read. */
export interface Rail {
  /** Its label on the board, such as `VDD_IN`. */
  readonly label: string;
  /** Current power [W]. Throws where it cannot be read. */
  readonly power: () => number;
  /** Time over which the monitor averages, and after which it has a new value [s]; absent: not known. */
  readonly interval?: number;
}

/** Interval of a monitor that does not state one [s]. */
const standardInterval = 0.01;

/** Labels of a rail that feeds all others: Jetson Orin and Xavier NX, Jetson Nano and TX1. */
const total = /^(VDD_IN|VIN|POM_5V_IN|VDD_IN_5V0|IN)$/i;

/**
 * Chooses the rails to add up: the requested ones; else the one that feeds all others; else all.
 *
 * @param asked - requested labels; empty: automatic
 * @returns the rails, or a sentence why there are none
 */
export function chooseRails(rails: readonly Rail[], asked: readonly string[]): readonly Rail[] | string {
  if (asked.length === 0) {
    const feeding = rails.filter(({ label }) => total.test(label));
    return feeding.length > 0 ? feeding.slice(0, 1) : rails;
  }
  const found = asked.map((label) => rails.filter((rail) => rail.label === label));
  const missing = asked.filter((_, index) => found[index]?.length === 0);
  if (missing.length === 0) return found.flat();
  return `no rail ${missing.join(', ')}; there are ${rails.map(({ label }) => label).join(', ')}`;
}

/** Integrates the power of rails over time. */
export class RailMeter implements EnergyMeter {
  readonly measured = true;
  readonly covers: string;
  readonly interval: number;
  readonly #integral = new PowerIntegral();

  private constructor(
    readonly source: 'hwmon' | 'iio',
    readonly rails: readonly Rail[],
  ) {
    this.covers = `rail ${rails.map(({ label }) => label).join(', ')}`;
    this.interval = Math.min(...rails.map(({ interval = standardInterval }) => interval));
  }

  /** @returns the meter, or a sentence why there is none */
  static open(
    source: 'hwmon' | 'iio',
    rails: readonly Rail[],
    asked: readonly string[],
    now: number,
  ): RailMeter | string {
    if (rails.length === 0) return `no power monitor in ${source}`;
    const chosen = chooseRails(rails, asked);
    if (typeof chosen === 'string') return chosen;
    const meter = new RailMeter(source, chosen);
    try {
      meter.#sample(now);
    } catch (error) {
      return `${source} is there but was not read: ${reasonOf(error)}`;
    }
    return meter;
  }

  read(now: number): MeterReading {
    try {
      this.#sample(now);
    } catch (error) {
      throw sourceLost(`${this.source}, ${this.covers}, was lost: ${reasonOf(error)}`, error);
    }
    return this.#integral.reading;
  }

  sample(now: number): void {
    try {
      this.#sample(now);
    } catch {
      // The next reading reports the error if it persists.
    }
  }

  #sample(now: number): void {
    this.#integral.add(
      this.rails.reduce((sum, rail) => sum + Math.max(0, rail.power()), 0),
      now,
    );
  }
}
