import { checkInteger } from '../../base/errors.js';
import { DistanceCode, type DistanceCodeOptions } from './distance-code.js';
import type { RangeScan } from './range-scan.js';
import { refuse, Silence } from '../refuse.js';
import type { ShownInputs } from '../sensor.js';
import { Sectors } from './sectors.js';

/** What a {@link RangeEncoder} is made of. */
export interface RangeEncoderOptions extends DistanceCodeOptions {
  /**
   * Distances between which differences are seen [m]. 0: as far as the sensor sees, but no farther than 10 m, and from as near as it
   * sees, but no nearer than a fiftieth of that.
   */
  readonly near: number;
  readonly far: number;
  /** Equal sectors of the circle, each spoken for by its median, 4..720; a scan of fewer beams has a sector for each. */
  readonly sectors: number;
  /** Whether the scan is turned so that it starts at the freest direction: places look alike whatever the heading. */
  readonly headingFree: boolean;
  /** Scans with more beams are refused, 1..1048576. */
  readonly maxBeams: number;
}

/** Farthest distance that is told apart where nobody sets one [m], and how much nearer the nearest is at most. */
const [farthest, span] = [10, 50];

/** What suits a robot indoors. */
export const rangeEncoderDefaults: RangeEncoderOptions = {
  ...{ sectors: 36, inverseCells: 8, logCells: 8, near: 0, far: 0, headingFree: true, maxBeams: 65_536 },
};

/**
 * Turns laser scans into intensities 0..255: sectors one after the other, each the population code of its median
 * distance. A sector in which nothing was seen, or nobody looked, is silent.
 */
export class RangeEncoder {
  /** One row: a signal that is no picture. */
  readonly rows = 1;
  readonly columns: number;
  readonly polarity = false;
  /** Looked at with a column a sector and a row a cell of distance. */
  readonly shown: ShownInputs;
  readonly #options: RangeEncoderOptions;
  readonly #sectors: Sectors;
  /** Of the range of the last scan. */
  #code: DistanceCode;
  #range: Range;

  /** @throws {@link TopsparkError} `out_of_range` naming the option and its bounds */
  constructor(options: RangeEncoderOptions = rangeEncoderDefaults) {
    checkInteger('scan.sectors', options.sectors, 4, 720);
    checkInteger('scan.max_beams', options.maxBeams, 1, 2 ** 20);
    this.#options = options;
    this.#range = rangeOf(options, { rangeMin: 0, rangeMax: Infinity });
    this.#code = new DistanceCode('scan', { ...options, ...this.#range });
    this.#sectors = new Sectors(options.sectors);
    const { cells } = this.#code;
    this.columns = options.sectors * cells;
    this.shown = {
      ...{ rows: cells, columns: options.sectors },
      cells: Uint16Array.from(
        { length: this.columns },
        (_, i) => (i % cells) * options.sectors + Math.floor(i / cells),
      ),
    };
  }

  /**
   * @param into - `columns` bytes
   * @throws {@link TopsparkError} `scan_*` where the scan cannot be read, `scan_silent` where no beam saw anything; `into`
   *   is as it was then
   */
  encode(scan: RangeScan, into: Uint8Array): void {
    checkScan(scan, this.#options.maxBeams);
    const code = this.#codeFor(scan);
    const sectors = this.#sectors;
    sectors.read(scan);
    const { medians, count } = sectors;
    if (!medians.subarray(0, count).some(Number.isFinite)) {
      const found = `none of ${count} sectors saw anything in ${scan.rangeMin}..${scan.rangeMax} m`;
      const empty = Array.prototype.every.call(scan.ranges, (each) => each === 0);
      const zeros = `, and all ${scan.ranges.length} ranges are 0, which says that nothing was measured`;
      throw new Silence('scan_silent', `${found}${empty ? zeros : ''}: nothing to see`);
    }
    const first = this.#options.headingFree ? sectors.freest(scan.rangeMax) : 0;
    const { cells } = code;
    for (let k = 0; k < count; k++) {
      const distance = medians[(first + k) % count];
      if (Number.isFinite(distance)) code.encode(distance, into, k * cells);
      else into.fill(0, k * cells, (k + 1) * cells);
    }
    into.fill(0, count * cells);
  }

  /** The code for what is set, and for the sensor's own range where nothing is. */
  #codeFor({ rangeMin, rangeMax }: RangeScan): DistanceCode {
    const range = rangeOf(this.#options, { rangeMin, rangeMax });
    if (range.near === this.#range.near && range.far === this.#range.far) return this.#code;
    if (!(range.near < range.far)) {
      const begins = `distances are told apart from ${range.near} m on`;
      refuse('scan_limits', `scan has range_max ${rangeMax}, and ${begins}, expected a range_max beyond that`);
    }
    this.#range = range;
    this.#code = new DistanceCode('scan', { ...this.#options, ...range });
    return this.#code;
  }
}

type Range = Pick<RangeEncoderOptions, 'near' | 'far'>;

/** Nearest distance that a code can begin at [m]. */
const leastNear = 0.01;

/** Distances that are told apart: those that are set, and the sensor's own where none are. */
function rangeOf({ near, far }: Range, { rangeMin, rangeMax }: Pick<RangeScan, 'rangeMin' | 'rangeMax'>): Range {
  const last = far === 0 ? Math.min(farthest, rangeMax) : far;
  const first = near === 0 ? Math.max(rangeMin < last ? rangeMin : 0, last / span, leastNear) : near;
  return { near: first, far: last };
}

function checkScan({ ranges, angleMin, angleIncrement, rangeMin, rangeMax }: RangeScan, maxBeams: number): void {
  const beams = ranges.length;
  if (beams === 0) refuse('scan_empty', 'scan has no ranges, expected at least 1');
  if (beams > maxBeams) refuse('scan_too_large', `scan has ${beams} ranges, expected at most ${maxBeams}`);
  const field = Math.abs(angleIncrement) * (beams - 1);
  // A little more than a turn is usual: many lasers send the first beam again as the last.
  if (!(Math.abs(angleMin) <= 100 && field <= 2 * Math.PI + 0.1)) {
    refuse(
      'scan_angles',
      `scan starts at ${angleMin} rad with ${beams} steps of ${angleIncrement} rad, expected at most one turn`,
    );
  }
  if (angleIncrement === 0 && beams > 1) {
    refuse(
      'scan_angles',
      `scan has ${beams} ranges with steps of 0 rad, expected that they look in different directions`,
    );
  }
  if (!(rangeMin >= 0 && rangeMax > rangeMin)) {
    refuse(
      'scan_limits',
      `scan has range_min ${rangeMin} and range_max ${rangeMax}, expected 0 ≤ range_min < range_max`,
    );
  }
}
