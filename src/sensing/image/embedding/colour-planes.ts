import { LuminanceScaler } from '../luminance.js';
import { enlarge } from './enlarge.js';
import type { ImageFrame, PixelChannel, PixelFormat } from '../image-frame.js';

/** Colours in the order of the planes. */
const colours = ['red', 'green', 'blue'] as const;

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
    if (format.wide === true || format.channels.every(({ colour }) => colour === undefined)) {
      const light = into.subarray(0, plane);
      this.#scale(frame, format, light);
      for (let k = 1; k < colours.length; k++) into.set(light, k * plane);
      return;
    }
    for (const [k, colour] of colours.entries()) {
      const channels = format.channels.filter((channel) => channel.colour === colour).map(alone);
      this.#scale(frame, { ...format, channels }, into.subarray(k * plane, (k + 1) * plane));
    }
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

const alone = (channel: PixelChannel): PixelChannel => ({ ...channel, weight: 1 });
