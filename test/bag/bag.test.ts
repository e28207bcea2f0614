import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '@foxglove/rosmsg';
import { MessageWriter } from '@foxglove/rosmsg2-serialization';
import { McapWriter, TempBuffer } from '@mcap/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BagReader } from '../../src/bag/bag-reader.js';
import type { BagMessage } from '../../src/bag/bag-file.js';
import { fileBytes } from '../../src/bag/byte-source.js';
import { writeCdr } from '../../src/base/cdr.js';
import { sensorKinds } from '../../src/sensing/sensor-kinds.js';
import { BagWriter } from '../../src/bag/bag-writer.js';
import { schemaOf } from '../../src/bag/bag-definitions.js';
import { MessageDecoder } from '../../src/bag/message-decoder.js';
import { findRecords, opcodes } from '../../src/bag/record-places.js';

const folder = mkdtempSync(join(tmpdir(), 'topspark-bag-'));
const whole = join(folder, 'whole.mcap');
const second = 1_000_000_000n;
const labelType = 'topspark_msgs/msg/Label';
const imageType = 'sensor_msgs/msg/Image';

const header = (k: number): object => ({ stamp: { sec: k, nanosec: 7 }, frame_id: 'camera' });
const image = (k: number, bytes = 100_000): { header: object; data: Uint8Array } => {
  const fields = { height: 1, width: bytes, encoding: 'mono8', is_bigendian: 0, step: bytes };
  const data = new Uint8Array(bytes);
  // Noise, so that chunks do not compress to nothing.
  for (let at = 0; at < bytes; at++) data[at] = (at * at * 31 + k * 7919 + (at >> 3) * 13) & 255;
  return { header: header(k), ...fields, data };
};

beforeAll(async () => {
  const bag = await BagWriter.create(whole);
  for (let k = 0; k < 12; k++) {
    await bag.write('/image', imageType, BigInt(k) * second, image(k));
    await bag.write('/label', labelType, BigInt(k) * second + 5n, { header: header(k), label: `class ${k}`, kind: 0 });
  }
  await bag.close();
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function readAll(path: string): Promise<{ messages: BagMessage[]; problems: readonly string[] }> {
  const bag = await BagReader.open(path);
  const messages = [...bag.messages()];
  bag.close();
  return { messages, problems: bag.problems };
}

const chunksOf = (path: string): { offset: number; length: number }[] =>
  findRecords(fileBytes(path)).places.filter(({ opcode }) => opcode === opcodes.chunk);

describe('a bag', () => {
  it('is read back as it was written, by log time', async () => {
    const { messages, problems } = await readAll(whole);
    expect(problems).toEqual([]);
    expect(messages.map(({ channel, logTime }) => [channel.topic, logTime])).toEqual(
      Array.from({ length: 12 }, (_, k) => BigInt(k) * second).flatMap((time) => [
        ['/image', time],
        ['/label', time + 5n],
      ]),
    );
    const decoder = new MessageDecoder();
    const { data, ...others } = decoder.decode(messages[6]) as { data: Uint8Array };
    const { data: pixels, ...expected } = image(3);
    expect(others).toEqual(expected);
    expect(Buffer.compare(data, pixels)).toBe(0);
    expect(decoder.decode(messages[7])).toEqual({ header: header(3), label: 'class 3', kind: 0 });
  });

  it('gets its name only once it is whole', async () => {
    const path = join(folder, 'unfinished.mcap');
    const bag = await BagWriter.create(path);
    await bag.write('/label', labelType, 0n, { header: header(0), label: 'a' });
    expect(existsSync(path)).toBe(false);
    bag.discard();
    expect(existsSync(`${path}.partial`)).toBe(false);
  });

  it('returns messages recorded out of order by log time', async () => {
    const buffer = new TempBuffer();
    const writer = new McapWriter({ writable: buffer, chunkSize: 64 });
    await writer.start({ profile: 'ros2', library: 'test' });
    const schemaId = await writer.registerSchema({ name: labelType, encoding: 'ros2msg', data: new Uint8Array() });
    const channel = { topic: '/label', messageEncoding: 'cdr', schemaId, metadata: new Map<string, string>() };
    const channelId = await writer.registerChannel(channel);
    const times = [5n, 1n, 9n, 3n, 3n, 20n, 12n, 11n, 0n];
    for (const [sequence, logTime] of times.entries()) {
      const data = new Uint8Array(24).fill(sequence);
      await writer.addMessage({ channelId, sequence, logTime, publishTime: logTime, data });
    }
    await writer.end();
    const path = join(folder, 'disorder.mcap');
    writeFileSync(path, buffer.get());
    expect(chunksOf(path).length).toBeGreaterThan(2);
    const { messages } = await readAll(path);
    expect(messages.map(({ logTime }) => logTime)).toEqual([0n, 1n, 3n, 3n, 5n, 9n, 11n, 12n, 20n]);
    expect(messages.slice(2, 4).map(({ data }) => data[0])).toEqual([3, 4]);
  });
});

describe('a damaged bag', () => {
  it('returns everything but the damaged chunk', async () => {
    const path = join(folder, 'damaged.mcap');
    copyFileSync(whole, path);
    const chunks = chunksOf(path);
    expect(chunks.length).toBeGreaterThan(2);
    const bytes = readFileSync(path);
    bytes.fill(0xa5, chunks[0].offset + 200, chunks[0].offset + 1200);
    writeFileSync(path, bytes);
    const { messages, problems } = await readAll(path);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`the record at byte ${chunks[0].offset} is damaged`);
    expect(messages.length).toBeGreaterThan(10);
    expect(messages.length).toBeLessThan(24);
  });

  it('returns what stands before the point of truncation', async () => {
    const path = join(folder, 'cut.mcap');
    copyFileSync(whole, path);
    const chunks = chunksOf(path);
    truncateSync(path, chunks[2].offset + 1000);
    const { messages, problems } = await readAll(path);
    expect(problems).toEqual([
      `${path} has no end: it was cut off, or its recorder was killed; its last 1000 bytes are not a whole record`,
    ]);
    const { messages: all } = await readAll(whole);
    expect(messages.length).toBeGreaterThan(3);
    expect(messages.map(({ logTime }) => logTime)).toEqual(all.slice(0, messages.length).map(({ logTime }) => logTime));
  });

  it.each([
    ['too long', false, (bytes: Buffer, at: number) => bytes.fill(0xff, at + 1, at + 9)],
    ['too short', true, (bytes: Buffer, at: number) => bytes.writeBigUInt64LE(20n, at + 1)],
    ['zeroed, with all else of a page', true, (bytes: Buffer, at: number) => bytes.fill(0, at, at + 4096)],
  ])('returns what the summary lists after a record whose length is %s', async (_, costs, damage) => {
    const path = join(folder, 'length.mcap');
    const bytes = readFileSync(whole);
    const [, broken] = chunksOf(whole);
    damage(bytes, broken.offset);
    writeFileSync(path, bytes);
    const { messages, problems } = await readAll(path);
    expect(problems.join('\n')).toMatch(/the record at byte \d+ does not say how long it is/);
    const { messages: all } = await readAll(whole);
    const lost = all.filter(({ logTime }) => !messages.some((each) => each.logTime === logTime));
    // The loss is one chunk: 400 kB and a bit are four images. The summary has the length of a chunk that is whole.
    expect(lost.length > 0).toBe(costs);
    expect(lost.length).toBeLessThan(all.length / 2);
    expect(messages.at(-1)).toMatchObject({ logTime: 11n * second + 5n });
  });

  it('is refused when the file is no bag', async () => {
    const path = join(folder, 'text.mcap');
    writeFileSync(path, 'hello, this is text');
    await expect(BagReader.open(path)).rejects.toMatchObject({ code: 'not_a_bag', kind: 'data' });
    writeFileSync(path, '');
    await expect(BagReader.open(path)).rejects.toMatchObject({ code: 'not_a_bag' });
    await expect(BagReader.open(join(folder, 'absent.mcap'))).rejects.toMatchObject({ code: 'bag_unreadable' });
  });

  it.each([
    ['SQLite format 3\0', 'a database of SQLite whose tables cannot be read'],
    ['#ROSBAG V2.0\n', 'a bag of ROS 1'],
    [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 4, 0, 1, 2), 'is packed with zstd and cannot be unpacked'],
  ])('is refused with what to do when the file is %j', async (content, words) => {
    const path = join(folder, 'other.bag');
    writeFileSync(path, content);
    await expect(BagReader.open(path)).rejects.toThrow(words);
  });

  it('reports what a folder without a bag lacks', async () => {
    const recording = join(folder, 'recording');
    mkdirSync(recording);
    await expect(BagReader.open(recording)).rejects.toMatchObject({
      code: 'bag_unreadable',
      message: expect.stringMatching(/to have a file that ends in \.mcap, \.db3, .*, and it has none/) as string,
    });
  });

  it('returns all but the messages of an undefined channel, and counts those', async () => {
    const buffer = new TempBuffer();
    const writer = new McapWriter({ writable: buffer, chunkSize: 2 ** 20 });
    await writer.start({ profile: 'ros2', library: 'test' });
    const schemaId = await writer.registerSchema({ name: labelType, encoding: 'ros2msg', data: new Uint8Array() });
    const channel = { topic: '/label', messageEncoding: 'cdr', schemaId, metadata: new Map<string, string>() };
    const channelId = await writer.registerChannel(channel);
    for (let sequence = 0; sequence < 9; sequence++) {
      const logTime = BigInt(sequence);
      await writer.addMessage({ channelId, sequence, logTime, publishTime: logTime, data: new Uint8Array(8) });
    }
    await writer.end();
    const path = join(folder, 'stranger.mcap');
    const bytes = Buffer.from(buffer.get());
    // The records of two messages name another channel. The chunk has a checksum; 0 means that none was computed.
    const [chunk] = mcapRecords(bytes, 8).filter(({ opcode }) => opcode === opcodes.chunk);
    bytes.writeUInt32LE(0, chunk.at + 9 + 24);
    const messages = mcapRecords(bytes, chunk.at + 9 + 40).filter(({ opcode }) => opcode === opcodes.message);
    for (const { at } of messages.slice(3, 5)) bytes.writeUInt16LE(77, at + 9);
    writeFileSync(path, bytes);
    const { messages: found, problems } = await readAll(path);
    expect(found.map(({ logTime }) => Number(logTime))).toEqual([0, 1, 2, 5, 6, 7, 8]);
    expect(problems).toEqual([expect.stringContaining('2 messages of channel 77, which is not defined') as string]);
  });

  it('refuses a truncated message, and one that is not CDR', async () => {
    const { messages } = await readAll(whole);
    const decoder = new MessageDecoder();
    for (const length of [0, 3, 4, 20, 99_999]) {
      const cut = { ...messages[0], data: messages[0].data.slice(0, length) };
      expect(() => decoder.decode(cut), `${length} bytes`).toThrow(
        /sensor_msgs\/msg\/Image recorded at 0 ns is damaged/,
      );
    }
    const inChunk = { ...messages[0], data: messages[0].data.subarray(0, 99_999) };
    expect(() => decoder.decode(inChunk), 'the chunk goes on behind it').toThrow('is damaged');
    const channel = { ...messages[0].channel, messageEncoding: 'json' };
    expect(() => decoder.decode({ ...messages[0], channel })).toThrow('expected cdr with ros2msg');
  });

  it.each([
    ['is that of another type', () => 'string data', 'it has no field std_msgs/Header header'],
    ['cannot be read', () => 'float32 ((((', "Could not parse line: 'float32 (((('"],
    ['has another name for a field', (s: string) => s.replace('string label', 'string lebel'), 'no field string label'],
    ['has a type that there is not', (s: string) => s.replace('uint32 nano', 'uint74 nano'), "'uint74'"],
  ])('refuses messages whose definition %s', async (_, damage, words) => {
    const [, label] = (await readAll(whole)).messages;
    const channel = { ...label.channel, schema: damage(label.channel.schema) };
    const decode = (): unknown => new MessageDecoder().decode({ ...label, channel });
    expect(decode).toThrow(expect.objectContaining({ code: 'bag_schema', kind: 'data' }) as Error);
    expect(decode).toThrow(words);
  });

  it('is read whatever form the names in its definitions have, and whatever else a message contains', async () => {
    const [, label] = (await readAll(whole)).messages;
    const schema = label.channel.schema
      .replaceAll('std_msgs/Header', 'std_msgs/msg/Header')
      .replace('string label', 'uint8 KINDS=3 # a comment\nstring label');
    expect(new MessageDecoder().decode({ ...label, channel: { ...label.channel, schema } })).toMatchObject({
      label: 'class 0',
    });
  });
});

describe('definitions of messages', () => {
  it.each(['Label', 'Decision', 'Features'])('agree with msgs/msg/%s.msg', (name) => {
    const theirs = readFileSync(`msgs/msg/${name}.msg`, 'utf8');
    const withParts = `${theirs}\n${schemaOf(`topspark_msgs/msg/${name}`).replace(/^[^=]*/, '')}`;
    const [mine] = parse(schemaOf(`topspark_msgs/msg/${name}`), { ros2: true });
    // Constants are not on the wire.
    const fields = parse(withParts, { ros2: true })[0].definitions.filter(({ isConstant }) => isConstant !== true);
    expect(mine.definitions).toEqual(fields);
  });

  it.each([...sensorKinds.map(({ type }) => type), 'sensor_msgs/msg/BatteryState', labelType])(
    '%s is complete, and reads what was written without a definition',
    (type) => {
      const schema = schemaOf(type);
      expect(() => parse(schema, { ros2: true })).not.toThrow();
      const data = writeCdr(new MessageWriter(parse(schema, { ros2: true })), { header: header(3) });
      const read = (text: string, schemaEncoding: string): unknown => {
        const channel = { topic: '/t', type, messageEncoding: 'cdr', schemaEncoding, schema: text };
        return new MessageDecoder().decode({ channel, logTime: 0n, data });
      };
      expect(read('', '')).toEqual(read(schema, 'ros2msg'));
      expect(read('', 'unknown')).toEqual(read(schema, 'ros2msg'));
    },
  );

  describe('read a Decision of topspark 0.2.0', () => {
    const type = 'topspark_msgs/msg/Decision';
    const fields = [
      'std_msgs/Header header',
      'string label',
      'float32 confidence',
      'string[] classes',
      'float32[] scores',
    ]
      .concat(['uint16 timesteps', 'uint16 timesteps_run', 'float32 latency', 'float32 energy', 'bool learned'])
      .join('\n');
    const parts = schemaOf(type).slice(schemaOf(type).indexOf('\n====') + 1);
    const schema = `${fields}\n${parts}`;
    const decision = {
      header: header(3),
      label: 'kitchen',
      confidence: 0.5,
      classes: ['kitchen'],
      scores: [2],
      timesteps: 35,
    };
    const data = writeCdr(new MessageWriter(parse(schema, { ros2: true })), {
      ...decision,
      timesteps_run: 35,
      latency: 0,
      energy: 0,
      learned: true,
    });

    it.each([
      ['with its definition', 'ros2msg', schema],
      ['without a definition', '', ''],
    ])('%s', (_, schemaEncoding, stored) => {
      const channel = { topic: '/topspark/decision', type, messageEncoding: 'cdr', schemaEncoding, schema: stored };
      expect(new MessageDecoder().decode({ channel, logTime: 0n, data })).toMatchObject({
        label: 'kitchen',
        learned: true,
      });
    });
  });

  it('read a Range of ROS 2 Humble, which has no variance, when the bag has no definition', () => {
    const schema = schemaOf('sensor_msgs/msg/Range').replace('float32 variance\n', '');
    const data = writeCdr(new MessageWriter(parse(schema, { ros2: true })), { header: header(3), range: 2 });
    const type = 'sensor_msgs/msg/Range';
    const channel = { topic: '/range', type, messageEncoding: 'cdr', schemaEncoding: '', schema: '' };
    expect(new MessageDecoder().decode({ channel, logTime: 0n, data })).toMatchObject({ header: header(3), range: 2 });
  });
});

/** Consecutive records, as many as there are. */
function mcapRecords(bytes: Buffer, from: number): { opcode: number; at: number }[] {
  const found = [];
  for (let at = from; at + 9 <= bytes.length && bytes[at] !== 0; at += 9 + Number(bytes.readBigUInt64LE(at + 1))) {
    found.push({ opcode: bytes[at], at });
  }
  return found;
}
