import { checkNumber, TopsparkError } from '../../base/errors.js';
import { deterministicCosine, deterministicLog, deterministicPower } from '../../base/deterministic-functions.js';
import type { PointCloud } from './point-cloud.js';
import { freest } from './sectors.js';
import { Silence } from '../refuse.js';
import { reserveKernel, type Kernel } from '../../snn/kernel-module.js';

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

/** Points that the kernel takes at once [byte]. */
const bytesAtOnce = 2 ** 16;

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
  readonly #kernel: Kernel;
  /** Points in the kernel's memory, as bytes and as numbers. */
  readonly #bytes: Uint8Array;
  readonly #numbers: Float64Array;
  readonly #counts: Uint32Array;
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
    this.#kernel = reserveKernel('pointBytes', `${rings} × ${sectors} cells of points`, (call) =>
      call.createPoints(rings, sectors, bytesAtOnce),
    );
    this.#kernel.global('pointNear').value = near * near;
    this.#kernel.global('pointFar').value = far * far;
    this.#kernel.global('pointLow').value = minHeight;
    this.#kernel.global('pointHigh').value = maxHeight;
    const turns = sectorEnds(sectors);
    this.#kernel.view(Float64Array, 'pointSectorEnds', sectors).set(turns);
    this.#kernel.view(Uint16Array, 'pointFirstSectors', slots + 1).set(firstSectors(turns));
    const ends = this.#kernel.view(Float64Array, 'pointRingEnds', rings);
    for (let k = 0; k < rings; k++) ends[k] = (near * deterministicPower(far / near, (k + 1) / rings)) ** 2;
    this.#bytes = this.#kernel.view(Uint8Array, 'pointBytes', bytesAtOnce);
    this.#numbers = this.#kernel.view(Float64Array, 'pointBytes', bytesAtOnce / 8);
    this.#counts = this.#kernel.view(Uint32Array, 'pointCounts', rings * sectors);
    this.#nearest = this.#kernel.view(Float64Array, 'pointNearest', sectors);
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

  // Counts the points of each cell, and finds the nearest distance in each sector; returns the largest count.
  #count(cloud: PointCloud, optical: boolean): number {
    const { width, height, pointStep, rowStep, layout } = cloud;
    // Axes in the order forward, sideways, vertical.
    const order = optical ? [2, 0, 1] : [0, 1, 2];
    const sign = optical ? -1 : 1;
    const { call } = this.#kernel;
    call.clearPoints();
    const together = rowStep === width * pointStep;
    const [rows, points] = together ? [1, width * height] : [height, width];
    const usual = pointStep <= bytesAtOnce ? layout : undefined;
    const atOnce = Math.floor(bytesAtOnce / (usual ? pointStep : 3 * 8));
    const [x, y, z] = order.map((axis) => usual?.offsets[axis] ?? 0);
    for (let row = 0; row < rows; row++) {
      for (let k = 0; k < points; k += atOnce) {
        const [at, count] = [row * rowStep + k * pointStep, Math.min(atOnce, points - k)];
        if (usual) {
          this.#bytes.set(cloud.data.subarray(at, at + count * pointStep));
          call.countPoints(count, pointStep, x, y, z, Number(usual.wide), sign);
        } else {
          this.#gather(cloud, order, at, count);
          call.countPoints(count, 3 * 8, 0, 8, 16, 1, sign);
        }
      }
    }
    return this.#kernel.global('pointMost').value >>> 0;
  }

  // Reads coordinates that are stored in an unusual way, one by one.
  #gather({ read, pointStep }: PointCloud, order: readonly number[], at: number, count: number): void {
    const [readX, readY, readZ] = order.map((axis) => read[axis]);
    for (let k = 0, from = at; k < count; k++, from += pointStep) {
      this.#numbers[3 * k] = readX(from);
      this.#numbers[3 * k + 1] = readY(from);
      this.#numbers[3 * k + 2] = readZ(from);
    }
  }
}

/** Number of slots in the table from direction to sector; the kernel has a quarter of them for each quadrant. */
const slots = 1024;

// The sector of a direction is found without trigonometry for each point: y / (|x| + |y|), unrolled over the quadrants
// to 0..4, grows with the angle. Sector 0 begins straight ahead (+x), counter-clockwise.

/** End of each sector, unrolled. */
function sectorEnds(sectors: number): Float64Array {
  return Float64Array.from({ length: sectors }, (_, k) => {
    const angle = (2 * Math.PI * (k + 1)) / sectors;
    return k + 1 === sectors ? 4 : unrolled(deterministicCosine(angle), deterministicCosine(angle - Math.PI / 2));
  });
}

/** First sector of each slot. */
function firstSectors(ends: Float64Array): Uint16Array {
  const last = ends.length - 1;
  return Uint16Array.from({ length: slots + 1 }, (_, slot) =>
    Math.min(
      last,
      ends.findIndex((end) => end > (4 * slot) / slots || end === 4),
    ),
  );
}

function unrolled(x: number, y: number): number {
  const up = y / (Math.abs(x) + Math.abs(y));
  return x < 0 ? 2 - up : y < 0 ? 4 + up : up;
}
