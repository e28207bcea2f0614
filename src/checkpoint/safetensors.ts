import { TopsparkError } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import { sha256 } from '../base/sliced-hash.js';
import { atOnce, type Slices } from '../base/slices.js';
import type { Json, Snapshot, Tensor } from '../base/snapshot.js';

/**
 * Version of the format. A snapshot is one safetensors file: header length (8 bytes, little-endian), JSON header,
 * tensors one after the other. Everything but tensors is JSON in the header's `__metadata__`, with the SHA-256 of
 * everything after the header and of the metadata itself, so that a cut, flipped or swapped byte is detected.
 *
 * Format: huggingface/safetensors, README "Format". Version 1 had no class alarms, reservoir or profile; a restore of
 * version 1 starts without them.
 */
export const formatVersion = 2;
const readable = ['1', '2'];

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
  return Buffer.concat(atOnce(layOut(snapshot)));
}

/**
 * The parts of a file with the snapshot, to be written in order: the header, then views of the tensors. The snapshot
 * must not change before they are written.
 */
export function* layOut(snapshot: Snapshot): Slices<Uint8Array[]> {
  const entries: Record<string, TensorEntry> = {};
  const parts: Uint8Array[] = [];
  let length = 0;
  // Wider elements first keeps every tensor on a multiple of its element size, as the format wants.
  const widestFirst = Object.entries(snapshot.tensors).sort(
    ([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT,
  );
  for (const [name, { data, shape }] of widestFirst) {
    const to = length + data.byteLength;
    entries[name] = { dtype: dtypeOf(data), shape, data_offsets: [length, to] };
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    length = to;
  }
  const described = { format_version: String(formatVersion), weights_hash: snapshot.weightsHash };
  const metadata = { ...described, state: JSON.stringify(snapshot.meta) };
  const digest = yield* sha256([describe(entries, metadata), ...parts]);
  const header = Buffer.from(JSON.stringify({ __metadata__: { ...metadata, sha256: digest }, ...entries }));
  const padded = Buffer.concat([header, Buffer.alloc(-header.length & 7, ' ')]);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(padded.length));
  return [size, padded, ...parts];
}

/**
 * Reads what {@link encodeSnapshot} wrote.
 *
 * @param where - name of the file in errors
 * @throws {@link TopsparkError} `checkpoint_broken` or `checkpoint_version`
 */
export function decodeSnapshot(file: Buffer, where: string): Snapshot {
  const { metadata, entries, body } = readHeader(file, where);
  const { sha256: digest, ...described } = metadata;
  const found = described['format_version'] ?? 'none';
  if (!readable.includes(found)) {
    throw broken(where, `format version is ${plainly(found)}, expected ${readable.join(' or ')}`, 'checkpoint_version');
  }
  if (digest !== atOnce(sha256([describe(entries, described), body]))) {
    throw broken(where, 'its SHA-256 does not match its content');
  }
  const tensors = Object.entries(entries).map(([name, entry]): [string, Tensor] => {
    return [name, readTensor(entry, body, `${where}: tensor ${plainly(name)}`)];
  });
  const weightsHash = described['weights_hash'] ?? '';
  if (!/^[\w ]{0,64}$/.test(weightsHash)) throw broken(where, `its weights_hash is ${quoted(weightsHash)}`);
  return { tensors: Object.fromEntries(tensors), meta: readMeta(described['state'] ?? '{}', where), weightsHash };
}

function readMeta(text: string, where: string): Record<string, Json> {
  let meta: unknown;
  try {
    meta = JSON.parse(text);
  } catch (error) {
    throw broken(where, 'its state is not JSON', 'checkpoint_broken', error);
  }
  if (!isObject(meta) || Array.isArray(meta)) throw broken(where, 'its state is not a table of names and values');
  return meta as Record<string, Json>;
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
  if (!isObject(parsed) || !isObject(parsed['__metadata__'])) throw broken(where, 'its header has no __metadata__');
  const { __metadata__: metadata, ...entries } = parsed as { __metadata__: Record<string, string> };
  const strange = Object.entries(metadata).find(([, value]) => typeof (value as unknown) !== 'string');
  if (strange) throw broken(where, `${quoted(strange[0])} in its __metadata__ is not a text`);
  return { metadata, entries: entries as Record<string, TensorEntry>, body: file.subarray(8 + length) };
}

/** A plain name without quotes, anything else quoted. */
const plainly = (text: string): string => (/^[\w.-]{1,60}$/.test(text) ? text : quoted(text));

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function readTensor(entry: TensorEntry, body: Buffer, where: string): Tensor {
  if (!isObject(entry)) throw broken(where, `its entry ${quoted(JSON.stringify(entry))} is not a table`);
  const { dtype, shape, data_offsets: offsets } = entry;
  // Another program may have written the file with a valid digest, so every entry is checked.
  const numbers = (found: unknown): readonly number[] => (Array.isArray(found) ? (found as number[]) : [NaN]);
  const [from = NaN, to = NaN] = numbers(offsets);
  const type = Object.hasOwn(dtypes, dtype) ? dtypes[dtype] : undefined;
  const sizes = numbers(shape);
  const elements = sizes.reduce((product, size) => product * size, 1);
  const sound = [from, to, ...sizes].every((number) => Number.isSafeInteger(number) && number >= 0);
  if (!type || !sound || !(from >= 0 && to <= body.length) || to - from !== elements * type.BYTES_PER_ELEMENT) {
    throw broken(where, `its entry ${JSON.stringify(entry).slice(0, 200)} does not describe bytes of the file`);
  }
  const copy = new Uint8Array(body.subarray(from, to));
  return { shape, data: new type(copy.buffer) };
}

function dtypeOf(data: Tensor['data']): Dtype {
  for (const [name, type] of Object.entries(dtypes)) if (data instanceof type) return name as Dtype;
  throw new TopsparkError(
    'checkpoint_dtype',
    'checkpoint',
    `a tensor is ${data.constructor.name}, expected one of F32, F64, I32, I64, U8`,
  );
}

function describe(entries: Record<string, TensorEntry>, metadata: Record<string, string>): string {
  return JSON.stringify([Object.entries(metadata).sort(), Object.entries(entries)]);
}

function broken(where: string, sentence: string, code = 'checkpoint_broken', cause?: unknown): TopsparkError {
  return new TopsparkError(code, 'checkpoint', `checkpoint ${where}: ${sentence}`, { cause });
}
