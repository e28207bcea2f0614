import { closeSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { McapRecordBuilder, McapStreamReader, type McapTypes } from '@mcap/core';
import { TopsparkError } from '../base/errors.js';
import { openRegularFile, type OpenFile } from '../base/regular-file.js';
import { loadChunkCodecs, type ChunkCodecs } from './chunk-codecs.js';
import { findRecords, opcodes, type RecordPlace, type RecordPlaces } from './record-places.js';

/** A topic of a bag. */
export interface BagChannel {
  readonly topic: string;
  /** Name of the message type: `sensor_msgs/msg/Image`. */
  readonly type: string;
  /** Encoding of messages (`cdr`) and of the schema (`ros2msg`). */
  readonly messageEncoding: string;
  readonly schemaEncoding: string;
  /** Definition of the type, with those that it is made of. */
  readonly schema: string;
}

/** A message as it was recorded. */
export interface BagMessage {
  readonly channel: BagChannel;
  /** When it was recorded [ns]: the time by which a bag is read. */
  readonly logTime: bigint;
  /** The serialised message; a view that the receiver may keep. */
  readonly data: Uint8Array;
}

/**
 * Reads a ROS 2 bag (MCAP) in the order of its log times. What is damaged is left out and told in
 * {@link BagReader.problems}; everything else is read. Nothing is held in memory but chunks whose times overlap.
 */
export class BagReader {
  /** What could not be read, a sentence each, as far as the bag was read. */
  readonly problems: string[] = [];
  /** Bytes of the file. */
  readonly size: number;
  readonly #file: number;
  readonly #records: RecordPlaces;
  readonly #schemas = new Map<number, McapTypes.Schema>();
  readonly #channels = new Map<number, { readonly record: McapTypes.Channel; readonly channel: BagChannel }>();

  private constructor(
    readonly path: string,
    readonly codecs: ChunkCodecs,
  ) {
    const { descriptor, size } = open(path);
    this.#file = descriptor;
    this.size = size;
    try {
      this.#records = findRecords(this.#file, this.size, path);
    } catch (error) {
      this.close();
      throw error;
    }
    const { complete, cutOff, broken } = this.#records;
    if (broken !== undefined) {
      const rest = 'of what stands behind it only the chunks that the summary names are read';
      this.problems.push(`${path}: the record at byte ${broken} does not say how long it is; ${rest}`);
    }
    if (!complete) {
      const rest = cutOff > 0 ? `; its last ${cutOff} bytes are no whole record` : '';
      this.problems.push(`${path} has no end: it was cut off, or its recorder was killed${rest}`);
    }
  }

  /** @throws {@link TopsparkError} `bag_unreadable`, `not_a_bag` */
  static async open(path: string): Promise<BagReader> {
    return new BagReader(path, await loadChunkCodecs());
  }

  /** Messages by log time; those of one time in the order of the file. */
  *messages(): Generator<BagMessage, void> {
    const isDefinition = ({ opcode }: RecordPlace): boolean => opcode === opcodes.schema || opcode === opcodes.channel;
    for (const place of this.#records.places.filter(isDefinition)) this.#readPiece(place);
    const holdsMessages = ({ opcode }: RecordPlace): boolean => opcode === opcodes.message || opcode === opcodes.chunk;
    const pieces = this.#records.places.filter(holdsMessages).sort(byStart);
    let waiting: BagMessage[] = [];
    for (const piece of pieces) {
      // Nothing that starts later can come before these.
      const ready = waiting.findIndex(({ logTime }) => logTime >= piece.start);
      yield* ready < 0 ? waiting : waiting.slice(0, ready);
      waiting = ready < 0 ? [] : waiting.slice(ready);
      waiting.push(...this.#readPiece(piece));
      waiting.sort((a, b) => (a.logTime < b.logTime ? -1 : Number(a.logTime > b.logTime)));
    }
    yield* waiting;
  }

  close(): void {
    closeSync(this.#file);
  }

  // The messages of one record; definitions in it are remembered. Of a damaged one, those before the damage.
  #readPiece({ offset, length }: RecordPlace): BagMessage[] {
    const bytes = new Uint8Array(length);
    readSync(this.#file, bytes, 0, length, offset);
    // A new one for every piece: it keeps no buffer that messages are views of, and is of no use after an error.
    const reader = new McapStreamReader({ decompressHandlers: this.codecs, noMagicPrefix: true });
    const found: BagMessage[] = [];
    try {
      reader.append(this.#channelRecords());
      reader.append(bytes);
      for (let record = reader.nextRecord(); record !== undefined; record = reader.nextRecord()) {
        if (record.type === 'Schema') this.#schemas.set(record.id, record);
        else if (record.type === 'Channel') this.#openChannel(record);
        else if (record.type === 'Message') found.push(this.#message(record));
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.problems.push(`${this.path}: the record at byte ${offset} is damaged and left out from there on: ${why}`);
    }
    return found;
  }

  // Channels are defined once, in the first chunk that uses them; every reader must know them all.
  #channelRecords(): Uint8Array {
    const builder = new McapRecordBuilder();
    for (const { record } of this.#channels.values()) builder.writeChannel(record);
    return builder.buffer;
  }

  #openChannel(record: McapTypes.Channel): void {
    if (this.#channels.has(record.id)) return;
    const { topic, messageEncoding, schemaId } = record;
    const { name: type = '', encoding: schemaEncoding = '', data } = this.#schemas.get(schemaId) ?? {};
    const schema = new TextDecoder().decode(data);
    this.#channels.set(record.id, { record, channel: { topic, type, messageEncoding, schemaEncoding, schema } });
  }

  #message({ channelId, logTime, data }: McapTypes.Message): BagMessage {
    const known = this.#channels.get(channelId);
    if (known === undefined) throw new Error(`a message of channel ${channelId}, which is not defined`);
    return { channel: known.channel, logTime, data };
  }
}

function open(path: string): OpenFile {
  try {
    if (statSync(path).isDirectory()) throw new Error(`${path} is a folder, expected ${filesIn(path)}`);
    return openRegularFile(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TopsparkError('bag_unreadable', 'data', `the bag cannot be read: ${why}`, { cause: error });
  }
}

// `ros2 bag record` makes a folder, and in it a file for every piece of the recording.
function filesIn(folder: string): string {
  const files = readdirSync(folder).filter((name) => name.endsWith('.mcap'));
  const named = files.slice(0, 3).map((name) => join(folder, name));
  if (files.length > named.length) named.push('…');
  return named.length > 0 ? `a file in it: ${named.join(', ')}` : 'an MCAP file, of which it has none';
}

const byStart = (a: RecordPlace, b: RecordPlace): number =>
  a.start === b.start ? a.offset - b.offset : a.start < b.start ? -1 : 1;
