import { checkInteger, checkNumber } from '../../base/errors.js';
import { checkFrame } from './check-frame.js';
import { ContrastEncoder } from './contrast.js';
import type { ImageFrame } from './image-frame.js';
import { LuminanceScaler } from './luminance.js';
import { flatBelow } from '../on-off-planes.js';
import { Silence } from '../silence.js';

/** Names of the ways in which an image becomes intensities. */
export const imageEncodings = ['contrast', 'plain'] as const;

/** `contrast`: on and off deviation from the local mean, two channels a pixel; `plain`: luminance as it is. */
export type ImageEncoding = (typeof imageEncodings)[number];

/** Least and most pixels of a side to which an image is brought. */
export const imageSides = [4, 128] as const;

/** Pixels of an image that nobody set a bound for. */
export const mostPixels = 2 ** 24;

/** What an {@link ImageEncoder} is made of. */
export interface ImageEncoderOptions {
  /** Size to which an image is brought [pixel], each 4..128. */
  readonly width: number;
  readonly height: number;
  readonly encoding: ImageEncoding;
  /** Images with more pixels are refused; {@link mostPixels} where not given. */
  readonly maxPixels?: number;
  /** Depth that counts as far [m], 0.1..1000; 10 where not given. Depth images alone need it. */
  readonly maxDepth?: number;
}

/** Turns images of any size into a fixed number of intensities 0..255. Copies no image. */
export class ImageEncoder {
  /** Shape of the intensities; the off plane, where there is one, lies below the on plane. */
  readonly rows: number;
  readonly columns: number;
  /** Whether a picture brighter than half on average is to be inverted; what has two planes needs no such flip. */
  readonly polarity: boolean;
  readonly #maxPixels: number;
  readonly #scaler: LuminanceScaler;
  readonly #planes: ContrastEncoder | undefined;
  readonly #luminance: Uint8Array;

  /** @throws {@link TopsparkError} `out_of_range` naming the option and its bounds */
  constructor({ width, height, encoding, maxPixels = mostPixels, maxDepth = 10 }: ImageEncoderOptions) {
    checkInteger('image.width', width, ...imageSides);
    checkInteger('image.height', height, ...imageSides);
    checkInteger('image.max_pixels', maxPixels, 1, 2 ** 30);
    checkNumber('image.max_depth', maxDepth, 0.1, 1000);
    this.#maxPixels = maxPixels;
    this.#scaler = new LuminanceScaler(width, height, maxDepth);
    this.#planes = encoding === 'contrast' ? new ContrastEncoder(width, height) : undefined;
    this.#luminance = new Uint8Array(width * height);
    this.rows = this.#planes ? 2 * height : height;
    this.columns = width;
    this.polarity = encoding === 'plain';
  }

  /**
   * @param into - `rows` × `columns` bytes
   * @throws {@link TopsparkError} `image_*` where header and body disagree, `image_flat` where there is
   *   nothing to see
   */
  encode(frame: ImageFrame, into: Uint8Array): void {
    const format = checkFrame(frame, this.#maxPixels);
    this.#scaler.scale(frame, format, this.#planes ? this.#luminance : into);
    const contrast = this.#planes?.encode(this.#luminance, into);
    if (contrast === undefined || contrast >= flatBelow) return;
    const found = `largest contrast is ${(100 * contrast).toFixed(2)} %`;
    throw new Silence('image_flat', `${found}, expected at least ${100 * flatBelow} %: nothing to see`);
  }
}
