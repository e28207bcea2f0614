import { createRequire } from 'node:module';
import { viewOf } from '../../base/bytes.js';
import { inflateSync } from 'node:zlib';
import type jpeg from 'jpeg-js';
import type * as pngjs from 'pngjs';
import { quoted } from '../../base/quoted.js';
import { type ImageFrame, imageFormats } from './image-frame.js';
import { refuse } from '../refuse.js';
import { reasonOf, TopsparkError } from '../../base/errors.js';
import { mendJpeg } from './jpeg-mending.js';
import { type DeepPicture, readRvl } from './rvl.js';

/** Size limits of a compressed image. */
export interface CompressedLimits {
  /** Largest size of the compressed image [byte]. */
  readonly maxBytes: number;
  /** Largest size of the picture, checked before it is decompressed [pixel]. */
  readonly maxPixels: number;
}

// Loaded with the first picture: most nodes never see one.
const load = createRequire(import.meta.url);
const jpegPackage = (): typeof jpeg => load('jpeg-js') as typeof jpeg;
const pngPackage = (): typeof pngjs => load('pngjs') as typeof pngjs;

/**
 * Decompresses JPEG, PNG, or image_transport's `compressedDepth` of a depth image; the content decides which.
 *
 * @param format - sensor_msgs/CompressedImage.format. For a grey PNG of 16 bits it decides between light,
 *   `mono16; png compressed`, and depth, `16UC1; png compressed` or just `png`
 * @throws {@link TopsparkError} `compressed_image_*`
 */
export function decompress(data: Uint8Array, format: string, limits: CompressedLimits): ImageFrame {
  if (data.length > limits.maxBytes) tooLarge(`has ${data.length} bytes, expected at most ${limits.maxBytes}`);
  if (begins(data, jpegBegin)) return readJpeg(data, limits.maxPixels);
  if (begins(data, pngBegin)) return readPng(data, format, limits.maxPixels);
  if (/compresseddepth/i.test(format)) return readDepth(data, format, limits.maxPixels);
  const found = `image is neither JPEG nor PNG; its format field is ${quoted(format)}`;
  return refuse('compressed_image_format', found);
}

const jpegBegin = [0xff, 0xd8, 0xff];
const pngBegin = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

const begins = (data: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((byte, index) => data[index] === byte);

function tooLarge(sentence: string): never {
  return refuse('compressed_image_too_large', `image ${sentence}`);
}

function broken(kind: string, error: unknown): never {
  const why = reasonOf(error);
  return refuse('compressed_image_broken', `image cannot be read as ${kind}: ${why}`);
}

/** Most scans of a JPEG; a camera's has one, a progressive one about ten. */
const maxScans = 100;

function readJpeg(data: Uint8Array, maxPixels: number): ImageFrame {
  // Each scan may cover the whole picture in only a few bytes.
  const scans = countScans(data);
  if (scans > maxScans) return broken('JPEG', `it has ${scans} scans, expected at most ${maxScans}`);
  const megapixels = maxPixels / 1e6;
  try {
    const options = { useTArray: true, formatAsRGBA: false, tolerantDecoding: false } as const;
    const {
      width,
      height,
      data: rgb,
    } = jpegPackage().decode(mendJpeg(data), { ...options, maxResolutionInMP: megapixels });
    return { width, height, encoding: 'rgb8', bigEndian: false, step: 3 * width, data: rgb };
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('maxResolutionInMP')) {
      return tooLarge(`has more than ${maxPixels} pixels: ${error.message}`);
    }
    return broken('JPEG', error);
  }
}

/** Counts start-of-scan markers, including look-alikes in a thumbnail. */
function countScans(data: Uint8Array): number {
  const bytes = bufferOf(data);
  const marker = Buffer.of(0xff, 0xda);
  let count = 0;
  for (let at = bytes.indexOf(marker); at >= 0; at = bytes.indexOf(marker, at + 2)) count++;
  return count;
}

/** Offsets of fields in a PNG's first chunk, which is always its header [byte]. */
const ihdr = { width: 16, height: 20, depth: 24, colour: 25, interlace: 28, end: 33 } as const;

function readPng(data: Uint8Array, format: string, maxPixels: number): ImageFrame {
  if (data.length < ihdr.end) return broken('PNG', 'its header is cut off');
  const view = viewOf(data);
  const [width, height] = [view.getUint32(ihdr.width), view.getUint32(ihdr.height)];
  checkSize(width, height, maxPixels);
  // Interlaced images are refused: the decoder does not limit their inflated size, and no camera driver sends them.
  if (data[ihdr.interlace] !== 0) return broken('PNG', 'it is interlaced');
  checkPixels(data, width, height);
  const deep = data[ihdr.depth] === 16;
  try {
    const { data: pixels } = pngPackage().PNG.sync.read(bufferOf(data), { skipRescale: deep });
    if (!deep) return { width, height, encoding: 'rgba8', bigEndian: false, step: 4 * width, data: pixels };
    // The decoder gives four samples per pixel, for grey too.
    const samples = new Uint16Array(pixels.buffer, pixels.byteOffset, pixels.byteLength >> 1);
    if (data[ihdr.colour] !== 0) return deepFrame(width, height, 'rgba16', samples);
    const grey = Uint16Array.from({ length: width * height }, (_, k) => samples[4 * k]);
    return deepFrame(width, height, deepGrey(format), grey);
  } catch (error) {
    return broken('PNG', error);
  }
}

const bufferOf = (data: Uint8Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/**
 * Meaning of 16 bits of grey, by the encoding at the start of the format. Drivers that write just `png` mostly send
 * depth.
 */
function deepGrey(format: string): string {
  const [name] = format.split(';', 1);
  return ['mono16', ...bayer16].find((light) => light === name.trim()) ?? '16UC1';
}

const bayer16 = imageFormats.filter((name) => /^bayer_.*16$/.test(name));

const bigEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 0;

/** A frame of numbers in the byte order of this machine. */
function deepFrame(width: number, height: number, encoding: string, samples: Uint16Array | Float32Array): ImageFrame {
  const data = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  return { width, height, encoding, bigEndian, step: data.length / height, data };
}

/** Length of the header of image_transport's `compressedDepth` [byte]: a number, and A and B as 32-bit floats. */
const depthHeader = 12;

/**
 * Reads `compressedDepth`: for 16UC1 the picture itself; for 32FC1 whole numbers q = A / depth + B, 0 where nothing was
 * measured.
 */
function readDepth(data: Uint8Array, format: string, maxPixels: number): ImageFrame {
  if (data.length <= depthHeader) return broken('compressed depth', 'its header is cut off');
  const picture = data.subarray(depthHeader);
  const { width, height, values } = /\brvl\b/i.test(format)
    ? readRvlDepth(picture, maxPixels)
    : readPngDepth(picture, format, maxPixels);
  if (!format.startsWith('32FC1')) return deepFrame(width, height, '16UC1', values);
  const header = viewOf(data);
  const [a, b] = [header.getFloat32(4, true), header.getFloat32(8, true)];
  const metres = Float32Array.from(values, (q) => (q === 0 ? NaN : a / (q - b)));
  return deepFrame(width, height, '32FC1', metres);
}

function readRvlDepth(data: Uint8Array, maxPixels: number): DeepPicture {
  try {
    return readRvl(data, (width, height) => {
      checkSize(width, height, maxPixels);
    });
  } catch (error) {
    if (error instanceof TopsparkError) throw error;
    return broken('RVL', error);
  }
}

function readPngDepth(data: Uint8Array, format: string, maxPixels: number): DeepPicture {
  if (!begins(data, pngBegin)) {
    const found = `no PNG follows the ${depthHeader} bytes of the compressed depth header; its format field is ${quoted(format)}`;
    return refuse('compressed_image_format', found);
  }
  const { width, height, encoding, data: bytes } = readPng(data, '16UC1', maxPixels);
  if (encoding !== '16UC1') return broken('compressed depth', 'its PNG is not 16-bit grey');
  return { width, height, values: new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1) };
}

function checkSize(width: number, height: number, maxPixels: number): void {
  if (width * height <= maxPixels) return;
  tooLarge(`is ${width}×${height} = ${width * height} pixels, expected at most ${maxPixels}`);
}

/** Channels of a pixel by the colour type in the header. */
const channels: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * Refuses a PNG with missing pixels. The decoder fills them from uninitialised memory, so the same picture would differ
 * every time.
 */
function checkPixels(data: Uint8Array, width: number, height: number): void {
  const bits = data[ihdr.depth] * (channels[data[ihdr.colour]] ?? 0);
  const expected = height * (1 + Math.ceil((width * bits) / 8));
  const found = inflatedLength(data, expected);
  if (found < expected) broken('PNG', new Error(`its pixels have ${found} bytes, expected ${expected}`));
}

/** Number of bytes to which the image data of a PNG inflates, counted up to `most`. */
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
