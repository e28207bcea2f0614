import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { TopsparkError } from '../base/errors.js';

/**
 * The IDX format of MNIST: two zero bytes, the type of the elements (0x08: unsigned byte), the number of dimensions,
 * each dimension as a big-endian 32-bit integer, then the elements, last dimension fastest. Gzipped or not.
 *
 * Source: Y. LeCun, C. Cortes, C. Burges, The MNIST database of handwritten digits.
 */
export interface IdxArray {
  /** Extent of each dimension. */
  readonly shape: readonly number[];
  /** The elements; as many as the product of the shape. */
  readonly data: Uint8Array;
}

const unsignedByte = 0x08;
/** Enough for the header of the largest array, compressed or not. */
const headBytes = 4096;

/**
 * Reads an IDX file of unsigned bytes.
 *
 * @param path - the file; gzip is recognised by its content, not by its name
 * @param dimensions - how many the array must have
 * @throws {@link TopsparkError} `file_unreadable`, `idx_bad_magic`, `idx_wrong_dimensions`, `idx_wrong_length`
 */
export function readIdx(path: string, dimensions: number): IdxArray {
  const bytes = inflate(
    path,
    attemptRead(path, () => readFileSync(path)),
  );
  const shape = parseShape(path, bytes, dimensions);
  const header = headerBytes(dimensions);
  // Not a Buffer: its slice() is a view, where that of a Uint8Array is a copy.
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset + header, bytes.length - header);
  const expected = shape.reduce((product, extent) => product * extent, 1);
  if (data.length !== expected) {
    const found = `${path} holds ${data.length} elements`;
    const product = shape.length > 1 ? `${shape.join(' × ')} = ` : '';
    throw new TopsparkError('idx_wrong_length', 'data', `${found}, expected ${product}${expected}`);
  }
  return { shape, data };
}

/**
 * Reads only the shape of an IDX file, whatever its size.
 *
 * @throws {@link TopsparkError} as {@link readIdx}, except `idx_wrong_length`
 */
export function readIdxShape(path: string, dimensions: number): readonly number[] {
  return parseShape(
    path,
    inflate(
      path,
      attemptRead(path, () => readHead(path)),
      true,
    ),
    dimensions,
  );
}

function parseShape(path: string, bytes: Buffer, dimensions: number): number[] {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0 || bytes[2] !== unsignedByte) {
    const found = bytes.length === 0 ? 'is empty' : `begins with ${bytes.toString('hex', 0, 4)}`;
    throw new TopsparkError('idx_bad_magic', 'data', `${path} ${found}, expected an IDX file of bytes (000008..)`);
  }
  if (bytes[3] !== dimensions) {
    const found = `${path} has ${bytes.readUInt8(3)} dimensions`;
    throw new TopsparkError('idx_wrong_dimensions', 'data', `${found}, expected ${dimensions}`);
  }
  const header = headerBytes(dimensions);
  if (bytes.length < header) {
    const found = `${path} ends after ${bytes.length} bytes`;
    throw new TopsparkError('idx_wrong_length', 'data', `${found}, expected a header of ${header}`);
  }
  return Array.from({ length: dimensions }, (_, index) => bytes.readUInt32BE(4 + 4 * index));
}

function headerBytes(dimensions: number): number {
  return 4 + 4 * dimensions;
}

function readHead(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(headBytes);
    return head.subarray(0, readSync(file, head, 0, headBytes, 0));
  } finally {
    closeSync(file);
  }
}

/** @param partial - the bytes may end in the middle of the compressed stream */
function inflate(path: string, bytes: Buffer, partial = false): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const finishFlush = partial ? constants.Z_SYNC_FLUSH : constants.Z_FINISH;
  return attemptRead(path, () => gunzipSync(bytes, { finishFlush }));
}

function attemptRead(path: string, read: () => Buffer): Buffer {
  try {
    return read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TopsparkError('file_unreadable', 'data', `${path} cannot be read: ${reason}`, { cause });
  }
}
