import { sourceLost, type EnergyMeter, type MeterReading } from './energy-meter.js';
import { PowerIntegral } from './power-integral.js';

/** Integrates battery voltage times current: energy of the whole robot, including motors. */
export class BatteryMeter implements EnergyMeter {
  readonly source = 'battery';
  readonly measured = true;
  readonly covers = 'the whole robot';
  readonly #integral = new PowerIntegral();

  private constructor(
    readonly drawn: () => number,
    power: number,
    now: number,
  ) {
    this.#integral.add(power, now);
  }

  /**
   * @param drawn - power drawn from the battery now [W]; NaN while unknown
   * @returns the meter, or a sentence why there is none
   */
  static open(drawn: () => number, now: number): BatteryMeter | string {
    const power = drawn();
    return Number.isFinite(power) ? new BatteryMeter(drawn, power, now) : 'no discharging battery reports its current';
  }

  read(now: number): MeterReading {
    const power = this.drawn();
    if (!Number.isFinite(power)) throw sourceLost('the battery no longer reports voltage and current');
    this.#integral.add(power, now);
    return this.#integral.reading;
  }
}
