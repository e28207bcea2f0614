import { readSync } from 'node:fs';
import { TopsparkError } from '../base/errors.js';

// How a bag is laid out on disk (MCAP, version 0): eight bytes of magic, then records, each
//
//   opcode (1 byte)   length of the content (8 bytes, little endian)   content
//
// up to DataEnd; behind it stands a summary that repeats schemas and channels and says where chunks lie. A bag whose
// writer died has no summary, and its last record may be cut off. Specification: mcap.dev/spec.

const magic = Uint8Array.of(0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a);
const headerBytes = 9;
const footerBytes = headerBytes + 20;

/** Kinds of records that matter here. */
export const opcodes = { footer: 0x02, schema: 0x03, channel: 0x04, message: 0x05, chunk: 0x06, index: 0x08 } as const;

/** What else is taken for a bag, by its first bytes (hex), and what to do about it. */
const lookalikes: readonly (readonly [start: string, hint: string])[] = [
  [Buffer.from('SQLite').toString('hex'), 'this is a bag of ROS 2 in SQLite, `ros2 bag convert` makes it MCAP'],
  [Buffer.from('#ROSBAG').toString('hex'), 'this is a bag of ROS 1, which has to be converted to ROS 2'],
  ['28b52ffd', 'this file is packed with zstd, `zstd -d` unpacks it'],
];

/** Where in its content a record says of what times it is: offsets of the earliest and the latest. */
const timesAt: Readonly<Record<number, readonly [start: number, end: number]>> = {
  [opcodes.message]: [6, 6],
  [opcodes.chunk]: [0, 8],
  [opcodes.index]: [0, 8],
};

/** A record of the bag's top level. */
export interface RecordPlace {
  readonly opcode: number;
  /** First byte of the record in the file, and its bytes, the nine of the header included. */
  readonly offset: number;
  readonly length: number;
  /** Earliest and latest log time of the messages in it [ns]; 0 for other records. */
  readonly start: bigint;
  readonly end: bigint;
}

/** All whole records of a file, and what is left over behind them. */
export interface RecordPlaces {
  readonly places: readonly RecordPlace[];
  /** The file ends as a bag should. */
  readonly complete: boolean;
  /** Bytes at the end that belong to no whole record. */
  readonly cutOff: number;
  /** Where a record does not say how long it is; of what stands behind it there are the chunks that the summary names. */
  readonly broken?: number;
}

/**
 * Finds the records without reading what is in them.
 *
 * @param file - descriptor of the open file
 * @param size - its bytes
 * @throws {@link TopsparkError} `not_a_bag` where the file does not begin as a bag does
 */
export function findRecords(file: number, size: number, path: string): RecordPlaces {
  const head = Buffer.alloc(magic.length);
  const begin = readSync(file, head, 0, magic.length, 0);
  if (begin < magic.length || !magic.every((byte, k) => head[k] === byte)) {
    const found = head.subarray(0, begin).toString('hex') || 'nothing';
    const [, hint] = lookalikes.find(([start]) => found.startsWith(start)) ?? [];
    const expected = `expected an MCAP bag (894d434150300d0a)${hint === undefined ? '' : `; ${hint}`}`;
    throw new TopsparkError('not_a_bag', 'data', `${path} begins with ${found}, ${expected}`);
  }
  const { places, offset, complete } = walk(file, size, magic.length);
  if (complete) return { places, complete, cutOff: 0 };
  const found = new Set(places.map((place) => place.offset));
  const indexed = indexedChunks(file, size);
  if (indexed === undefined) return { places, complete, cutOff: size - offset };
  const others = indexed.filter((chunk) => !found.has(chunk.offset));
  return { places: [...places, ...others], complete: true, cutOff: 0, broken: offset };
}

// The records from `offset` to the footer, or to one that cannot be whole; `offset` in the answer is behind the last.
function walk(file: number, size: number, from: number): { places: RecordPlace[]; offset: number; complete: boolean } {
  const head = Buffer.alloc(headerBytes + 16);
  const places: RecordPlace[] = [];
  let offset = from;
  let complete = false;
  while (offset + headerBytes <= size && !complete) {
    const got = readSync(file, head, 0, head.length, offset);
    const opcode = head[0];
    const length = headerBytes + Number(head.readBigUInt64LE(1));
    if (opcode === 0 || offset + length > size) break;
    const [start, end] = timesAt[opcode] ?? [];
    const time = (at: number | undefined): bigint => {
      const from = headerBytes + (at ?? 0);
      return at === undefined || from + 8 > Math.min(got, length) ? 0n : head.readBigUInt64LE(from);
    };
    places.push({ opcode, offset, length, start: time(start), end: time(end) });
    offset += length;
    complete = opcode === opcodes.footer;
  }
  return { places, offset, complete };
}

// Where the summary says that chunks lie; undefined where the file does not end with one.
function indexedChunks(file: number, size: number): RecordPlace[] | undefined {
  const footer = Buffer.alloc(footerBytes);
  const at = size - magic.length - footerBytes;
  if (at < magic.length || readSync(file, footer, 0, footerBytes, at) < footerBytes) return undefined;
  if (footer[0] !== opcodes.footer || footer.readBigUInt64LE(1) !== BigInt(footerBytes - headerBytes)) return undefined;
  const summary = Number(footer.readBigUInt64LE(headerBytes));
  if (summary < magic.length || summary > at) return undefined;
  const { places } = walk(file, size, summary);
  const content = Buffer.alloc(16);
  return places
    .filter(({ opcode }) => opcode === opcodes.index)
    .map(({ offset, start, end }) => {
      readSync(file, content, 0, content.length, offset + headerBytes + 16);
      const [chunk, length] = [Number(content.readBigUInt64LE(0)), Number(content.readBigUInt64LE(8))];
      return { opcode: opcodes.chunk, offset: chunk, length, start, end };
    })
    .filter((chunk) => chunk.offset + chunk.length <= at);
}
