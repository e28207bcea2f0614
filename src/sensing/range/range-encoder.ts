import { checkInteger } from '../../base/errors.js';
import { DistanceCode, type DistanceCodeOptions } from './distance-code.js';
import type { RangeScan } from './range-scan.js';
import { refuse, Silence } from '../refuse.js';
import type { ShownInputs } from '../sensor.js';
import { Sectors } from './sectors.js';

/** Options of a {@link RangeEncoder}. */
export interface RangeEncoderOptions extends DistanceCodeOptions {
  /**
   * Range in which distances are resolved [m]. `far` 0: up to the sensor's own range, but at most 10 m. `near` 0: from
   * the sensor's own minimum, but at least a fiftieth of `far`.
   */
  readonly near: number;
  readonly far: number;
  /**
   * Equal sectors of the circle, each with the median of its beams, 4..720. A scan with fewer beams has a sector for
   * each.
   */
  readonly sectors: number;
  /** Whether the scan is turned to start at the freest direction, so that places look alike for any heading. */
  readonly headingFree: boolean;
  /** Scans with more beams are refused, 1..1048576. */
  readonly maxBeams: number;
}

/** Default largest distance [m], and largest ratio of `far` to `near` by default. */
const [farthest, span] = [10, 50];

/** Defaults for a robot indoors. */
export const rangeEncoderDefaults: RangeEncoderOptions = {
  ...{ sectors: 36, inverseCells: 8, logCells: 8, near: 0, far: 0, headingFree: true, maxBeams: 65_536 },
};

/**
 * Encodes laser scans as intensities 0..255: sector after sector, each as the population code of its median distance. A
 * sector without an echo or without a beam is silent.
 */
export class RangeEncoder {
  /** One row: not a picture. */
  readonly rows = 1;
  readonly columns: number;
  readonly polarity = false;
  /** Shown with one column a sector and one row a cell of distance. */
  readonly shown: ShownInputs;
  readonly #options: RangeEncoderOptions;
  readonly #sectors: Sectors;
  /** Code for the range of the last scan. */
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
   * @throws {@link TopsparkError} `scan_*` where the scan is invalid, `scan_silent` where no beam saw anything; `into`
   *   is unchanged then
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
      const zeros = `, and all ${scan.ranges.length} ranges are 0: nothing was measured`;
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

  /** Returns the code for the configured range, or for the sensor's own where none is configured. */
  #codeFor({ rangeMin, rangeMax }: RangeScan): DistanceCode {
    const range = rangeOf(this.#options, { rangeMin, rangeMax });
    if (range.near === this.#range.near && range.far === this.#range.far) return this.#code;
    if (!(range.near < range.far)) {
      const begins = `near is ${range.near} m`;
      refuse('scan_limits', `scan has range_max ${rangeMax} m and ${begins}, expected a range_max beyond near`);
    }
    this.#range = range;
    this.#code = new DistanceCode('scan', { ...this.#options, ...range });
    return this.#code;
  }
}

type Range = Pick<RangeEncoderOptions, 'near' | 'far'>;

/** Smallest distance at which a code can begin [m]. */
const leastNear = 0.01;

/** Range of distances: as configured, or the sensor's own where nothing is configured. */
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
    refuse('scan_angles', `scan has ${beams} ranges with steps of 0 rad, expected beams in different directions`);
  }
  if (!(rangeMin >= 0 && rangeMax > rangeMin)) {
    refuse(
      'scan_limits',
      `scan has range_min ${rangeMin} and range_max ${rangeMax}, expected 0 ≤ range_min < range_max`,
    );
  }
}
