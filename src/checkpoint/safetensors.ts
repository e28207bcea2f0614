import { createHash } from 'node:crypto';
import { TopsparkError } from '../base/errors.js';
import type { Json, Snapshot, Tensor } from '../base/snapshot.js';

/**
 * A snapshot as one safetensors file: 8 bytes header length (little endian), JSON header, tensors one after the other.
 * What is not a tensor stands as JSON in the header's `__metadata__`, with the SHA-256 of everything that follows the
 * header and of the metadata itself, so that a cut, flipped or exchanged byte is noticed.
 *
 * Format: huggingface/safetensors, README "Format".
 */
export const formatVersion = 1;

const dtypes = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  I64: BigInt64Array,
  U8: Uint8Array,
} as const;
type Dtype = keyof typeof dtypes;

interface TensorEntry {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [from: number, to: number];
}

/** The snapshot as bytes of a file. */
export function encodeSnapshot(snapshot: Snapshot): Buffer {
  const entries: Record<string, TensorEntry> = {};
  const parts: Buffer[] = [];
  let length = 0;
  // Wider elements first keeps every tensor on a multiple of its element size, as the format wants.
  const widestFirst = Object.entries(snapshot.tensors).sort(
    ([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT,
  );
  for (const [name, { data, shape }] of widestFirst) {
    const to = length + data.byteLength;
    entries[name] = { dtype: dtypeOf(data), shape, data_offsets: [length, to] };
    parts.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    length = to;
  }
  const body = Buffer.concat(parts, length);
  const described = { format_version: String(formatVersion), weights_hash: snapshot.weightsHash };
  const metadata = { ...described, state: JSON.stringify(snapshot.meta) };
  const sha256 = digest(entries, metadata, body);
  const header = Buffer.from(JSON.stringify({ __metadata__: { ...metadata, sha256 }, ...entries }));
  const padded = Buffer.concat([header, Buffer.alloc(-header.length & 7, ' ')]);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([size, padded, body]);
}

/**
 * Reads what {@link encodeSnapshot} wrote.
 *
 * @param where - name of the file, for the error's sentence
 * @throws {@link TopsparkError} `checkpoint_broken` or `checkpoint_version`
 */
export function decodeSnapshot(file: Buffer, where: string): Snapshot {
  const { metadata, entries, body } = readHeader(file, where);
  const { sha256, ...described } = metadata;
  if (described['format_version'] !== String(formatVersion)) {
    const found = described['format_version'] ?? 'none';
    throw broken(where, `format version is ${found}, expected ${formatVersion}`, 'checkpoint_version');
  }
  if (sha256 !== digest(entries, described, body)) throw broken(where, 'its SHA-256 does not match its content');
  const tensors: Record<string, Tensor> = {};
  for (const [name, entry] of Object.entries(entries)) tensors[name] = readTensor(entry, body);
  const meta = JSON.parse(described['state'] ?? '{}') as Record<string, Json>;
  return { tensors, meta, weightsHash: described['weights_hash'] ?? '' };
}

function readHeader(file: Buffer, where: string) {
  const length = file.length >= 8 ? Number(file.readBigUInt64LE()) : Infinity;
  if (length > file.length - 8) throw broken(where, `${file.length} bytes are too few for its header`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(file.toString('utf8', 8, 8 + length));
  } catch (error) {
    throw broken(where, 'its header is not JSON', 'checkpoint_broken', error);
  }
  if (typeof parsed !== 'object' || parsed === null || !('__metadata__' in parsed)) {
    throw broken(where, 'its header has no __metadata__');
  }
  const { __metadata__: metadata, ...entries } = parsed as { __metadata__: Record<string, string> };
  return { metadata, entries: entries as Record<string, TensorEntry>, body: file.subarray(8 + length) };
}

/** Trusted only after the digest has been checked: the entries are those that were written. */
function readTensor({ dtype, shape, data_offsets: [from, to] }: TensorEntry, body: Buffer): Tensor {
  const copy = new Uint8Array(body.subarray(from, to));
  return { shape, data: new dtypes[dtype](copy.buffer) };
}

function dtypeOf(data: Tensor['data']): Dtype {
  for (const [name, type] of Object.entries(dtypes)) if (data instanceof type) return name as Dtype;
  throw new TopsparkError(
    'checkpoint_dtype',
    'checkpoint',
    `a tensor is ${data.constructor.name}, expected one of F32, F64, I32, I64, U8`,
  );
}

function digest(entries: Record<string, TensorEntry>, metadata: Record<string, string>, body: Buffer): string {
  const described = JSON.stringify([Object.entries(metadata).sort(), Object.entries(entries)]);
  return createHash('sha256').update(described).update(body).digest('hex');
}

function broken(where: string, sentence: string, code = 'checkpoint_broken', cause?: unknown): TopsparkError {
  return new TopsparkError(code, 'checkpoint', `checkpoint ${where}: ${sentence}`, { cause });
}
