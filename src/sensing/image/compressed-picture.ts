import { viewOf } from '../../base/bytes.js';
import { inflateSync } from 'node:zlib';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { quoted } from '../../base/quoted.js';
import type { ImageFrame } from './image-frame.js';
import { refuse } from '../refuse.js';
import { reasonOf } from '../../base/errors.js';

/** How large a compressed image may be. */
export interface CompressedLimits {
  /** Of the compressed image [byte]. */
  readonly maxBytes: number;
  /** Of the picture; checked before it is decompressed [pixel]. */
  readonly maxPixels: number;
}

/**
 * Decompresses JPEG or PNG; the content says which.
 *
 * @param format - sensor_msgs/CompressedImage.format; `16UC1; png compressed` tells depth from grey
 * @throws {@link TopsparkError} `compressed_image_*`
 */
export function decompress(data: Uint8Array, format: string, limits: CompressedLimits): ImageFrame {
  if (data.length > limits.maxBytes) tooLarge(`has ${data.length} bytes, expected at most ${limits.maxBytes}`);
  if (begins(data, [0xff, 0xd8, 0xff])) return readJpeg(data, limits.maxPixels);
  if (begins(data, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return readPng(data, format, limits.maxPixels);
  const hint = /compresseddepth/i.test(format) ? '; depth comes as sensor_msgs/Image, or as plain PNG of 16 bits' : '';
  const found = `image is neither JPEG nor PNG, its format is told as ${quoted(format)}${hint}`;
  return refuse('compressed_image_format', found);
}

const begins = (data: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((byte, index) => data[index] === byte);

function tooLarge(sentence: string): never {
  return refuse('compressed_image_too_large', `image ${sentence}`);
}

function broken(kind: string, error: unknown): never {
  const why = reasonOf(error);
  return refuse('compressed_image_broken', `image cannot be read as ${kind}: ${why}`);
}

/** Scans of a JPEG; a camera's has one, a progressive one about ten. */
const maxScans = 100;

function readJpeg(data: Uint8Array, maxPixels: number): ImageFrame {
  // Each scan may pass over the whole picture and needs but a few bytes to do so.
  const scans = countScans(data);
  if (scans > maxScans) return broken('JPEG', `it has ${scans} scans, expected at most ${maxScans}`);
  const megapixels = maxPixels / 1e6;
  try {
    const options = { useTArray: true, formatAsRGBA: false, tolerantDecoding: false } as const;
    const { width, height, data: rgb } = jpeg.decode(data, { ...options, maxResolutionInMP: megapixels });
    return { width, height, encoding: 'rgb8', bigEndian: false, step: 3 * width, data: rgb };
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('maxResolutionInMP')) {
      return tooLarge(`has more than ${maxPixels} pixels: ${error.message}`);
    }
    return broken('JPEG', error);
  }
}

/** Start-of-scan markers, and what looks like one in a thumbnail. */
function countScans(data: Uint8Array): number {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const marker = Buffer.of(0xff, 0xda);
  let count = 0;
  for (let at = bytes.indexOf(marker); at >= 0; at = bytes.indexOf(marker, at + 2)) count++;
  return count;
}

/** Places in a PNG's first chunk, which is always its header. */
const ihdr = { width: 16, height: 20, depth: 24, colour: 25, interlace: 28, end: 33 } as const;

function readPng(data: Uint8Array, format: string, maxPixels: number): ImageFrame {
  if (data.length < ihdr.end) return broken('PNG', 'its header is cut off');
  const view = viewOf(data);
  const [width, height] = [view.getUint32(ihdr.width), view.getUint32(ihdr.height)];
  if (width * height > maxPixels) {
    return tooLarge(`is ${width}×${height} = ${width * height} pixels, expected at most ${maxPixels}`);
  }
  // Its inflated size is not bounded by the decoder; no camera driver sends it.
  if (data[ihdr.interlace] !== 0) return broken('PNG', 'it is interlaced');
  checkPixels(data, width, height);
  const deepGrey = data[ihdr.depth] === 16 && data[ihdr.colour] === 0;
  try {
    const png = PNG.sync.read(Buffer.from(data.buffer, data.byteOffset, data.byteLength), { skipRescale: deepGrey });
    if (!deepGrey) return { width, height, encoding: 'rgba8', bigEndian: false, step: 4 * width, data: png.data };
    const grey = new DataView(new ArrayBuffer(2 * width * height));
    for (let i = 0; i < width * height; i++) grey.setUint16(2 * i, png.data[4 * i], true);
    const encoding = format.startsWith('16UC1') ? '16UC1' : 'mono16';
    return { width, height, encoding, bigEndian: false, step: 2 * width, data: new Uint8Array(grey.buffer) };
  } catch (error) {
    return broken('PNG', error);
  }
}

/** Channels of a pixel by the colour type in the header. */
const channels: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * Refuses a PNG whose pixels are not all there. The decoder fills what is missing with whatever lies in memory, so that one
 * picture would be another every time.
 */
function checkPixels(data: Uint8Array, width: number, height: number): void {
  const bits = data[ihdr.depth] * (channels[data[ihdr.colour]] ?? 0);
  const expected = height * (1 + Math.ceil((width * bits) / 8));
  const found = inflatedLength(data, expected);
  if (found < expected) broken('PNG', new Error(`its pixels have ${found} bytes, expected ${expected}`));
}

/** Bytes that the image data of a PNG inflates to, counted up to `most`. */
function inflatedLength(data: Uint8Array, most: number): number {
  const view = viewOf(data);
  const parts: Uint8Array[] = [];
  // A chunk: length, name, data, checksum.
  for (let at = 8; at + 12 <= data.length; at += 12 + view.getUint32(at)) {
    const from = at + 8;
    if (view.getUint32(at + 4) === imageData) parts.push(data.subarray(from, from + view.getUint32(at)));
  }
  try {
    return inflateSync(Buffer.concat(parts), { maxOutputLength: Math.max(1, most) }).length;
  } catch (error) {
    if (error instanceof RangeError) return most; // longer than needed: the rest is left out
    return broken('PNG', error);
  }
}

/** The name IDAT. */
const imageData = 0x49444154;
