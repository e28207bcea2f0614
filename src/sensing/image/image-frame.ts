import { TopsparkError } from '../../base/errors.js';
import { quoted } from '../../base/quoted.js';
import { refuse } from '../refuse.js';

/** An image from a driver; the fields are those of sensor_msgs/Image. */
export interface ImageFrame {
  /** Columns [pixel]. */
  readonly width: number;
  /** Rows [pixel]. */
  readonly height: number;
  /** Pixel format: `mono8`, `rgb8`, `bgr8`, … */
  readonly encoding: string;
  /** Whether the most significant byte of wide samples comes first. */
  readonly bigEndian: boolean;
  /** Length of a row with its padding [byte]. */
  readonly step: number;
  /** Pixels, `height` rows of `step` bytes. */
  readonly data: Uint8Array;
}

/** Colours that a channel may have. */
export type Colour = 'red' | 'green' | 'blue';

/** A channel of a pixel that contributes to its luminance. */
export interface PixelChannel {
  /** Offset of its first byte within the pixel's row. */
  readonly byte: number;
  /** Row of the pixel block that contains it. */
  readonly row: number;
  readonly weight: number;
  /** Its colour; absent: plain light. */
  readonly colour?: Colour;
}

/** How a pixel of an encoding is converted to luminance: the weighted mean of its channels. */
export interface PixelFormat {
  /** Length of a pixel [byte]. */
  readonly bytes: number;
  /** Columns and rows of the image that make one pixel: 2 for a Bayer pattern, otherwise 1. */
  readonly side: 1 | 2;
  readonly channels: readonly PixelChannel[];
  /** Whether channels have 16 bits; how many of these are used is unknown. */
  readonly wide?: true;
  /** Unit of a distance [m], where the image has distances instead of light (REP-118). Nearness counts. */
  readonly depth?: 0.001 | 1;
  /** Colour rows after the rows of luminance, in rows of `step` bytes, for each row of the image. */
  readonly colourRows?: 0.5 | 2;
}

// ITU-R BT.601.
const shares: Readonly<Record<Colour, number>> = { red: 299, green: 587, blue: 114 };

const single = (bytes: number, byte = 0): PixelFormat => ({ bytes, side: 1, channels: [{ byte, row: 0, weight: 1 }] });

/** A format with its colours in this order in memory, with or without a fourth channel, of 8 or 16 bits. */
function colours(order: readonly Colour[], count: 3 | 4, width: 1 | 2): PixelFormat {
  const channels = order.map((colour, k) => ({ byte: k * width, row: 0, weight: shares[colour], colour }));
  return { bytes: count * width, side: 1, channels, ...(width === 2 && { wide: true }) };
}

const letters: Readonly<Record<string, Colour>> = { r: 'red', g: 'green', b: 'blue' };

/** A Bayer pattern by its first 2 × 2 colours, row by row: each such block is one pixel. */
function bayer(pattern: string, width: 1 | 2): PixelFormat {
  const channels = Array.from(pattern, (letter, k) => {
    const colour = letters[letter];
    // Green has two of the four samples.
    return { byte: (k & 1) * width, row: k >> 1, weight: shares[colour] * (colour === 'green' ? 1 : 2), colour };
  });
  return { bytes: 2 * width, side: 2, channels, ...(width === 2 && { wide: true }) };
}

const rgb = ['red', 'green', 'blue'] as const;
const bgr = ['blue', 'green', 'red'] as const;
const yuyv = single(2);
const uyvy = single(2, 1);
const patterns = ['rggb', 'bggr', 'gbrg', 'grbg'];

/** Formats by the names of sensor_msgs/image_encodings. OpenCV's type names (8UC3) have its order of colours, BGR. */
const formats: ReadonlyMap<string, PixelFormat> = new Map<string, PixelFormat>([
  ['mono8', single(1)],
  ['8UC1', single(1)],
  ['mono16', { ...single(2), wide: true }],
  ['rgb8', colours(rgb, 3, 1)],
  ['bgr8', colours(bgr, 3, 1)],
  ['rgba8', colours(rgb, 4, 1)],
  ['bgra8', colours(bgr, 4, 1)],
  ['8UC3', colours(bgr, 3, 1)],
  ['8UC4', colours(bgr, 4, 1)],
  ['rgb16', colours(rgb, 3, 2)],
  ['bgr16', colours(bgr, 3, 2)],
  ['rgba16', colours(rgb, 4, 2)],
  ['bgra16', colours(bgr, 4, 2)],
  ['16UC3', colours(bgr, 3, 2)],
  ['16UC4', colours(bgr, 4, 2)],
  ...patterns.map((pattern): [string, PixelFormat] => [`bayer_${pattern}8`, bayer(pattern, 1)]),
  ...patterns.map((pattern): [string, PixelFormat] => [`bayer_${pattern}16`, bayer(pattern, 2)]),
  ['yuyv', yuyv],
  ['yuv422_yuy2', yuyv],
  ['uyvy', uyvy],
  ['yuv422', uyvy],
  ['nv12', { ...single(1), colourRows: 0.5 }],
  ['nv21', { ...single(1), colourRows: 0.5 }],
  ['nv24', { ...single(1), colourRows: 2 }],
  ['16UC1', { ...single(2), wide: true, depth: 0.001 }],
  ['32FC1', { ...single(4), depth: 1 }],
]);

/** Encodings of sensor_msgs/Image that can be read. */
export const imageFormats: readonly string[] = [...formats.keys()];

/**
 * @param encoding - name of sensor_msgs/image_encodings
 * @throws {@link TopsparkError} `image_encoding` naming the known encodings
 */
export function pixelFormat(encoding: string): PixelFormat {
  const format = formats.get(encoding);
  if (format !== undefined) return format;
  const known = imageFormats.join(', ');
  throw new TopsparkError('image_encoding', 'data', `encoding is ${quoted(encoding)}, expected one of ${known}`);
}

/**
 * Checks that header and body of an image agree, before a pixel is read.
 *
 * @param maxPixels - larger images are refused, whatever their body contains
 * @throws {@link TopsparkError} `image_empty`, `image_too_large`, `image_encoding`, `image_step` or
 *   `image_size_mismatch`
 */
export function checkFrame(frame: ImageFrame, maxPixels: number): PixelFormat {
  const { width, height, step, data, encoding } = frame;
  const size = `${width}×${height}`;
  if (width === 0 || height === 0) refuse('image_empty', `image is ${size} pixels, expected at least 1×1`);
  if (width * height > maxPixels) {
    refuse('image_too_large', `image is ${size} = ${width * height} pixels, expected at most ${maxPixels}`);
  }
  const format = pixelFormat(encoding);
  const { side, colourRows = 0 } = format;
  if (width < side || height < side) refuse('image_empty', `${encoding} is ${size} pixels, expected at least 2×2`);
  const row = (width * format.bytes) / side;
  if (step < row) refuse('image_step', `step is ${step} bytes, expected at least ${row} for ${width} ${encoding}`);
  const rows = height + Math.ceil(height * colourRows);
  if (data.length !== step * rows) {
    const behind = colourRows === 0 ? '' : ` and ${rows - height} rows of colour`;
    const expected = `step ${step} × height ${height}${behind} = ${step * rows}`;
    refuse('image_size_mismatch', `data holds ${data.length} bytes, expected ${expected}`);
  }
  return format;
}
