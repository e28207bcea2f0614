import { viewOf } from '../base/bytes.js';
import { headerBytes } from './record-places.js';

// Contents of the MCAP records used here, by mcap.dev/spec. Numbers are little-endian. A text or bytes follow their
// length in four bytes. The stream reader of @mcap/core is not used: it stops at a message with an unknown channel, and
// it would need all channels again before each chunk.

export interface SchemaRecord {
  readonly id: number;
  readonly type: string;
  readonly encoding: string;
  readonly definition: string;
}

export interface ChannelRecord {
  readonly id: number;
  readonly schemaId: number;
  readonly topic: string;
  readonly messageEncoding: string;
}

export interface MessageRecord {
  readonly channel: number;
  readonly logTime: bigint;
  /** A view. */
  readonly data: Uint8Array;
}

export interface ChunkRecord {
  /** Decompressed size of its content [byte]. */
  readonly size: number;
  /** CRC-32 of the content; 0: not computed. */
  readonly checksum: number;
  readonly compression: string;
  readonly packed: Uint8Array;
}

/**
 * Consecutive records.
 *
 * @throws Error where one of them extends beyond the end
 */
export function* recordsIn(bytes: Uint8Array): Generator<{ opcode: number; content: Uint8Array }, void> {
  const view = viewOf(bytes);
  for (let at = 0; at < bytes.length;) {
    const room = bytes.length - at - headerBytes;
    const length = room < 0 ? Infinity : Number(view.getBigUint64(at + 1, true));
    if (length > room) throw new Error(`a record in it extends beyond its end`);
    yield { opcode: bytes[at], content: bytes.subarray(at + headerBytes, at + headerBytes + length) };
    at += headerBytes + length;
  }
}

export function schemaRecordOf(content: Uint8Array): SchemaRecord {
  const fields = new Fields(content);
  return { id: fields.uint16(), type: fields.text(), encoding: fields.text(), definition: fields.text() };
}

export function channelOf(content: Uint8Array): ChannelRecord {
  const fields = new Fields(content);
  return {
    id: fields.uint16(),
    schemaId: fields.uint16(),
    topic: fields.text(),
    messageEncoding: fields.text(),
  };
}

export function messageOf(content: Uint8Array): MessageRecord {
  const view = viewOf(content);
  const dataAt = 22;
  if (content.length < dataAt)
    throw new Error(`a message in it has ${content.length} bytes, expected ${dataAt} or more`);
  return { channel: view.getUint16(0, true), logTime: view.getBigUint64(6, true), data: content.subarray(dataAt) };
}

export function chunkOf(content: Uint8Array): ChunkRecord {
  const fields = new Fields(content);
  fields.uint64();
  fields.uint64();
  const [size, checksum, compression] = [fields.uint64(), fields.uint32(), fields.text()];
  return { size, checksum, compression, packed: fields.bytes(fields.uint64()) };
}

/** Reads fields in their order. */
class Fields {
  readonly #view: DataView;
  #at = 0;

  constructor(readonly content: Uint8Array) {
    this.#view = viewOf(content);
  }

  uint16(): number {
    return this.#view.getUint16(this.#pass(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#pass(4), true);
  }

  uint64(): number {
    return Number(this.#view.getBigUint64(this.#pass(8), true));
  }

  bytes(length: number): Uint8Array {
    const at = this.#pass(length);
    return this.content.subarray(at, at + length);
  }

  text(): string {
    return new TextDecoder().decode(this.bytes(this.uint32()));
  }

  #pass(length: number): number {
    const at = this.#at;
    if (at + length > this.content.length) throw new Error(`a record in it is too short for its fields`);
    this.#at += length;
    return at;
  }
}
