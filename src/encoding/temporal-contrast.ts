import { flatBelow, writePlanes, type OnOffEncoder } from './on-off-planes.js';

/**
 * On and off change in time:
 *
 *   on = max(0, x − x'),  off = max(0, x' − x),  x' the picture before
 *
 * both divided by the picture's largest |x − x'| and rounded to bytes. The first picture shows no change.
 *
 * Source: temporal contrast as event cameras see it (Lichtsteiner, Posch & Delbruck, IEEE JSSC 2008), frame by frame.
 */
export class TemporalContrast implements OnOffEncoder {
  readonly #before: Uint8Array;
  readonly #change: Float64Array;
  #seen = false;

  /** @param pixels - of a picture */
  constructor(readonly pixels: number) {
    this.#before = new Uint8Array(pixels);
    this.#change = new Float64Array(pixels);
  }

  encode(luminance: Uint8Array, into: Uint8Array): number {
    let largest = 0;
    for (let i = 0; i < this.pixels; i++) {
      const change = this.#seen ? luminance[i] - this.#before[i] : 0;
      this.#change[i] = change;
      largest = Math.max(largest, Math.abs(change));
    }
    this.#before.set(luminance);
    this.#seen = true;
    writePlanes(this.#change, largest, largest < 255 * flatBelow, into);
    return largest / 255;
  }

  reset(): void {
    this.#seen = false;
  }
}
