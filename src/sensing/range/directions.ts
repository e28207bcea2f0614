import { deterministicCosine } from '../../base/deterministic-functions.js';

/** Slots of the table by which a direction finds its sector. */
const slots = 1024;

/**
 * The sector of a direction, without trigonometry per point: y / (|x| + |y|), unrolled over the quadrants to 0..4, grows
 * with the angle. Sector 0 begins straight ahead (+x), counter-clockwise.
 */
export class Directions {
  readonly #ends: Float64Array;
  readonly #first: Uint16Array;

  /** @param sectors - of the circle, 4..720 */
  constructor(readonly sectors: number) {
    this.#ends = Float64Array.from({ length: sectors }, (_, k) => {
      const angle = (2 * Math.PI * (k + 1)) / sectors;
      return k + 1 === sectors ? 4 : unrolled(deterministicCosine(angle), deterministicCosine(angle - Math.PI / 2));
    });
    this.#first = Uint16Array.from({ length: slots + 1 }, (_, slot) =>
      Math.min(
        sectors - 1,
        this.#ends.findIndex((end) => end > (4 * slot) / slots || end === 4),
      ),
    );
  }

  /** Sector of the point (x, y); not both 0. */
  of(x: number, y: number): number {
    const at = unrolled(x, y);
    let sector = this.#first[Math.floor((at * slots) / 4)];
    while (sector < this.sectors - 1 && at >= this.#ends[sector]) sector++;
    return sector;
  }
}

function unrolled(x: number, y: number): number {
  const up = y / (Math.abs(x) + Math.abs(y));
  return x < 0 ? 2 - up : y < 0 ? 4 + up : up;
}
