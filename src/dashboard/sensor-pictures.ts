import { checkFrame, type ImageFrame } from '../sensing/image/image-frame.js';
import { LuminanceScaler } from '../sensing/image/luminance.js';
import { pictureHeader, pictureKinds } from './protocol.js';

// Pictures from sensors, small enough to be sent several times a second: binary frames for the page.

/** Most beams shown. */
const mostBeams = 360;

/** Largest size of a shown picture [pixel], and most pixels of an image that is read. */
const shown = { width: 160, height: 120 };
const mostPixels = 50_000_000;

/** Largest JPEG or PNG passed on [byte]. */
const mostEncoded = 400_000;

/** Fields of sensor_msgs/LaserScan that are used. */
export interface ScanFields {
  readonly angle_min: number;
  readonly angle_increment: number;
  readonly range_min: number;
  readonly range_max: number;
  readonly ranges: ArrayLike<number>;
}

/** Encodes a scan; neighbouring beams are reduced to the nearest. */
export function scanFrame({ angle_min, angle_increment, range_min, range_max, ranges }: ScanFields): Uint8Array {
  const stride = Math.max(1, Math.ceil(ranges.length / mostBeams));
  const beams = Math.ceil(ranges.length / stride);
  const frame = new Uint8Array(pictureHeader + 12 + 2 * beams);
  frame[0] = pictureKinds.scan;
  const view = new DataView(frame.buffer);
  const floats = [angle_min, angle_increment * stride, range_max];
  floats.forEach((value, at) => {
    view.setFloat32(pictureHeader + 4 * at, value, true);
  });
  for (let beam = 0; beam < beams; beam++) {
    let nearest = Infinity;
    for (let k = beam * stride; k < Math.min(ranges.length, (beam + 1) * stride); k++) {
      const range = ranges[k];
      if (range >= range_min && range <= range_max && range < nearest) nearest = range;
    }
    const centimetres = nearest === Infinity ? 0 : Math.min(65_535, Math.max(1, Math.round(100 * nearest)));
    view.setUint16(pictureHeader + 12 + 2 * beam, centimetres, true);
  }
  return frame;
}

/** Fields of sensor_msgs/Image. */
export interface ImageFields {
  readonly width: number;
  readonly height: number;
  readonly encoding: string;
  readonly is_bigendian: number;
  readonly step: number;
  readonly data: Uint8Array;
}

/** Luminance of images, scaled down. */
export class LightPictures {
  #scaler: LuminanceScaler | undefined;

  /** @throws TopsparkError where the image is invalid */
  picture({ width, height, encoding, is_bigendian, step, data }: ImageFields): Uint8Array {
    const image: ImageFrame = { width, height, encoding, bigEndian: is_bigendian !== 0, step, data };
    const format = checkFrame(image, mostPixels);
    const scale = Math.min(1, shown.width / width, shown.height / height);
    const [wide, high] = [width, height].map((size) => Math.max(1, Math.round(size * scale)));
    if (this.#scaler?.width !== wide || this.#scaler.height !== high) this.#scaler = new LuminanceScaler(wide, high);
    const frame = new Uint8Array(pictureHeader + 4 + wide * high);
    frame[0] = pictureKinds.light;
    const view = new DataView(frame.buffer);
    view.setUint16(pictureHeader, wide, true);
    view.setUint16(pictureHeader + 2, high, true);
    this.#scaler.scale(image, format, frame.subarray(pictureHeader + 4));
    return frame;
  }
}

/** A JPEG or PNG unchanged; `undefined`: it is neither, or too large to be sent several times a second. */
export function encodedFrame(data: Uint8Array): Uint8Array | undefined {
  const known = (data[0] === 0xff && data[1] === 0xd8) || (data[0] === 0x89 && data[1] === 0x50);
  if (!known || data.length > mostEncoded) return undefined;
  const frame = new Uint8Array(pictureHeader + data.length);
  frame[0] = pictureKinds.encoded;
  frame.set(data, pictureHeader);
  return frame;
}
