/**
 * Divides the events of a sample among its sensors. A network places events by cumulative intensity, so the events of a
 * sensor are proportional to its part of the whole sum. Each sensor is scaled so that this part is its share, however
 * strong its signal is:
 *
 *   y = u · w / S · x,   S = Σ x of the sensor, w its weight, u the same for all: the largest that keeps every y ≤ 255
 *   y_i = ⌊C_i + ½⌋ − ⌊C_(i−1) + ½⌋,   C_i = u · w / S · (x_0 + … + x_i)
 *
 * rounded along the scan as events are placed, so that faint inputs add up and the sum of y is ⌊u · w + ½⌋.
 *
 * With weights proportional to the number of inputs, places are recognised by laser as well as without the other
 * sensors. Equal weights, or weights by the square root, take too many events from the laser (docs/sensors.md).
 */
export class EventShares {
  readonly #sums: Float64Array;
  readonly #peaks: Float64Array;

  /** @param weights - w of each sensor, above 0 */
  constructor(readonly weights: readonly number[]) {
    this.#sums = new Float64Array(weights.length);
    this.#peaks = new Float64Array(weights.length);
  }

  /**
   * @param parts - intensities of each sensor in reading order, scaled in place. A part of zeros is silent; the others
   *   share its events
   */
  apply(parts: readonly Uint8Array[]): void {
    let unit = Infinity;
    for (const [k, part] of parts.entries()) {
      let [sum, peak] = [0, 0];
      for (const value of part) {
        sum += value;
        if (value > peak) peak = value;
      }
      this.#sums[k] = sum;
      this.#peaks[k] = peak;
      if (peak > 0) unit = Math.min(unit, (255 * sum) / (peak * this.weights[k]));
    }
    for (const [k, part] of parts.entries()) {
      if (this.#peaks[k] > 0) scale(part, (unit * this.weights[k]) / this.#sums[k]);
    }
  }
}

function scale(part: Uint8Array, factor: number): void {
  let sum = 0;
  let placed = 0;
  for (let i = 0; i < part.length; i++) {
    sum += part[i];
    const next = Math.floor(sum * factor + 0.5);
    // Rounding must not exceed a peak of 255.
    part[i] = Math.min(255, next - placed);
    placed = next;
  }
}
