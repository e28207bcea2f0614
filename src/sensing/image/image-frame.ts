import { TopsparkError } from '../../base/errors.js';
import { quoted } from '../../base/quoted.js';
import { refuse } from '../refuse.js';

/** An image as a driver sends it; the fields and their meaning are those of sensor_msgs/Image. */
export interface ImageFrame {
  /** Columns [pixel]. */
  readonly width: number;
  /** Rows [pixel]. */
  readonly height: number;
  /** Pixel format: `mono8`, `rgb8`, `bgr8`, … */
  readonly encoding: string;
  /** True when samples wider than a byte have their most significant byte first. */
  readonly bigEndian: boolean;
  /** Length of a row with its padding [byte]. */
  readonly step: number;
  /** Pixels, `height` × `step` bytes. */
  readonly data: Uint8Array;
}

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

/**
 * Checks that header and body of an image agree, before a pixel is read.
 *
 * @param maxPixels - larger images are refused whatever their body holds
 * @throws {@link TopsparkError} `image_empty`, `image_too_large`, `image_encoding`, `image_step` or `image_size_mismatch`
 */
export function checkFrame(frame: ImageFrame, maxPixels: number): PixelFormat {
  const { width, height, step, data } = frame;
  const size = `${width}×${height}`;
  if (width === 0 || height === 0) refuse('image_empty', `image is ${size} pixels, expected at least 1×1`);
  if (width * height > maxPixels) {
    refuse('image_too_large', `image is ${size} = ${width * height} pixels, expected at most ${maxPixels}`);
  }
  const format = pixelFormat(frame.encoding);
  const row = width * format.bytes;
  if (step < row)
    refuse('image_step', `step is ${step} bytes, expected at least ${row} for ${width} ${frame.encoding}`);
  if (data.length !== step * height) {
    refuse(
      'image_size_mismatch',
      `data holds ${data.length} bytes, expected step ${step} × height ${height} = ${step * height}`,
    );
  }
  return format;
}
