import { addressOf } from 'topspark/sensing/events/event-batch.js';
import { Random } from 'topspark/base/random.js';
import { deterministicCosine, deterministicLog } from 'topspark/base/deterministic-functions.js';
import type { EventClip } from './event-clip.js';

// A SIMULATED event camera in front of a picture that is moved as those of N-MNIST were. Nothing here was recorded.
//
//   I(x, y, t) = ln(1 + c g(x − u(t), y − v(t)) / 255)      g: grey values, bilinear between pixels, 0 outside
//   a pixel sends an event each time that I has changed by θ since its last one: on where I rose, off where it fell
//   θ of a pixel = θ₀ (1 + σ n), n: sum of twelve uniform numbers minus six; it differs between pixels and is constant
//
// (u, v) follows a triangle in three saccades from corner to corner, each with a half-sine speed profile:
//   s(τ) = (1 − cos π τ) / 2,  0 ≤ τ ≤ 1
//
// I is computed at time steps and interpolated linearly between them, which gives events a resolution of 1 µs. Pixels
// have no refractory period, noise, delay or bandwidth limit, and send nothing where nothing changes.
//
// Sources: the pixel, Lichtsteiner, Posch & Delbruck, IEEE JSSC 2008; events between steps, Rebecq, Gehrig &
// Scaramuzza, ESIM, CoRL 2018; saccades, sensor size and durations, Orchard, Jayawant, Cohen & Thakor, Front. Neurosci.
// 9:437, 2015.

/** Pixels by which the sensor is wider and higher than the picture, for its motion: 34 × 34 for a digit of 28 × 28. */
export const saccadeRoom = 6;
/** Duration of a saccade [µs]. */
const saccade = 100_000;
/** Corners of the path of the picture [pixel]. */
const corners: readonly (readonly [x: number, y: number])[] = [
  [0, 0],
  [3, 6],
  [6, 0],
  [0, 0],
];
/** Steps per saccade. */
const steps = 50;
/** c: how many times brighter white is than black, minus one. */
const contrast = 9;
/** θ₀ and σ. */
const threshold = 0.45;
const mismatch = 0.04;
/** Entries of the logarithm table per grey value. */
const fine = 16;

/** A camera with individual thresholds of its pixels. The same seed gives the same events on every machine. */
export class SimulatedEventCamera {
  readonly width: number;
  readonly height: number;
  /** The picture with a black border. */
  readonly #bordered: Uint8Array;
  /** Bounding box of the pixels that are not black; events occur only where it passes. */
  #lit = { left: 0, right: 0, top: 0, bottom: 0 };
  readonly #thresholds: Float64Array;
  readonly #before: Float64Array;
  readonly #reference: Float64Array;
  /** Events as time and address in one number each, so that they can be sorted as numbers. */
  #events = new Float64Array(2 ** 14);
  #count = 0;

  /**
   * @param columns - width of the pictures [pixel]
   * @param rows - height of the pictures [pixel]
   */
  constructor(
    readonly columns: number,
    readonly rows: number,
    seed: number,
  ) {
    this.width = columns + saccadeRoom;
    this.height = rows + saccadeRoom;
    const random = new Random(seed);
    const pixels = this.width * this.height;
    this.#thresholds = Float64Array.from({ length: pixels }, () => {
      let sum = -6;
      for (let k = 0; k < 12; k++) sum += random.uniform();
      return threshold * Math.max(0.5, 1 + mismatch * sum);
    });
    this.#bordered = new Uint8Array((this.width + saccadeRoom + 1) * (this.height + saccadeRoom + 1));
    this.#before = new Float64Array(pixels);
    this.#reference = new Float64Array(pixels);
  }

  /**
   * Returns the events of a picture that is moved by three saccades.
   *
   * @param picture - `columns` × `rows` grey values, row by row
   */
  see(picture: Uint8Array): EventClip {
    this.#count = 0;
    this.#frame(picture);
    this.#look(corners[0], undefined);
    for (let leg = 1; leg < corners.length; leg++) {
      const [[fromX, fromY], [toX, toY]] = [corners[leg - 1], corners[leg]];
      for (let step = 1; step <= steps; step++) {
        const way = positions[step];
        const end = (leg - 1) * saccade + (step * saccade) / steps;
        this.#look([fromX + way * (toX - fromX), fromY + way * (toY - fromY)], end);
      }
    }
    const sorted = this.#events.subarray(0, this.#count).sort();
    const address = new Uint32Array(sorted.length);
    const time = new Float64Array(sorted.length);
    for (let k = 0; k < sorted.length; k++) {
      time[k] = Math.floor(sorted[k] / addresses);
      address[k] = sorted[k] - time[k] * addresses;
    }
    return { width: this.width, height: this.height, address, time };
  }

  #frame(picture: Uint8Array): void {
    const { columns, rows } = this;
    const stride = this.width + saccadeRoom + 1;
    const lit = { left: columns, right: 0, top: rows, bottom: 0 };
    for (let y = 0; y < rows; y++) {
      const row = picture.subarray(y * columns, (y + 1) * columns);
      this.#bordered.set(row, (y + saccadeRoom + 1) * stride + saccadeRoom + 1);
      const last = row.findLastIndex((grey) => grey > 0);
      if (last < 0) continue;
      lit.left = Math.min(
        lit.left,
        row.findIndex((grey) => grey > 0),
      );
      lit.right = Math.max(lit.right, last + 1);
      lit.top = Math.min(lit.top, y);
      lit.bottom = y + 1;
    }
    this.#lit = lit;
    this.#before.fill(0);
    this.#reference.fill(0);
  }

  /** Moves the picture to a position, reached at time `end` [µs]; `undefined`: the position at the beginning. */
  #look([x0, y0]: readonly [number, number], end: number | undefined): void {
    const { width } = this;
    const [before, reference, thresholds, grey] = [this.#before, this.#reference, this.#thresholds, this.#bordered];
    const [left, top] = [Math.floor(x0), Math.floor(y0)];
    const [right, down] = [x0 - left, y0 - top];
    const stride = width + saccadeRoom + 1;
    const { left: first, right: last, top: upper, bottom } = this.#lit;
    for (let y = upper; y < bottom + saccadeRoom; y++) {
      let pixel = y * width + first;
      // Index of the pixel to the left; it and the pixel above are mixed by their shares.
      let at = (y - top + saccadeRoom + 1) * stride + saccadeRoom - left + first;
      let beside = (1 - down) * grey[at] + down * grey[at - stride];
      for (let x = first; x < last + saccadeRoom; x++, pixel++) {
        at++;
        const here = (1 - down) * grey[at] + down * grey[at - stride];
        const now = logarithms[Math.floor(fine * ((1 - right) * here + right * beside) + 0.5)];
        beside = here;
        const then = before[pixel];
        if (end === undefined) reference[pixel] = now;
        else if (now !== then) {
          const by = thresholds[pixel];
          const sign = now > then ? 1 : -1;
          for (let next = reference[pixel] + sign * by; sign * (now - next) >= 0; next += sign * by) {
            const share = (next - then) / (now - then);
            const time = Math.floor(end - (1 - share) * (saccade / steps));
            this.#add(time * addresses + addressOf(x, y, sign > 0 ? 1 : 0));
            reference[pixel] = next;
          }
        }
        before[pixel] = now;
      }
    }
  }

  #add(event: number): void {
    if (this.#count === this.#events.length) {
      const larger = new Float64Array(2 * this.#count);
      larger.set(this.#events);
      this.#events = larger;
    }
    this.#events[this.#count++] = event;
  }
}

/** Larger than any address. */
const addresses = 2 ** 31;

/** s(τ) at each step. */
const positions = Float64Array.from(
  { length: steps + 1 },
  (_, step) => (1 - deterministicCosine((Math.PI * step) / steps)) / 2,
);
const logarithms = Float64Array.from({ length: 255 * fine + 1 }, (_, k) =>
  deterministicLog(1 + (contrast * k) / fine / 255),
);
