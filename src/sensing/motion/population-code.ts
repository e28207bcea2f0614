import { checkInteger, checkNumber } from '../../base/errors.js';
import { deterministicExp } from '../../base/deterministic-functions.js';

/** Steps of the table over 0..1: a hundredth of the narrowest cell in use. */
const steps = 2048;

/**
 * Encodes a number as the activity of cells, each with its preferred value:
 *
 *   a_k(u) = exp(−(u − c_k)² / (2 w²)),  c_k = k / (cells − 1),  u in 0..1
 *
 * as bytes, 255 at the preferred value. Values outside 0..1 count as the nearest end.
 *
 * Source: population coding by Gaussian receptive fields (Bohte, La Poutré & Kok, Neurocomputing 2002).
 */
export class PopulationCode {
  readonly #table: Uint8Array;

  /**
   * @param cells - 2..64
   * @param width - w, share of the range, 0.01..1
   */
  constructor(
    readonly cells: number,
    width: number,
  ) {
    checkInteger('population code: cells', cells, 2, 64);
    checkNumber('population code: width', width, 0.01, 1);
    this.#table = new Uint8Array((steps + 1) * cells);
    for (let step = 0; step <= steps; step++) {
      for (let k = 0; k < cells; k++) {
        const apart = (step / steps - k / (cells - 1)) / width;
        // Beyond 4 widths a cell is silent: 255 exp(−8) is under half a byte.
        const activity = Math.abs(apart) > 4 ? 0 : deterministicExp((-apart * apart) / 2);
        this.#table[step * cells + k] = Math.floor(255 * activity + 0.5);
      }
    }
  }

  /**
   * @param u - any number except NaN
   * @param into - `cells` bytes from `at` on are written
   */
  encode(u: number, into: Uint8Array, at: number): void {
    const { cells } = this;
    const table = this.#table;
    const row = Math.floor(Math.min(1, Math.max(0, u)) * steps + 0.5) * cells;
    for (let k = 0; k < cells; k++) into[at + k] = table[row + k];
  }
}
