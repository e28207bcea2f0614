import { onMains } from './battery.js';
import { sourceLost, type EnergyMeter, type MeterReading } from './energy-meter.js';
import { PowerIntegral } from './power-integral.js';

/** The electrical part of sensor_msgs/BatteryState. */
export interface BatteryPower {
  /** POWER_SUPPLY_STATUS_*, see {@link BatteryMessage}. */
  readonly status: number;
  /** [V], NaN when unmeasured. */
  readonly voltage: number;
  /** [A], negative when discharging, NaN when unmeasured. */
  readonly current: number;
}

/** What the robot draws from its battery, as the last message told; charging tells nothing of it. */
export class BatteryPowerMonitor {
  #power = NaN;
  #heard = -Infinity;

  /** @param timeout - age at which a message is no longer believed [s] */
  constructor(readonly timeout: number) {}

  /**
   * Hears a message; `now` is monotonic [s]. On mains the battery gives nothing or the lesser part, and a current of 0 is
   * that of a driver that does not measure it: a robot that sends this draws some. `present` is not asked, since many drivers
   * never set it.
   */
  hear({ status, voltage, current }: BatteryPower, now: number): void {
    this.#power = !onMains(status) && voltage > 0 && current < 0 ? -voltage * current : NaN;
    this.#heard = now;
  }

  /** Power drawn [W]; NaN while unknown. */
  at(now: number): number {
    return now - this.#heard <= this.timeout ? this.#power : NaN;
  }
}

/** Adds up battery voltage times current: the whole robot, motors and all. */
export class BatteryMeter implements EnergyMeter {
  readonly source = 'battery';
  readonly measured = true;
  readonly covers = 'the whole robot';
  readonly #integral = new PowerIntegral();

  private constructor(
    readonly battery: BatteryPowerMonitor,
    power: number,
    now: number,
  ) {
    this.#integral.add(power, now);
  }

  /** @returns the meter, or why there is none */
  static open(battery: BatteryPowerMonitor, now: number): BatteryMeter | string {
    const power = battery.at(now);
    return Number.isFinite(power) ? new BatteryMeter(battery, power, now) : 'no discharging battery tells its current';
  }

  read(now: number): MeterReading {
    const power = this.battery.at(now);
    if (!Number.isFinite(power)) throw sourceLost('the battery no longer tells what is drawn from it');
    this.#integral.add(power, now);
    return this.#integral.reading;
  }
}
