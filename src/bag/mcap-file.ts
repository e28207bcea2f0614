import { crc32 } from 'node:zlib';
import { longName, readMessage, type BagChannel, type BagFile, type BagMessage } from './bag-file.js';
import { bytesAt, type ByteSource } from './byte-source.js';
import type { Codecs } from './codecs.js';
import { merged } from './merged.js';
import { chunkOf, channelOf, messageOf, recordsIn, schemaRecordOf, type SchemaRecord } from './mcap-records.js';
import { findRecords, headerBytes, opcodes, type RecordPlace, type RecordPlaces } from './record-places.js';
import { reasonOf } from '../base/errors.js';

/**
 * A bag in MCAP. Memory holds only chunks whose times overlap. The cost of a chunk does not depend on the number of
 * topics.
 */
export class McapFile implements BagFile {
  readonly size: number;
  readonly start: bigint | undefined;
  readonly #records: RecordPlaces;
  /** Records with messages, by their earliest log time. */
  readonly #pieces: readonly RecordPlace[];
  readonly #schemas = new Map<number, SchemaRecord>();
  readonly #channels = new Map<number, BagChannel>();
  readonly #damage: string[] = [];
  readonly #strangers = new Map<number, { count: number; readonly at: number }>();
  #done = 0;

  constructor(
    readonly path: string,
    readonly source: ByteSource,
    readonly codecs: Codecs,
    /** Types of topics whose schema the bag may lack. */
    readonly types: ReadonlyMap<string, string>,
  ) {
    this.size = source.size;
    this.#records = findRecords(source);
    const holdsMessages = ({ opcode }: RecordPlace): boolean => opcode === opcodes.message || opcode === opcodes.chunk;
    this.#pieces = this.#records.places.filter(holdsMessages).sort(byStart);
    this.start = this.#pieces.at(0)?.start;
  }

  get done(): number {
    return this.#done;
  }

  get problems(): readonly string[] {
    const { complete, cutOff, broken } = this.#records;
    const found = [...this.#damage];
    for (const [channel, { count, at }] of this.#strangers) {
      const which = count === 1 ? `a message of channel ${channel}` : `${count} messages of channel ${channel}`;
      found.push(`${this.path}: ${which}, which is not defined, in the record at byte ${at} and after it: left out`);
    }
    if (broken !== undefined) {
      const rest = 'after it, only the chunks listed in the summary are read';
      found.unshift(`${this.path}: the record at byte ${broken} does not say how long it is; ${rest}`);
    }
    if (!complete) {
      const rest = cutOff > 0 ? `; its last ${cutOff} bytes are not a whole record` : '';
      found.unshift(`${this.path} has no end: it was cut off, or its recorder was killed${rest}`);
    }
    return found;
  }

  get channels(): readonly BagChannel[] {
    return [...this.#channels.values()];
  }

  *messages(wanted: (topic: string) => boolean): Generator<BagMessage, void> {
    this.#damage.length = 0;
    this.#strangers.clear();
    this.#done = 0;
    const isDefinition = ({ opcode }: RecordPlace): boolean => opcode === opcodes.schema || opcode === opcodes.channel;
    for (const place of this.#records.places.filter(isDefinition)) this.#readPiece(place, wanted);
    yield* merged(this.#pieces, (piece) => {
      this.#done += piece.length;
      return this.#readPiece(piece, wanted).sort(byTime).values();
    });
    this.#done = this.size;
  }

  close(): void {
    this.source.close();
  }

  // Reads the messages of one record and remembers its definitions. A damaged record yields the messages before the
  // damage.
  #readPiece({ offset, length }: RecordPlace, wanted: (topic: string) => boolean): BagMessage[] {
    const found: BagMessage[] = [];
    try {
      const record = bytesAt(this.source, offset, length);
      const inside = record[0] === opcodes.chunk ? this.#unpacked(record.subarray(headerBytes)) : record;
      for (const { opcode, content } of recordsIn(inside)) {
        if (opcode === opcodes.schema) this.#openSchema(schemaRecordOf(content));
        else if (opcode === opcodes.channel) this.#openChannel(content);
        else if (opcode === opcodes.message) {
          const message = this.#message(content, offset, wanted);
          if (message !== undefined) found.push(message);
        }
      }
    } catch (error) {
      const why = reasonOf(error);
      this.#damage.push(`${this.path}: the record at byte ${offset} is damaged and left out from there on: ${why}`);
    }
    return found;
  }

  #unpacked(content: Uint8Array): Uint8Array {
    const { size, checksum, compression, packed } = chunkOf(content);
    const codec = this.codecs.chunk[compression];
    if (compression !== '' && codec === undefined) {
      const known = Object.keys(this.codecs.chunk).join(' or ');
      throw new Error(`its chunk is packed with "${compression}", expected ${known}`);
    }
    const bytes = codec === undefined ? packed : codec(packed, size);
    if (bytes.length !== size) throw new Error(`its chunk has ${bytes.length} bytes, expected ${size}`);
    const found = checksum === 0 ? 0 : crc32(bytes);
    if (found !== checksum) throw new Error(`the checksum of its chunk is ${found}, expected ${checksum}`);
    return bytes;
  }

  // A repeated definition is the same, except in bags joined from several: the first counts.
  #openSchema(schema: SchemaRecord): void {
    if (!this.#schemas.has(schema.id)) this.#schemas.set(schema.id, schema);
  }

  #openChannel(content: Uint8Array): void {
    const { id, topic, messageEncoding, schemaId } = channelOf(content);
    if (this.#channels.has(id)) return;
    const { type: named, encoding: schemaEncoding = '', definition: schema = '' } = this.#schemas.get(schemaId) ?? {};
    const type = longName(named ?? this.types.get(topic) ?? '');
    this.#channels.set(id, { topic, type, messageEncoding, schemaEncoding, schema });
  }

  #message(content: Uint8Array, offset: number, wanted: (topic: string) => boolean): BagMessage | undefined {
    const { channel: id, logTime, data } = messageOf(content);
    const channel = this.#channels.get(id);
    if (channel === undefined) {
      const known = this.#strangers.get(id);
      if (known === undefined) this.#strangers.set(id, { count: 1, at: offset });
      else known.count++;
      return undefined;
    }
    return wanted(channel.topic) ? readMessage(channel, logTime, data, this.codecs) : undefined;
  }
}

const byTime = (a: BagMessage, b: BagMessage): number => (a.logTime < b.logTime ? -1 : Number(a.logTime > b.logTime));

const byStart = (a: RecordPlace, b: RecordPlace): number =>
  a.start === b.start ? a.offset - b.offset : a.start < b.start ? -1 : 1;
