import { parse } from '@foxglove/rosmsg';
import { MessageWriter } from '@foxglove/rosmsg2-serialization';
import zstd from '@foxglove/wasm-zstd';
import { McapWriter } from '@mcap/core';
import sqliteModule, { type Sqlite3Static } from '@sqlite.org/sqlite-wasm';
import { writeCdr } from 'topspark/base/cdr.js';
import type { Random } from 'topspark/base/random.js';
import { toStamp } from 'topspark/base/time.js';
import { schemaOf } from 'topspark/bag/bag-definitions.js';
import { damaged } from './damage.js';
import { fuzzedSensors } from './fuzz-messages.js';
import { once, pick, sizes } from './values.js';

/** Forms of bags to damage: storage and compression. */
export const bagForms = [
  'mcap',
  'mcap lz4',
  'mcap zstd',
  'mcap split',
  'mcap packed',
  'db3',
  'db3 messages',
  'db3 split',
  'db3 packed',
] as const;

/** One of {@link bagForms}. */
export type BagForm = (typeof bagForms)[number];

interface Recorded {
  readonly topic: string;
  readonly type: string;
  readonly time: bigint;
  readonly data: Uint8Array;
}

const scanType = 'sensor_msgs/msg/LaserScan';
const labelType = 'topspark_msgs/msg/Label';
const writers = new Map(
  [scanType, labelType].map((type) => [type, new MessageWriter(parse(schemaOf(type), { ros2: true }))]),
);

/** Kinds of damage to the bytes of a file. */
const harms: readonly ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [
  (bytes, random) => {
    bytes[random.below(bytes.length)] ^= 1 << random.below(8);
    return bytes;
  },
  (bytes, random) => bytes.slice(0, Math.max(1, random.below(bytes.length))),
  (bytes, random) => bytes.fill(random.below(256), ...stretch(bytes, random)),
  // Changes a length, or bytes where one may be.
  (bytes, random) => {
    const at = random.below(Math.max(1, bytes.length - 8));
    if (bytes.length >= 8)
      new DataView(bytes.buffer, bytes.byteOffset).setUint32(
        at,
        pick(random, [...sizes, bytes.length]),
        once(random, 2),
      );
    return bytes;
  },
  // Copies a stretch of the file to another place.
  (bytes, random) => bytes.copyWithin(random.below(bytes.length), ...stretch(bytes, random)),
  (bytes, random) => {
    const [from, to] = stretch(bytes, random);
    return new Uint8Array(Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]));
  },
];

function stretch(bytes: Uint8Array, random: Random): [from: number, to: number] {
  const from = random.below(bytes.length);
  return [from, Math.min(bytes.length, from + 1 + random.below(once(random, 2) ? 16 : 4096))];
}

/**
 * Makes the files of a bag of scans and labels. Some messages are damaged first, then the files.
 *
 * @param count - number of messages
 */
export async function damagedBag(form: BagForm, count: number, random: Random): Promise<Map<string, Uint8Array>> {
  const files = await bagFiles(form, count, random);
  const names = [...files.keys()];
  for (let hits = 1 + random.below(4); hits > 0; hits--) {
    const name = pick(random, names);
    const bytes = files.get(name) ?? new Uint8Array(1);
    if (bytes.length > 0) files.set(name, pick(random, harms)(bytes, random));
  }
  return files;
}

/** The same, but the files stay whole. */
export async function bagFiles(form: BagForm, count: number, random: Random): Promise<Map<string, Uint8Array>> {
  await zstd.isLoaded;
  return filesOf(form, recorded(count, random));
}

function recorded(count: number, random: Random): Recorded[] {
  return Array.from({ length: count }, (_, k) => {
    const time = BigInt(k) * 20_000_000n;
    const sample = k % 7 !== 6;
    const [topic, type] = sample ? ['/scan', scanType] : ['/label', labelType];
    // A label refers to the scan before it.
    const header = { stamp: toStamp(sample ? time : time - 20_000_000n), frame_id: 'fuzz' };
    const fields = sample ? fuzzedSensors['scan'].message(random) : { label: `class ${k % 3}` };
    const writer = writers.get(type);
    const data = writer === undefined ? new Uint8Array() : writeCdr(writer, { header, ...fields });
    return { topic, type, time, data: damaged(data, random).slice() };
  });
}

async function filesOf(form: BagForm, messages: readonly Recorded[]): Promise<Map<string, Uint8Array>> {
  const [storage, way = ''] = form.split(' ');
  const parts =
    way === 'split' ? [messages.slice(0, messages.length >> 1), messages.slice(messages.length >> 1)] : [messages];
  const files = new Map<string, Uint8Array>();
  for (const [k, part] of parts.entries()) {
    const bytes = storage === 'mcap' ? await mcap(part, way) : await sqlite(part, way);
    files.set(`bag_${k}.${storage}${way === 'packed' ? '.zstd' : ''}`, way === 'packed' ? packed(bytes) : bytes);
  }
  files.set('metadata.yaml', Buffer.from(metadata(storage, [...files.keys()])));
  return files;
}

const packed = (bytes: Uint8Array): Uint8Array => new Uint8Array(zstd.compress(bytes));

async function mcap(messages: readonly Recorded[], way: string): Promise<Uint8Array> {
  const written: Uint8Array[] = [];
  let position = 0n;
  const pack = { lz4: lz4Frame, zstd: packed }[way];
  const writer = new McapWriter({
    writable: {
      position: () => position,
      write: (bytes) => {
        written.push(bytes.slice());
        position += BigInt(bytes.length);
        return Promise.resolve();
      },
    },
    chunkSize: 4096,
    ...(pack && { compressChunk: (chunk) => ({ compression: way, compressedData: pack(chunk) }) }),
  });
  await writer.start({ profile: 'ros2', library: 'fuzz' });
  const channels = new Map<string, number>();
  for (const { topic, type, time, data } of messages) {
    let channelId = channels.get(topic);
    if (channelId === undefined) {
      const schema = { name: type, encoding: 'ros2msg', data: new TextEncoder().encode(schemaOf(type)) };
      const schemaId = await writer.registerSchema(schema);
      channelId = await writer.registerChannel({ topic, messageEncoding: 'cdr', schemaId, metadata: new Map() });
      channels.set(topic, channelId);
    }
    await writer.addMessage({ channelId, sequence: 0, logTime: time, publishTime: time, data });
  }
  await writer.end();
  return new Uint8Array(Buffer.concat(written));
}

/**
 * Makes an LZ4 frame with uncompressed blocks of 64 KiB. The reader takes the same way, and no compressor is needed.
 */
function lz4Frame(chunk: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < chunk.length; at += 65_536) {
    const block = chunk.subarray(at, at + 65_536);
    blocks.push(new Uint8Array(Uint32Array.of((2 ** 31 + block.length) >>> 0).buffer), block);
  }
  return new Uint8Array(Buffer.concat([Buffer.from('04224d18604082', 'hex'), ...blocks, Buffer.alloc(4)]));
}

let sqliteLoaded: Promise<Sqlite3Static> | undefined;

async function sqlite(messages: readonly Recorded[], way: string): Promise<Uint8Array> {
  const { oo1, capi } = await (sqliteLoaded ??= sqliteModule());
  const database = new oo1.DB(':memory:');
  try {
    database.exec([
      'CREATE TABLE topics(id INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, serialization_format TEXT NOT NULL, offered_qos_profiles TEXT NOT NULL);',
      'CREATE TABLE messages(id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL, timestamp INTEGER NOT NULL, data BLOB NOT NULL);',
      'CREATE INDEX timestamp_idx ON messages (timestamp ASC); BEGIN;',
    ]);
    for (const [id, [topic, type]] of [
      ['/scan', scanType],
      ['/label', labelType],
    ].entries()) {
      database.exec('INSERT INTO topics VALUES (?, ?, ?, ?, ?)', { bind: [id + 1, topic, type, 'cdr', ''] });
    }
    const insert = database.prepare('INSERT INTO messages (topic_id, timestamp, data) VALUES (?, ?, ?)');
    for (const { topic, time, data } of messages) {
      insert.bind([topic === '/scan' ? 1 : 2, time, way === 'messages' ? packed(data) : data]).stepReset();
    }
    insert.finalize();
    database.exec('COMMIT');
    return capi.sqlite3_js_db_export(database).slice();
  } finally {
    database.close();
  }
}

function metadata(storage: string, files: readonly string[]): string {
  const topics = [
    ['/scan', scanType],
    ['/label', labelType],
  ].map(
    ([name, type]) =>
      `  - topic_metadata: {name: ${name}, type: ${type}, serialization_format: cdr}\n    message_count: 1\n`,
  );
  return [
    'rosbag2_bagfile_information:\n  version: 5\n',
    `  storage_identifier: ${storage === 'mcap' ? 'mcap' : 'sqlite3'}\n`,
    `  relative_file_paths:\n${files.map((name) => `  - ${name}\n`).join('')}`,
    `  topics_with_message_count:\n${topics.join('')}`,
  ].join('');
}
