import { TopsparkError } from '../../base/errors.js';
import { quoted } from '../../base/quoted.js';

/** How one pixel of an encoding is read as luminance. */
export interface PixelFormat {
  /** Length of a pixel [byte]. */
  readonly bytes: number;
  /** Bytes of red, green and blue within a pixel; `undefined` for a single channel. */
  readonly rgb?: readonly [red: number, green: number, blue: number];
  /** Samples are 16 bits wide; the upper byte is what counts at 8 bits of intensity. */
  readonly wide?: true;
  /** A distance instead of light (REP-118), in these units of a metre: nearness is what counts. */
  readonly depth?: 0.001 | 1;
}

const formats: Readonly<Record<string, PixelFormat>> = {
  mono8: { bytes: 1 },
  '8UC1': { bytes: 1 },
  mono16: { bytes: 2, wide: true },
  rgb8: { bytes: 3, rgb: [0, 1, 2] },
  bgr8: { bytes: 3, rgb: [2, 1, 0] },
  rgba8: { bytes: 4, rgb: [0, 1, 2] },
  bgra8: { bytes: 4, rgb: [2, 1, 0] },
  '16UC1': { bytes: 2, depth: 0.001 },
  '32FC1': { bytes: 4, depth: 1 },
};

/**
 * @param encoding - name of sensor_msgs/image_encodings
 * @throws {@link TopsparkError} `image_encoding` naming what is understood
 */
export function pixelFormat(encoding: string): PixelFormat {
  const format = Object.hasOwn(formats, encoding) ? formats[encoding] : undefined;
  if (format !== undefined) return format;
  const known = Object.keys(formats).join(', ');
  throw new TopsparkError('image_encoding', 'data', `encoding is ${quoted(encoding)}, expected one of ${known}`);
}
