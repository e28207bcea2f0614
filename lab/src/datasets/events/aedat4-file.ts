import type { Codecs } from 'topspark/bag/codecs.js';
import { addressOf } from 'topspark/sensing/events/event-batch.js';
import { reasonOf, type TopsparkError } from 'topspark/base/errors.js';
import { quoted } from 'topspark/base/quoted.js';
import { inOrderOfTime, type EventClip } from './event-clip.js';
import { damagedEvents, readEvents } from './n-mnist-file.js';

// A recording in AEDAT 4.0, little-endian.
//
//   "#!AER-DAT4.0\r\n", a header, then packets up to the table of packets, or to the end of the file without one
//   header: its length (4 bytes), a flatbuffer IOHE { compression: int32; table: int64; info: string }
//   packet: number of its stream (4 bytes), length (4 bytes), data of that length, compressed as the header says
//   packet of events: its length (4 bytes), a flatbuffer EVTS { events: [16 bytes] }
//   event: time (8 bytes) [µs since the epoch], x (2 bytes), y (2 bytes), polarity (1 byte), 3 bytes of padding
//
// The header's info is XML: a node for each stream, named by its number, with its type and the size of the camera.
//
// Sources: iniVation, AEDAT file formats (AEDAT 4.0) and dv-processing's schemas IOHeader.fbs and event.fbs;
// flatbuffers' internals (a table begins with the offset back to its vtable). Files of PyPI's dv-processing 2.0.4 give
// the same events as with PyPI's aedat 2.3.0.

const magic = '#!AER-DAT4.0\r\n';
/** Bytes of an event. */
const eventBytes = 16;
/** By the number in the header: 0 none, 1 and 2 LZ4, 3 and 4 zstd. */
const compressions = ['none', 'lz4', 'lz4', 'zstd', 'zstd'] as const;

/**
 * Reads the events of a recording; with several streams of events, the first stream.
 *
 * @throws {@link TopsparkError} `events_unreadable`, `events_damaged` naming the file and the byte
 */
export function readAedat4(path: string, codecs: Codecs): EventClip {
  const bytes = readEvents(path);
  const damaged = (at: number, found: string, expected: string): TopsparkError =>
    damagedEvents(path, `${found} at byte ${at}`, expected);
  if (!bytes.toString('latin1', 0, magic.length).startsWith(magic)) {
    throw damaged(0, 'no recording begins', `${magic.trim()} and what follows`);
  }
  const header = attempt(damaged, magic.length, 'header', () => readHeader(bytes.subarray(magic.length)));
  const stream = /<node name="(\d+)"[^>]*>(?:(?!<node name="\d+").)*?>EVTS</s.exec(header.info);
  const size = ['sizeX', 'sizeY'].map((key) => {
    const found = new RegExp(`key="${key}"[^>]*>(\\d+)<`).exec(header.info.slice(stream?.index));
    return Number(found?.[1] ?? 0);
  });
  const [width = 0, height = 0] = size;
  const compression = compressions.at(header.compression);
  if (stream === null || width === 0 || height === 0 || compression === undefined || header.compression < 0) {
    const found = `a header with the compression ${header.compression} and ${stream ? '' : 'no '}stream of events`;
    throw damaged(
      magic.length,
      `${found} of ${width} × ${height} pixels`,
      'one of 0..4, and a stream EVTS with sizeX and sizeY',
    );
  }
  const parts: Events[] = [];
  const end = header.table < 0 ? bytes.length : Math.min(bytes.length, header.table);
  for (let at = magic.length + header.length; at < end;) {
    const from = at;
    const length = from + packetHead <= end ? bytes.readInt32LE(from + 4) : -1;
    at += packetHead + length;
    if (length < 0 || at > end) throw damaged(from, 'a packet is cut off', `${end} bytes of whole packets`);
    if (bytes.readInt32LE(from) !== Number(stream[1])) continue;
    const packed = bytes.subarray(from + packetHead, at);
    const part = attempt(damaged, from, 'packet', () => readPacket(unpacked(packed, compression, codecs)));
    const outside = part.x.findIndex((x, k) => x < 0 || x >= width || part.y[k] < 0 || part.y[k] >= height);
    if (outside >= 0) {
      const found = `an event at x = ${part.x[outside]}, y = ${part.y[outside]} in the packet`;
      throw damaged(from, found, `those of ${width} × ${height} pixels`);
    }
    parts.push(part);
  }
  const first = parts.reduce((least, { time }) => time.reduce((a, b) => Math.min(a, b), least), Infinity);
  return inOrderOfTime({
    ...{ width, height },
    address: joined(Uint32Array, parts, ({ x, y, on }, k) => addressOf(x[k], y[k], on[k])),
    time: joined(Float64Array, parts, ({ time }, k) => time[k] - first),
  });
}

/** Bytes before each packet: number of its stream and length. */
const packetHead = 8;

/** Events of a packet; times since the epoch [µs]. */
interface Events {
  readonly count: number;
  readonly x: Int16Array;
  readonly y: Int16Array;
  readonly on: Uint8Array;
  readonly time: Float64Array;
}

function joined<Numbers extends Uint32Array | Float64Array>(
  Kind: new (length: number) => Numbers,
  parts: readonly Events[],
  value: (part: Events, k: number) => number,
): Numbers {
  const all = new Kind(parts.reduce((sum, { count }) => sum + count, 0));
  let at = 0;
  for (const part of parts) for (let k = 0; k < part.count; k++) all[at++] = value(part, k);
  return all;
}

function attempt<Result>(
  damaged: (at: number, found: string, expected: string) => Error,
  at: number,
  what: string,
  read: () => Result,
): Result {
  try {
    return read();
  } catch (cause) {
    throw damaged(at, `a ${what} (${reasonOf(cause)})`, `a whole ${what}`);
  }
}

function readHeader(bytes: Buffer): { compression: number; table: number; info: string; length: number } {
  const table = new FlatTable(bytes, 'IOHE');
  const [compression, packets, info] = [table.field(0), table.field(1), table.field(2)];
  const { start = 0, length = 0 } = info === undefined ? {} : table.vector(info);
  return {
    compression: compression === undefined ? 0 : bytes.readInt32LE(compression),
    table: packets === undefined ? -1 : Number(bytes.readBigInt64LE(packets)),
    info: bytes.toString('utf8', start, start + length),
    length: table.end,
  };
}

function readPacket(bytes: Buffer): Events {
  const table = new FlatTable(bytes, 'EVTS');
  const field = table.field(0);
  const { start, length: count } = field === undefined ? { start: 0, length: 0 } : table.vector(field, eventBytes);
  const events = { count, x: new Int16Array(count), y: new Int16Array(count), on: new Uint8Array(count) };
  const time = new Float64Array(count);
  for (let k = 0, at = start; k < count; k++, at += eventBytes) {
    time[k] = bytes.readUInt32LE(at) + 2 ** 32 * bytes.readInt32LE(at + 4);
    events.x[k] = bytes.readInt16LE(at + 8);
    events.y[k] = bytes.readInt16LE(at + 10);
    events.on[k] = Number(bytes[at + 12] !== 0);
  }
  return { ...events, time };
}

function unpacked(packed: Buffer, way: (typeof compressions)[number], codecs: Codecs): Buffer {
  if (way === 'none') return packed;
  const bytes = way === 'zstd' ? codecs.frames(packed) : codecs.chunk['lz4']?.(packed, mostOfLz4(packed));
  return Buffer.from(bytes ?? new Uint8Array());
}

/**
 * Upper bound of the content of an LZ4 frame [byte]: all its blocks are taken as full.
 *
 * Source: LZ4 frame format 1.6.
 *
 * @throws RangeError where the frame is cut off
 */
function mostOfLz4(frame: Buffer): number {
  const flags = frame.readUInt8(4);
  const block = 2 ** (8 + 2 * ((frame.readUInt8(5) >> 4) & 7));
  let at = 7 + (flags & 8) + (flags & 1) * 4;
  let blocks = 0;
  for (;;) {
    const size = frame.readUInt32LE(at);
    at += 4;
    if (size === 0) return blocks * block;
    blocks++;
    at += (size & 0x7fffffff) + ((flags >> 4) & 1) * 4;
  }
}

/** The root table of a size-prefixed flatbuffer. */
class FlatTable {
  /** Offset behind the flatbuffer [byte]. */
  readonly end: number;
  readonly #root: number;

  /** @throws RangeError where it is cut off or has another identifier */
  constructor(
    readonly bytes: Buffer,
    identifier: string,
  ) {
    this.end = 4 + bytes.readUInt32LE(0);
    if (this.end > bytes.length) throw new RangeError(`it needs ${this.end} bytes, ${bytes.length} are left`);
    const found = bytes.toString('latin1', 8, 12);
    if (found !== identifier) throw new RangeError(`it is ${quoted(found)}, not ${identifier}`);
    this.#root = 4 + bytes.readUInt32LE(4);
  }

  /** Offset of a field; `undefined`: it has its default. */
  field(number: number): number | undefined {
    const list = this.#root - this.bytes.readInt32LE(this.#root);
    const at = 4 + 2 * number;
    const offset = at < this.bytes.readUInt16LE(list) ? this.bytes.readUInt16LE(list + at) : 0;
    return offset === 0 ? undefined : this.#root + offset;
  }

  /** Offset and length of the elements of a vector, or of the bytes of a string. */
  vector(field: number, bytesEach = 1): { readonly start: number; readonly length: number } {
    const at = field + this.bytes.readUInt32LE(field);
    const length = this.bytes.readUInt32LE(at);
    if (at + 4 + length * bytesEach > this.end) throw new RangeError(`it promises ${length} elements`);
    return { start: at + 4, length };
  }
}
