import { bytesAt, type ByteSource } from './byte-source.js';

// How a bag is laid out on disk (MCAP, version 0): eight bytes of magic, then records, each
//
//   opcode (1 byte)   length of the content (8 bytes, little endian)   content
//
// up to DataEnd, followed by a summary that repeats schemas and channels and lists the chunks. A bag whose writer died
// has no summary, and its last record may be cut off. Specification: mcap.dev/spec.

/** First and last bytes of a bag. */
export const mcapMagic = Uint8Array.of(0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a);
/** Opcode and length of a record. */
export const headerBytes = 9;
const footerBytes = headerBytes + 20;

/** Kinds of records that matter here. */
export const opcodes = { footer: 0x02, schema: 0x03, channel: 0x04, message: 0x05, chunk: 0x06, index: 0x08 } as const;

/** Offsets of the earliest and the latest time within a record's content. */
const timesAt: Readonly<Record<number, readonly [start: number, end: number]>> = {
  [opcodes.message]: [6, 6],
  [opcodes.chunk]: [0, 8],
  [opcodes.index]: [0, 8],
};

/** A record of the bag's top level. */
export interface RecordPlace {
  readonly opcode: number;
  /** First byte of the record in the file, and its length, including the header of nine bytes. */
  readonly offset: number;
  readonly length: number;
  /** Earliest and latest log time of the messages in it [ns]; 0 for other records. */
  readonly start: bigint;
  readonly end: bigint;
}

/** All whole records of a file, and the rest after them. */
export interface RecordPlaces {
  readonly places: readonly RecordPlace[];
  /** Whether the file ends as a bag should. */
  readonly complete: boolean;
  /** Bytes at the end that form no whole record. */
  readonly cutOff: number;
  /** Offset of a record with an invalid length; after it, only chunks listed in the summary are known. */
  readonly broken?: number;
}

/** Finds the records of a bag without reading their content. */
export function findRecords(source: ByteSource): RecordPlaces {
  const { places, offset, complete } = walk(source, mcapMagic.length);
  if (complete) return { places, complete, cutOff: 0 };
  const found = new Set(places.map((place) => place.offset));
  const indexed = indexedChunks(source);
  if (indexed === undefined) return { places, complete, cutOff: source.size - offset };
  const others = indexed.filter((chunk) => !found.has(chunk.offset));
  return { places: [...places, ...others], complete: true, cutOff: 0, broken: offset };
}

// Lists the records from `from` to the footer, or to one that cannot be whole. `offset` in the result is the end of the
// last.
function walk(source: ByteSource, from: number): { places: RecordPlace[]; offset: number; complete: boolean } {
  const { size } = source;
  const head = Buffer.alloc(headerBytes + 16);
  const places: RecordPlace[] = [];
  let offset = from;
  let complete = false;
  while (offset + headerBytes <= size && !complete) {
    const got = source.read(head, offset);
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

// Chunks listed in the summary; undefined where the file has no summary.
function indexedChunks(source: ByteSource): RecordPlace[] | undefined {
  const at = source.size - mcapMagic.length - footerBytes;
  if (at < mcapMagic.length) return undefined;
  const footer = Buffer.from(bytesAt(source, at, footerBytes));
  if (footer.length < footerBytes || footer[0] !== opcodes.footer) return undefined;
  if (footer.readBigUInt64LE(1) !== BigInt(footerBytes - headerBytes)) return undefined;
  const summary = Number(footer.readBigUInt64LE(headerBytes));
  if (summary < mcapMagic.length || summary > at) return undefined;
  const content = Buffer.alloc(16);
  return walk(source, summary)
    .places.filter(({ opcode }) => opcode === opcodes.index)
    .map(({ offset, start, end }) => {
      source.read(content, offset + headerBytes + 16);
      const [chunk, length] = [Number(content.readBigUInt64LE(0)), Number(content.readBigUInt64LE(8))];
      return { opcode: opcodes.chunk, offset: chunk, length, start, end };
    })
    .filter((chunk) => chunk.offset + chunk.length <= at);
}
