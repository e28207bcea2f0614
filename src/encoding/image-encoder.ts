import { checkInteger, TopsparkError } from '../base/errors.js';
import { checkFrame } from './check-frame.js';
import { ContrastEncoder, flatBelow } from './contrast.js';
import type { ImageFrame } from './image-frame.js';
import { LuminanceScaler } from './luminance.js';

/** Names of the ways in which an image becomes intensities. */
export const imageEncodings = ['contrast', 'plain'] as const;

/** `contrast`: on and off deviation from the local mean, two channels a pixel; `plain`: luminance as it is. */
export type ImageEncoding = (typeof imageEncodings)[number];

/** What an {@link ImageEncoder} is made of. */
export interface ImageEncoderOptions {
  /** Size to which an image is brought [pixel], each 4..128. */
  readonly width: number;
  readonly height: number;
  readonly encoding: ImageEncoding;
  /** Images with more pixels are refused. */
  readonly maxPixels: number;
}

/** Turns images of any size into a fixed number of intensities 0..255. Allocates nothing per image. */
export class ImageEncoder {
  /** Shape of the intensities; `contrast` puts the off plane below the on plane. */
  readonly rows: number;
  readonly columns: number;
  /** Whether a picture brighter than half on average is to be inverted; contrast needs no such flip. */
  readonly polarity: boolean;
  readonly #maxPixels: number;
  readonly #scaler: LuminanceScaler;
  readonly #contrast: ContrastEncoder | undefined;
  readonly #luminance: Uint8Array;

  /** @throws {@link TopsparkError} `out_of_range` naming the option and its bounds */
  constructor({ width, height, encoding, maxPixels }: ImageEncoderOptions) {
    checkInteger('image.width', width, 4, 128);
    checkInteger('image.height', height, 4, 128);
    checkInteger('image.max_pixels', maxPixels, 1, 2 ** 30);
    this.#maxPixels = maxPixels;
    this.#scaler = new LuminanceScaler(width, height);
    this.#contrast = encoding === 'contrast' ? new ContrastEncoder(width, height) : undefined;
    this.#luminance = new Uint8Array(width * height);
    this.rows = encoding === 'contrast' ? 2 * height : height;
    this.columns = width;
    this.polarity = encoding === 'plain';
  }

  /**
   * @param into - `rows` × `columns` bytes
   * @throws {@link TopsparkError} `image_*` where header and body disagree, `image_flat` where there is nothing to see
   */
  encode(frame: ImageFrame, into: Uint8Array): void {
    const format = checkFrame(frame, this.#maxPixels);
    this.#scaler.scale(frame, format, this.#contrast ? this.#luminance : into);
    const contrast = this.#contrast?.encode(this.#luminance, into);
    if (contrast !== undefined && contrast < flatBelow) {
      throw new TopsparkError(
        'image_flat',
        'data',
        `largest contrast is ${(100 * contrast).toFixed(2)} %, expected at least ${100 * flatBelow} %: nothing to see`,
      );
    }
  }
}
