import { readBattery, type BatteryMessage, type BatteryReading } from '../energy/battery.js';

/** Remembers the last believable battery reading, and forgets it when it is too old. */
export class BatteryMonitor {
  #reading: BatteryReading | undefined;
  #heard = 0;

  /** @param timeout - age at which a reading is no longer believed [s] */
  constructor(readonly timeout: number) {}

  /**
   * Hears a message; one without a battery present changes nothing.
   *
   * @param now - time of the robot [s]
   * @throws {@link TopsparkError} `battery_out_of_range`, `battery_unmeasured`; the last reading stays in force
   */
  hear(message: BatteryMessage, now: number): void {
    const reading = readBattery(message);
    if (reading === undefined) return;
    this.#reading = reading;
    this.#heard = now;
  }

  /** The reading in force; `undefined` while none is believable. Time that jumped back makes a reading unknown too. */
  at(now: number): BatteryReading | undefined {
    const age = now - this.#heard;
    return age >= 0 && age <= this.timeout ? this.#reading : undefined;
  }
}
