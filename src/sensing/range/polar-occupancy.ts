import { checkNumber, TopsparkError } from '../../base/errors.js';
import { deterministicCosine, deterministicLog, deterministicPower } from '../../base/deterministic-functions.js';
import type { PointCloud } from './point-cloud.js';
import { freest } from './sectors.js';
import { Silence } from '../refuse.js';

/** How a cloud becomes intensities. */
export interface PolarOccupancyOptions {
  /** Columns of the picture: sectors of the circle, 4..720. */
  readonly sectors: number;
  /** Rows: rings between near and far, each wider than the one before by the same factor, 1..64. */
  readonly rings: number;
  /** Nearest and farthest distance at which points count [m]. */
  readonly near: number;
  readonly far: number;
  /** Lowest and greatest height at which points count, in the frame of the cloud [m]. */
  readonly minHeight: number;
  readonly maxHeight: number;
  /** Whether the picture is turned to start at the freest direction. */
  readonly headingFree: boolean;
}

/** Counts whose logarithm is kept. */
const keptLogs = 1024;

/**
 * The space around the robot, seen from above: a picture of rings × sectors,
 *
 *   intensity = ln(1 + n) / ln(1 + n_max),  n points in the cell, n_max in the fullest,
 *
 * ring k from near · (far / near)^(k / rings). The logarithm compensates for the density that falls with distance.
 */
export class PolarOccupancy {
  readonly #options: PolarOccupancyOptions;
  readonly #directions: Directions;
  readonly #ends: Float64Array;
  readonly #counts: Float64Array;
  readonly #nearest: Float64Array;
  /** ln(1 + n) by n; NaN where it was not needed yet. */
  readonly #logs = new Float64Array(keptLogs).fill(NaN);

  /** @throws {@link TopsparkError} `out_of_range` naming the option and its bounds */
  constructor(options: PolarOccupancyOptions) {
    const { sectors, rings, near, far, minHeight, maxHeight } = options;
    checkNumber('points.near', near, 0.01, 10_000);
    const below = (low: string, value: number, high: string, bound: number): void => {
      if (value < bound) return;
      const message = `points.${high} is ${bound}, expected more than ${low}, ${value}`;
      throw new TopsparkError('out_of_range', 'usage', message);
    };
    below('near', near, 'far', far);
    below('min_height', minHeight, 'max_height', maxHeight);
    this.#options = options;
    this.#directions = new Directions(sectors);
    this.#ends = Float64Array.from(
      { length: rings },
      (_, k) => (near * deterministicPower(far / near, (k + 1) / rings)) ** 2,
    );
    this.#counts = new Float64Array(rings * sectors);
    this.#nearest = new Float64Array(sectors);
  }

  /**
   * @param optical - whether the cloud has a camera's axes (REP-103): x right, y down, z forward. It is then not
   *   turned: a camera looks one way, so the freest direction would be one that it does not see
   * @param into - rings × sectors bytes, the nearest ring first
   * @throws {@link Silence} `points_silent` where no point counts; `into` is unchanged then
   */
  encode(cloud: PointCloud, optical: boolean, into: Uint8Array): void {
    const most = this.#count(cloud, optical);
    const { sectors, rings, headingFree, near, far } = this.#options;
    if (most === 0) {
      throw new Silence(
        'points_silent',
        `no point is ${near}..${far} m away at the heights that count: nothing to see`,
      );
    }
    const first = headingFree && !optical ? freest(this.#nearest) : 0;
    const full = this.#log(most);
    for (let ring = 0; ring < rings; ring++) {
      for (let k = 0; k < sectors; k++) {
        const count = this.#counts[ring * sectors + ((first + k) % sectors)];
        into[ring * sectors + k] = count === 0 ? 0 : Math.floor((255 * this.#log(count)) / full + 0.5);
      }
    }
  }

  /** ln(1 + count); small counts come again and again. */
  #log(count: number): number {
    if (count >= keptLogs) return deterministicLog(1 + count);
    const kept = this.#logs[count];
    return Number.isNaN(kept) ? (this.#logs[count] = deterministicLog(1 + count)) : kept;
  }

  // Counts the points of each cell, and finds the nearest distance in each sector; returns the largest count. One loop
  // without calls or fields of objects, since clouds have thousands of points.
  #count({ width, height, pointStep, rowStep, read, floats }: PointCloud, optical: boolean): number {
    // Axes in the order forward, sideways, vertical.
    const order = optical ? [2, 0, 1] : [0, 1, 2];
    const [readX, readY, readZ] = order.map((axis) => read[axis]);
    const [atX, atY, atZ] = order.map((axis) => floats?.places[axis] ?? 0);
    const values = floats?.values;
    const [perPoint, perRow] = floats ? [floats.pointStep, floats.rowStep] : [pointStep, rowStep];
    const sign = optical ? -1 : 1;
    const { sectors, near, far, minHeight, maxHeight } = this.#options;
    const [nearest2, farthest2] = [near * near, far * far];
    const counts = this.#counts.fill(0);
    const nearest = this.#nearest.fill(farthest2);
    const ends = this.#ends;
    const lastRing = ends.length - 1;
    const { ends: turns, first } = this.#directions;
    const lastSector = sectors - 1;
    let most = 0;
    for (let row = 0; row < height; row++) {
      for (let k = 0, at = row * perRow; k < width; k++, at += perPoint) {
        const z = sign * (values ? values[at + atZ] : readZ(at));
        if (!(z >= minHeight && z <= maxHeight)) continue;
        const x = values ? values[at + atX] : readX(at);
        const y = sign * (values ? values[at + atY] : readY(at));
        const squared = x * x + y * y;
        // A beam without an echo is marked by NaN and also fails this test.
        if (!(squared >= nearest2 && squared < farthest2)) continue;
        const turn = unrolled(x, y);
        let sector = first[((turn * slots) / 4) | 0];
        while (sector < lastSector && turn >= turns[sector]) sector++;
        let ring = 0;
        while (ring < lastRing && squared >= ends[ring]) ring++;
        const cell = ring * sectors + sector;
        const count = counts[cell] + 1;
        counts[cell] = count;
        if (count > most) most = count;
        if (squared < nearest[sector]) nearest[sector] = squared;
      }
    }
    return most;
  }
}

/** Number of slots in the table from direction to sector. */
const slots = 1024;

/**
 * Finds the sector of a direction without trigonometry for each point: y / (|x| + |y|), unrolled over the quadrants to
 * 0..4, grows with the angle. Sector 0 begins straight ahead (+x), counter-clockwise.
 */
export class Directions {
  /** End of each sector, unrolled. */
  readonly ends: Float64Array;
  /** First sector of each slot. */
  readonly first: Uint16Array;

  /** @param sectors - sectors of the circle, 4..720 */
  constructor(readonly sectors: number) {
    this.ends = Float64Array.from({ length: sectors }, (_, k) => {
      const angle = (2 * Math.PI * (k + 1)) / sectors;
      return k + 1 === sectors ? 4 : unrolled(deterministicCosine(angle), deterministicCosine(angle - Math.PI / 2));
    });
    this.first = Uint16Array.from({ length: slots + 1 }, (_, slot) =>
      Math.min(
        sectors - 1,
        this.ends.findIndex((end) => end > (4 * slot) / slots || end === 4),
      ),
    );
  }

  /** Sector of the point (x, y); not both 0. */
  of(x: number, y: number): number {
    const at = unrolled(x, y);
    let sector = this.first[Math.floor((at * slots) / 4)];
    while (sector < this.sectors - 1 && at >= this.ends[sector]) sector++;
    return sector;
  }
}

function unrolled(x: number, y: number): number {
  const up = y / (Math.abs(x) + Math.abs(y));
  return x < 0 ? 2 - up : y < 0 ? 4 + up : up;
}
