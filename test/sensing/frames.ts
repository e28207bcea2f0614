import type { ImageFrame } from '../../src/sensing/image/image-frame.js';

/** A grey image from a function of column and row. */
export function grey(width: number, height: number, at: (x: number, y: number) => number): ImageFrame {
  const data = Uint8Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width)));
  return { width, height, encoding: 'mono8', bigEndian: false, step: width, data };
}
