import { LuminanceScaler } from '../luminance.js';
import { enlarge } from './enlarge.js';
import { colourFormats, colours } from '../colour-formats.js';
import type { ImageFrame, PixelFormat } from '../image-frame.js';

/**
 * Converts an image to a square of bytes of red, green and blue, plane after plane. Each plane is made like luminance
 * (see `LuminanceScaler`): from the largest centred square, each pixel is the mean of those that it covers; a smaller
 * picture is enlarged linearly. Images without colour (depth, 16 bits, YUV) have the same light in all three planes.
 */
export class ColourPlanes {
  #scaler: LuminanceScaler;
  /** Plane of a picture that is smaller than the square. */
  #small = new Uint8Array(0);

  /**
   * @param size - side of the square [pixel]
   * @param maxDepth - see `LuminanceScale`
   */
  constructor(
    readonly size: number,
    readonly maxDepth: number,
  ) {
    this.#scaler = new LuminanceScaler(size, size, { maxDepth });
  }

  /**
   * @param frame - checked by `checkFrame`
   * @param into - 3 × `size` × `size` bytes
   */
  scale(frame: ImageFrame, format: PixelFormat, into: Uint8Array): void {
    const plane = this.size * this.size;
    const least = Math.floor(Math.min(frame.width, frame.height) / format.side);
    const side = Math.max(1, Math.min(this.size, least));
    if (this.#scaler.width !== side) {
      this.#scaler = new LuminanceScaler(side, side, { maxDepth: this.maxDepth });
      this.#small = new Uint8Array(side < this.size ? side * side : 0);
    }
    const alone = colourFormats(format);
    if (alone === undefined) {
      const light = into.subarray(0, plane);
      this.#scale(frame, format, light);
      for (let k = 1; k < colours.length; k++) into.set(light, k * plane);
      return;
    }
    for (const [k, one] of alone.entries()) this.#scale(frame, one, into.subarray(k * plane, (k + 1) * plane));
  }

  #scale(frame: ImageFrame, format: PixelFormat, into: Uint8Array): void {
    const side = this.#scaler.width;
    if (side === this.size) {
      this.#scaler.scale(frame, format, into);
      return;
    }
    this.#scaler.scale(frame, format, this.#small);
    enlarge(this.#small, side, into, this.size);
  }
}
