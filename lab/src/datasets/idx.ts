import { constants, gunzipSync } from 'node:zlib';
import { TopsparkError, reasonOf } from 'topspark/base/errors.js';
import { readRegular } from 'topspark/base/regular-file.js';

/**
 * An array in the IDX format of MNIST: two zero bytes, the type of the elements (0x08: unsigned byte), the number of
 * dimensions, each dimension as a big-endian 32-bit integer, then the elements, last dimension fastest. The file may be
 * gzipped.
 *
 * Source: Y. LeCun, C. Cortes, C. Burges, The MNIST database of handwritten digits.
 */
export interface IdxArray {
  /** Extent of each dimension. */
  readonly shape: readonly number[];
  /** The elements; their number is the product of the shape. */
  readonly data: Uint8Array;
}

const unsignedByte = 0x08;
/** Enough bytes for the largest header, compressed or not. */
const headBytes = 4096;
/** Limit of one JavaScript array, and more than any set of small pictures needs. */
const mostElements = 2 ** 31 - 1;

/**
 * Reads an IDX file of unsigned bytes. Its header bounds what is read and inflated.
 *
 * @param path - a regular file; gzip is recognised by content, not by name
 * @param dimensions - number of dimensions that the array must have
 * @throws {@link TopsparkError} `file_unreadable`, `idx_bad_magic`, `idx_wrong_dimensions`, `idx_wrong_length`,
 *   `idx_too_large`
 */
export function readIdx(path: string, dimensions: number): IdxArray {
  const shape = readIdxShape(path, dimensions);
  const expected = shape.reduce((product, extent) => product * extent, 1);
  const header = headerBytes(dimensions);
  const bytes = readWhole(path, header + expected);
  // Not a Buffer: its slice() makes a view, while that of a Uint8Array makes a copy.
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset + header, bytes.length - header);
  if (data.length !== expected) {
    const found = `${path} holds ${data.length > expected ? `more than ${expected}` : data.length} elements`;
    const product = shape.length > 1 ? `${shape.join(' × ')} = ` : '';
    throw new TopsparkError('idx_wrong_length', 'data', `${found}, expected ${product}${expected}`);
  }
  return { shape, data };
}

/**
 * Reads only the shape of an IDX file of any size.
 *
 * @throws {@link TopsparkError} as {@link readIdx}, except `idx_wrong_length`
 */
export function readIdxShape(path: string, dimensions: number): readonly number[] {
  const head = attemptRead(path, () => {
    const bytes = readRegular(path, headBytes);
    // The bytes may end inside the compressed stream.
    return isGzip(bytes) ? gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }) : bytes;
  });
  const shape = parseShape(path, head, dimensions);
  const elements = shape.reduce((product, extent) => product * extent, 1);
  if (elements <= mostElements) return shape;
  const found = `${path} promises ${shape.join(' × ')} = ${elements} elements`;
  throw new TopsparkError('idx_too_large', 'data', `${found}, expected at most ${mostElements}`);
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

// Reading one byte beyond the expected size shows that there is more; nothing further is read or inflated.
function readWhole(path: string, size: number): Buffer {
  const head = attemptRead(path, () => readRegular(path, 2));
  if (!isGzip(head)) return attemptRead(path, () => readRegular(path, size + 1));
  return attemptRead(path, () => {
    const packed = readRegular(path);
    try {
      return gunzipSync(packed, { maxOutputLength: size });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return Buffer.alloc(size + 1);
      throw error;
    }
  });
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

function attemptRead(path: string, read: () => Buffer): Buffer {
  try {
    return read();
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new TopsparkError('file_unreadable', 'data', `${path} cannot be read: ${reason}`, { cause });
  }
}
