import type { MeterReading } from './energy-meter.js';

/**
 * Energy from power that is sampled, by the trapezoidal rule, and what sampling leaves uncertain:
 *
 *   E = Σ ½ (P_k + P_k+1) (t_k+1 − t_k)      u = Σ ½ |P_k+1 − P_k| (t_k+1 − t_k)
 *
 * u is half of what lies between the left and the right sum [J]: exact where power is monotone between two samples. The
 * sensor's own error is not in it.
 */
export class PowerIntegral {
  #joules = 0;
  #uncertainty = 0;
  #last: { readonly power: number; readonly time: number } | undefined;

  /**
   * Enters a sample.
   *
   * @param power - [W], from 0
   * @param time - monotonic [s]
   */
  add(power: number, time: number): void {
    if (this.#last !== undefined) {
      const elapsed = Math.max(0, time - this.#last.time);
      this.#joules += ((this.#last.power + power) / 2) * elapsed;
      this.#uncertainty += (Math.abs(power - this.#last.power) / 2) * elapsed;
    }
    this.#last = { power, time };
  }

  /** What was added up. */
  get reading(): MeterReading {
    return { joules: this.#joules, uncertainty: this.#uncertainty };
  }
}
