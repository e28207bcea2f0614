import type { ImageFrame } from './image-frame.js';
import { pixelFormat, type PixelFormat } from './pixel-formats.js';
import { refuse } from '../refuse.js';

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
