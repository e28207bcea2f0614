import { noFrontEnd, type FrontEndCounts } from '../../snn/operation-counts.js';
import { flatBelow, writePlanes } from '../planes.js';

/**
 * On and off contrast against the local mean:
 *
 *   m = mean of x over a square box around the pixel, edge pixels repeated
 *   on = max(0, x − m),  off = max(0, m − x),  both divided by the image's largest |x − m| and rounded to bytes
 *
 * The side of the box is the odd number nearest to two thirds of the shorter side of the image. Values under 3 % of the
 * largest are dropped. An image whose largest deviation is under 2 % of full scale is flat: it shows nothing. An
 * inverted, veiled or dim scene gives the same result as a clean one. All arithmetic uses integers.
 *
 * Source: centre-surround cells of the retina (Kuffler 1953); figures measured for this project (docs/method.md).
 */
export class ContrastEncoder {
  /**
   * Cost of the last picture: for each pixel two additions in both sums, a product, a difference and two comparisons;
   * the first sum of each line; a division for each byte that is not 0.
   */
  readonly work: FrontEndCounts;
  readonly #reach: number;
  readonly #rowSums: Float64Array;
  readonly #deviation: Float64Array;

  /**
   * @param width - columns of the image [pixel]
   * @param height - rows [pixel]
   */
  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.#reach = boxReach(Math.min(width, height));
    const first = (width + height) * (2 * this.#reach + 1);
    this.work = { ...noFrontEnd, frontEndAdditions: 8 * width * height + first };
    this.#rowSums = new Float64Array(width * height);
    this.#deviation = new Float64Array(width * height);
  }

  /**
   * @param luminance - the picture, one byte per pixel
   * @param into - two bytes per pixel: the on plane, then the off plane
   * @returns the largest deviation as a share of full scale, 0..1; under {@link flatBelow} `into` is all zero
   */
  encode(luminance: Uint8Array, into: Uint8Array): number {
    const largest = this.#deviate(luminance);
    const area = (2 * this.#reach + 1) ** 2;
    const contrast = largest / (255 * area);
    this.work.frontEndDivisions = writePlanes(this.#deviation, largest, contrast < flatBelow, into);
    return contrast;
  }

  /** Writes area · (x − m) of every pixel; returns the largest magnitude. */
  #deviate(luminance: Uint8Array): number {
    const { width, height } = this;
    const reach = this.#reach;
    const area = (2 * reach + 1) ** 2;
    slidingSums(luminance, this.#rowSums, { lines: height, length: width, between: width, stride: 1 }, reach);
    slidingSums(this.#rowSums, this.#deviation, { lines: width, length: height, between: 1, stride: width }, reach);
    let largest = 0;
    for (let i = 0; i < width * height; i++) {
      const deviation = area * luminance[i] - this.#deviation[i];
      this.#deviation[i] = deviation;
      largest = Math.max(largest, Math.abs(deviation));
    }
    return largest;
  }
}

/** Half of the box without its middle. The side is the odd number nearest to 2/3 of the shorter side. */
function boxReach(shorter: number): number {
  return Math.max(0, Math.round(((2 / 3) * shorter - 1) / 2));
}

/** Layout of the lines of an image in its array. */
interface Lines {
  readonly lines: number;
  readonly length: number;
  readonly between: number;
  readonly stride: number;
}

/** Sums over `reach` neighbours on both sides along each line; the ends of the line are repeated. */
function slidingSums(from: ArrayLike<number>, to: Float64Array, lines: Lines, reach: number): void {
  const last = lines.length - 1;
  for (let line = 0; line < lines.lines; line++) {
    const start = line * lines.between;
    const at = (k: number): number => from[start + Math.min(last, Math.max(0, k)) * lines.stride];
    let sum = 0;
    for (let k = -reach; k <= reach; k++) sum += at(k);
    for (let k = 0; k <= last; k++) {
      to[start + k * lines.stride] = sum;
      sum += at(k + reach + 1) - at(k - reach);
    }
  }
}
