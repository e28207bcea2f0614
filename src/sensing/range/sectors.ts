import { leastDistance } from './distance-code.js';
import type { RangeScan } from './range-scan.js';

/** Tolerance [sector]: beams often lie on the edge of two sectors, and rounding must not decide between these. */
const edge = 1e-3;

/**
 * Beams of a scan by direction: the median distance of each sector. A scan with fewer beams than sectors, as from a
 * ring of sonars, has a sector for each beam. Memory is allocated only when the layout of scans changes.
 */
export class Sectors {
  /**
   * Median distance of each sector [m]: Infinity where nothing was seen, NaN without a beam. Sector 0 begins straight
   * ahead, at 0 rad, counter-clockwise around the whole circle. Only the first {@link Sectors.count} are valid.
   */
  readonly medians: Float64Array;
  #beams = new Float64Array(0);
  #sectorOf: Uint16Array = new Uint16Array(0);
  readonly #starts: Uint32Array;
  readonly #counts: Uint32Array;
  #laidOut = { beams: -1, angleMin: NaN, angleIncrement: NaN };
  #count: number;

  /** @param most - largest number of sectors of the circle, at least 1 */
  constructor(readonly most: number) {
    this.#count = most;
    this.medians = new Float64Array(most);
    this.#starts = new Uint32Array(most);
    this.#counts = new Uint32Array(most);
  }

  /** Number of sectors of the last scan: {@link Sectors.most}, or fewer if it has fewer beams. */
  get count(): number {
    return this.#count;
  }

  /**
   * Fills {@link Sectors.medians}. A beam that is NaN, too close, below `rangeMin` or 0 is ignored.
   *
   * @param scan - its angles must be finite
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
    for (let s = 0; s < this.#count; s++) {
      const heard = this.#beams.subarray(this.#starts[s], this.#starts[s] + this.#counts[s]).sort();
      this.medians[s] = heard.length === 0 ? NaN : heard[(heard.length - 1) >> 1];
    }
  }

  /**
   * The sector with the farthest reach; see {@link freest}.
   *
   * @param farthest - reach of a sector in which nothing was seen [m]
   */
  freest(farthest: number): number {
    const medians = this.medians.subarray(0, this.#count);
    return freest(medians.map((median) => (Number.isNaN(median) ? 0 : Math.min(median, farthest))));
  }

  // The layout is kept: directions of beams stay the same from scan to scan.
  #layOut({ ranges, angleMin, angleIncrement }: RangeScan): void {
    const last = this.#laidOut;
    const beams = ranges.length;
    if (last.beams === beams && last.angleMin === angleMin && last.angleIncrement === angleIncrement) return;
    this.#laidOut = { beams, angleMin, angleIncrement };
    this.#beams = new Float64Array(beams);
    this.#sectorOf =
      beams < this.most ? this.#oneEach(angleMin, angleIncrement) : this.#equal(angleMin, angleIncrement);
    this.#counts.fill(0);
    for (const sector of this.#sectorOf) this.#counts[sector]++;
    for (let s = 1; s < this.most; s++) this.#starts[s] = this.#starts[s - 1] + this.#counts[s - 1];
  }

  /** Assigns beams to equal sectors. */
  #equal(angleMin: number, angleIncrement: number): Uint16Array {
    const count = (this.#count = this.most);
    const perRadian = count / (2 * Math.PI);
    return Uint16Array.from(this.#beams, (_, i) => {
      const turns = Math.floor((angleMin + i * angleIncrement) * perRadian + edge);
      return ((turns % count) + count) % count;
    });
  }

  /** Assigns a sector to each beam, in the order of directions. In a whole turn the last beam repeats the first. */
  #oneEach(angleMin: number, angleIncrement: number): Uint16Array {
    const beams = this.#beams.length;
    const step = Math.abs(angleIncrement);
    const closed = beams > 1 && step * (beams - 1) > 2 * Math.PI - step / 2;
    const count = (this.#count = closed ? beams - 1 : beams);
    const ahead = Array.from({ length: count }, (_, i) => {
      const turns = (angleMin + i * angleIncrement) / (2 * Math.PI) + edge / this.most;
      return turns - Math.floor(turns);
    });
    const order = ahead.map((_, i) => i).sort((a, b) => ahead[a] - ahead[b]);
    const sectorOf = new Uint16Array(beams);
    for (const [sector, beam] of order.entries()) sectorOf[beam] = sector;
    if (closed) sectorOf[count] = sectorOf[0];
    return sectorOf;
  }
}

/** Index of the sector with the largest reach, with its neighbours; with equals the first. */
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
