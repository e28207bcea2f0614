import type { Logger } from 'pino';
import type { ParameterValues } from '../base/parameters.js';
import { BatteryMeter } from '../energy/battery-meter.js';
import { energySources } from '../energy/energy-meter.js';
import { EnergySource, type EnergyReading } from '../energy/energy-source.js';
import { hwmonRails } from '../energy/hwmon-rails.js';
import { iioRails } from '../energy/iio-rails.js';
import { OperationsMeter, type Spending } from '../energy/operations-meter.js';
import { RailMeter } from '../energy/rail-meter.js';
import { RaplMeter } from '../energy/rapl-meter.js';

/** Share of a core that sampling may take. */
const sampleShare = 0.01;
/** Longest wait between samples [s]. */
const longestWait = 1;

/** Energy of the node, from the best source that the parameters allow. */
export class EnergyReadings {
  readonly #source: EnergySource;
  #last: EnergyReading;
  #timer: NodeJS.Timeout | undefined;
  /** Begins to sample; absent before {@link EnergyReadings.watch} and after {@link EnergyReadings.close}. */
  #sample: (() => void) | undefined;

  /**
   * @param spending - inputs of the estimate, except the process's CPU time
   * @param drawn - power that the robot draws from its battery [W]; NaN while unknown
   * @param now - monotonic time [s]
   */
  constructor(
    values: ParameterValues,
    spending: Omit<Spending, 'processTime'>,
    drawn: () => number,
    logger: Logger,
    now: number,
  ) {
    const sysfs = values.text('energy.sysfs');
    const asked = values.text('energy.rails').split(',');
    const rails = asked.map((label) => label.trim()).filter((label) => label !== '');
    const wattsPerCore = values.number('energy.watts_per_core');
    const openers = {
      rapl: (time: number) => RaplMeter.open(sysfs, time),
      hwmon: (time: number) => RailMeter.open('hwmon', hwmonRails(sysfs), rails, time),
      iio: (time: number) => RailMeter.open('iio', iioRails(sysfs), rails, time),
      battery: (time: number) => BatteryMeter.open(drawn, time),
      operations: () => new OperationsMeter({ ...spending, processTime }, wattsPerCore),
    };
    const wanted = energySources.find((name) => name === values.text('energy.source')) ?? 'auto';
    const log = (level: 'info' | 'warn', sentence: string): void => {
      logger[level](sentence);
    };
    this.#source = new EnergySource(openers, wanted, log, now);
    this.#last = this.#source.read(now);
    logger.info(`energy comes from ${this.#last.source}: ${this.#last.covers}`);
  }

  /** Reads the source; call it about once a second. A source that has changed to one with samples is sampled. */
  read(now: number): EnergyReading {
    this.#last = this.#source.read(now);
    if (this.#timer === undefined) this.#sample?.();
    return this.#last;
  }

  /**
   * Samples power between readings until {@link EnergyReadings.close}: whenever the monitor has a new value, but in at
   * most 1 % of a core. A source that counts energy needs no samples.
   *
   * @param monotonic - time of {@link EnergyReadings.read} [s]
   */
  watch(monotonic: () => number): void {
    const look = (): void => {
      this.#timer = undefined;
      const { interval } = this.#source;
      // No timer: one that wakes the process each second for nothing is a twentieth of the cost of an idle node.
      if (interval === undefined) return;
      const before = performance.now();
      this.#source.sample(monotonic());
      const cost = performance.now() - before;
      const wait = Math.max(1000 * (this.#source.interval ?? interval), cost / sampleShare);
      this.#timer = setTimeout(look, Math.min(wait, 1000 * longestWait)).unref();
    };
    this.#sample = look;
    look();
  }

  /** Ends sampling. */
  close(): void {
    clearTimeout(this.#timer);
    this.#sample = undefined;
  }

  /** The last reading. */
  get last(): EnergyReading {
    return this.#last;
  }
}

function processTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1e-6;
}
