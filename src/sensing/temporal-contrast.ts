import { flatBelow, writePlanes } from './planes.js';
import { Silence } from './refuse.js';
import { noFrontEnd, type FrontEndCounts } from '../snn/operation-counts.js';

/**
 * Encodes on and off change in time, for any sensor:
 *
 *   on = max(0, x − x'),  off = max(0, x' − x),  x the intensities, x' those of the sample before
 *
 * both divided by the largest |x − x'| and rounded to bytes. The first sample shows no change.
 *
 * Source: temporal contrast in event cameras (Lichtsteiner, Posch & Delbruck, IEEE JSSC 2008), applied sample by
 * sample.
 */
export class TemporalContrast {
  /** x: fill it before {@link TemporalContrast.encode}. */
  readonly now: Uint8Array;
  /** Cost of the last sample: for each intensity a difference and two comparisons. */
  readonly work: FrontEndCounts;
  #before: Uint8Array | undefined;
  readonly #change: Float64Array;

  /**
   * @param sensor - name of the sensor; causes of its refusals begin with it
   * @param inputs - number of intensities of a sample
   */
  constructor(
    readonly sensor: string,
    readonly inputs: number,
  ) {
    this.now = new Uint8Array(inputs);
    this.work = { ...noFrontEnd, frontEndAdditions: 3 * inputs };
    this.#change = new Float64Array(inputs);
  }

  /** x', of the same length; `undefined`: there was no sample yet. */
  get before(): Uint8Array | undefined {
    return this.#before;
  }

  set before(intensities: Uint8Array | undefined) {
    this.#before = intensities?.slice();
  }

  /**
   * @param into - two bytes for each intensity: on, then off
   * @throws {@link Silence} `<sensor>_still` where the largest change is under 2 % of full scale; `into` is all zero
   *   then
   */
  encode(into: Uint8Array): void {
    const before = this.#before;
    let largest = 0;
    for (let i = 0; i < this.inputs; i++) {
      const change = before === undefined ? 0 : this.now[i] - before[i];
      this.#change[i] = change;
      largest = Math.max(largest, Math.abs(change));
    }
    const still = largest < 255 * flatBelow;
    this.work.frontEndDivisions = writePlanes(this.#change, largest, still, into);
    if (!still) return;
    const found = `largest change of ${this.sensor} is ${((100 * largest) / 255).toFixed(2)} %`;
    throw new Silence(`${this.sensor}_still`, `${found}, expected at least ${100 * flatBelow} %: nothing to see`);
  }

  /** Stores x as the sample before. */
  keep(): void {
    this.#before ??= new Uint8Array(this.inputs);
    this.#before.set(this.now);
  }
}
