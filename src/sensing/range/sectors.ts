import { leastDistance } from './distance-code.js';
import type { RangeScan } from './range-scan.js';

/** Beams often stand on the edge of two sectors; rounding is not to decide which is theirs [sector]. */
const edge = 1e-3;

/** Beams of a scan by direction: each sector's median distance. Allocates only when the scans change. */
export class Sectors {
  /**
   * Median distance of each sector [m]: Infinity where nothing was seen, NaN where no beam looked. Sector 0 begins
   * straight ahead, at 0 rad, and they go counter-clockwise round the whole circle.
   */
  readonly medians: Float64Array;
  #beams = new Float64Array(0);
  #sectorOf = new Uint16Array(0);
  readonly #starts: Uint32Array;
  readonly #counts: Uint32Array;
  #laidOut = { beams: -1, angleMin: NaN, angleIncrement: NaN };

  /** @param count - sectors of the circle, at least 1 */
  constructor(readonly count: number) {
    this.medians = new Float64Array(count);
    this.#starts = new Uint32Array(count);
    this.#counts = new Uint32Array(count);
  }

  /**
   * Fills {@link Sectors.medians}. A beam that is NaN, too close, below `rangeMin` or no distance at all (0) says nothing.
   *
   * @param scan - angles finite
   */
  read(scan: RangeScan): void {
    this.#layOut(scan);
    const { ranges, rangeMax } = scan;
    const least = Math.max(scan.rangeMin, leastDistance);
    this.#counts.fill(0);
    for (let i = 0; i < ranges.length; i++) {
      const r = ranges[i];
      if (!(r >= least)) continue;
      const sector = this.#sectorOf[i];
      this.#beams[this.#starts[sector] + this.#counts[sector]++] = r <= rangeMax ? r : Infinity;
    }
    for (let s = 0; s < this.count; s++) {
      const heard = this.#beams.subarray(this.#starts[s], this.#starts[s] + this.#counts[s]).sort();
      this.medians[s] = heard.length === 0 ? NaN : heard[(heard.length - 1) >> 1];
    }
  }

  /**
   * The sector that reaches farthest; see {@link freest}.
   *
   * @param farthest - how far a sector reaches in which nothing was seen [m]
   */
  freest(farthest: number): number {
    return freest(this.medians.map((median) => (Number.isNaN(median) ? 0 : Math.min(median, farthest))));
  }

  // Which beam looks where is the same from scan to scan.
  #layOut({ ranges, angleMin, angleIncrement }: RangeScan): void {
    const last = this.#laidOut;
    const beams = ranges.length;
    if (last.beams === beams && last.angleMin === angleMin && last.angleIncrement === angleIncrement) return;
    this.#laidOut = { beams, angleMin, angleIncrement };
    this.#beams = new Float64Array(beams);
    const perRadian = this.count / (2 * Math.PI);
    this.#sectorOf = Uint16Array.from({ length: beams }, (_, i) => {
      const turns = Math.floor((angleMin + i * angleIncrement) * perRadian + edge);
      return ((turns % this.count) + this.count) % this.count;
    });
    this.#counts.fill(0);
    for (const sector of this.#sectorOf) this.#counts[sector]++;
    for (let s = 1; s < this.count; s++) this.#starts[s] = this.#starts[s - 1] + this.#counts[s - 1];
  }
}

/** Index of the sector whose reach is largest together with its neighbours'; of equals the first. */
export function freest(reach: ArrayLike<number>): number {
  const count = reach.length;
  let best = 0;
  let most = -1;
  for (let s = 0; s < count; s++) {
    const free = reach[(s + count - 1) % count] + 2 * reach[s] + reach[(s + 1) % count];
    if (free > most) [best, most] = [s, free];
  }
  return best;
}
