import type { MeterReading } from './energy-meter.js';

/**
 * Energy from sampled power, by the trapezoidal rule, and the uncertainty of sampling:
 *
 *   E = Σ ½ (P_k + P_k+1) (t_k+1 − t_k)      u = Σ ½ |P_k+1 − P_k| (t_k+1 − t_k)
 *
 * u is half the difference of the left and the right sum [J]: exact where power is monotone between two samples. The
 * sensor's own error is not included.
 */
export class PowerIntegral {
  #joules = 0;
  #uncertainty = 0;
  #last: { readonly power: number; readonly time: number } | undefined;

  /**
   * Adds a sample.
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

  /** The integral so far. */
  get reading(): MeterReading {
    return { joules: this.#joules, uncertainty: this.#uncertainty };
  }
}
