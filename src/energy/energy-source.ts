import { TopsparkError } from '../base/errors.js';
import {
  energySources,
  type EnergyMeter,
  type EnergySourceName,
  type MeterReading,
  type OpenMeter,
} from './energy-meter.js';

/** Energy since the start, and its current source. */
export interface EnergyReading {
  /** [J], over all sources in turn. */
  readonly joules: number;
  /** Mean power since the last reading [W]; NaN where no time has passed, and where the source was lost since. */
  readonly power: number;
  readonly source: EnergySourceName;
  readonly measured: boolean;
  readonly covers: string;
  /** Known part of the relative uncertainty of this source, 0..1; NaN where none is known. */
  readonly uncertainty: number;
}

/** Time after which missing sources are tried again [s]. */
const retry = 30;
/**
 * The same for a lost source, doubled with every further loss, so that a bad source does not come and go for ever [s].
 */
const wait = { first: 60, longest: 3600 };

/**
 * Reads the best energy source that is present. When it disappears, the next best continues the total; when a better
 * one appears (a battery's first message, a driver that is loaded), it takes over.
 */
export class EnergySource {
  readonly #order: readonly EnergySourceName[];
  #meter: EnergyMeter;
  /** Energy by meters no longer used [J]. */
  #before = 0;
  #last = 0;
  #lastTime: number;
  #searched: number;
  readonly #losses = new Map<EnergySourceName, { readonly until: number; readonly wait: number }>();

  /**
   * @param openers - opens each source; `operations` always succeeds
   * @param asked - one source, or `auto`; the estimate by operations replaces a missing source
   * @param report - logs each change of source; a missing or lost source as a warning
   * @param now - monotonic time [s]
   */
  constructor(
    readonly openers: Readonly<Record<EnergySourceName, OpenMeter>>,
    asked: EnergySourceName | 'auto',
    readonly report: (level: 'info' | 'warn', sentence: string) => void,
    now: number,
  ) {
    this.#order = asked === 'auto' ? energySources : [...new Set([asked, 'operations'] as const)];
    const missing: string[] = [];
    const found = this.#best(now, this.#order, missing);
    if (asked !== 'auto' && found.source !== asked)
      this.report('warn', `energy.source is ${asked}: ${missing.join('; ')}`);
    this.#meter = found;
    this.#lastTime = now;
    this.#searched = now;
  }

  /** Energy since the start. Call it about once a second, at least every few minutes. */
  read(now: number): EnergyReading {
    const before = this.#meter;
    const here = this.#joules(now);
    const { source, measured, covers } = this.#meter;
    const joules = this.#before + here.joules;
    const elapsed = now - this.#lastTime;
    const power = elapsed > 0 && this.#meter === before ? (joules - this.#last) / elapsed : NaN;
    this.#last = joules;
    this.#lastTime = now;
    if (now - this.#searched >= retry) this.#lookForBetter(now);
    return { joules, power, source, measured, covers, uncertainty: here.uncertainty / here.joules };
  }

  /** Useful interval of samples between readings [s]; `undefined`: the source needs none. */
  get interval(): number | undefined {
    return this.#meter.interval;
  }

  /** Takes a sample between readings. */
  sample(now: number): void {
    this.#meter.sample?.(now);
  }

  #joules(now: number): MeterReading {
    try {
      return this.#meter.read(now);
    } catch (error) {
      if (!(error instanceof TopsparkError)) throw error;
      const lost = this.#meter.source;
      // The last reading stays; the energy spent since then is unknown.
      this.#before = this.#last;
      const longer = Math.min(2 * (this.#losses.get(lost)?.wait ?? wait.first / 2), wait.longest);
      this.#losses.set(lost, { until: now + longer, wait: longer });
      this.#meter = this.#best(now, this.#order.slice(this.#order.indexOf(lost) + 1), []);
      this.#searched = now;
      this.report('warn', `${error.message}; energy comes from ${this.#meter.source} now`);
      return this.#joules(now);
    }
  }

  #lookForBetter(now: number): void {
    this.#searched = now;
    const better = this.#order.slice(0, this.#order.indexOf(this.#meter.source));
    for (const source of better) {
      if (now < (this.#losses.get(source)?.until ?? -Infinity)) continue;
      const opened = this.openers[source](now);
      if (typeof opened === 'string') continue;
      this.report('info', `${source} is present: energy comes from it now (${opened.covers})`);
      this.#before = this.#last;
      this.#meter = opened;
      return;
    }
  }

  #best(now: number, order: readonly EnergySourceName[], missing: string[]): EnergyMeter {
    for (const source of order) {
      const opened = this.openers[source](now);
      if (typeof opened !== 'string') return opened;
      missing.push(opened);
    }
    const sentence = `no source of energy readings: ${missing.join('; ')}`;
    throw new TopsparkError('energy_source_none', 'environment', sentence);
  }
}
