import { copyFileSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '@foxglove/rosmsg';
import { McapWriter, TempBuffer } from '@mcap/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BagReader, type BagMessage } from '../../src/bag/bag-reader.js';
import { BagWriter } from '../../src/bag/bag-writer.js';
import { definitions, schemaOf } from '../../src/bag/bag-definitions.js';
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
  // Noise, so that chunks do not shrink to nothing.
  for (let at = 0; at < bytes; at++) data[at] = (at * at * 31 + k * 7919 + (at >> 3) * 13) & 255;
  return { header: header(k), ...fields, data };
};

beforeAll(async () => {
  const bag = await BagWriter.create(whole);
  for (let k = 0; k < 12; k++) {
    await bag.write('/image', imageType, BigInt(k) * second, image(k));
    await bag.write('/label', labelType, BigInt(k) * second + 5n, { header: header(k), label: `class ${k}` });
  }
  await bag.close();
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function readAll(path: string): Promise<{ messages: BagMessage[]; problems: string[] }> {
  const bag = await BagReader.open(path);
  const messages = [...bag.messages()];
  bag.close();
  return { messages, problems: bag.problems };
}

const chunksOf = (path: string): { offset: number; length: number }[] =>
  findRecords(openSync(path, 'r'), statSync(path).size, path).places.filter(({ opcode }) => opcode === opcodes.chunk);

describe('a bag', () => {
  it('is read as it was written, by log time', async () => {
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
    expect(decoder.decode(messages[7])).toEqual({ header: header(3), label: 'class 3' });
  });

  it('has its name only once it is whole', async () => {
    const path = join(folder, 'unfinished.mcap');
    const bag = await BagWriter.create(path);
    await bag.write('/label', labelType, 0n, { header: header(0), label: 'a' });
    expect(existsSync(path)).toBe(false);
    bag.discard();
    expect(existsSync(`${path}.partial`)).toBe(false);
  });

  it('gives what was recorded out of order by log time', async () => {
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
  it('gives everything but the chunk that is damaged', async () => {
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

  it('gives what stands before the place where it was cut off', async () => {
    const path = join(folder, 'cut.mcap');
    copyFileSync(whole, path);
    const chunks = chunksOf(path);
    truncateSync(path, chunks[2].offset + 1000);
    const { messages, problems } = await readAll(path);
    expect(problems).toEqual([
      `${path} has no end: it was cut off, or its recorder was killed; its last 1000 bytes are no whole record`,
    ]);
    const { messages: all } = await readAll(whole);
    expect(messages.length).toBeGreaterThan(3);
    expect(messages.map(({ logTime }) => logTime)).toEqual(all.slice(0, messages.length).map(({ logTime }) => logTime));
  });

  it.each([
    ['too long', (bytes: Buffer, at: number) => bytes.fill(0xff, at + 1, at + 9)],
    ['too short', (bytes: Buffer, at: number) => bytes.writeBigUInt64LE(20n, at + 1)],
    ['zeroed, with all else of a page', (bytes: Buffer, at: number) => bytes.fill(0, at, at + 4096)],
  ])('gives what the summary names behind a record whose length is %s', async (_, damage) => {
    const path = join(folder, 'length.mcap');
    const bytes = readFileSync(whole);
    const [, broken] = chunksOf(whole);
    damage(bytes, broken.offset);
    writeFileSync(path, bytes);
    const { messages, problems } = await readAll(path);
    expect(problems.join('\n')).toMatch(/the record at byte \d+ does not say how long it is/);
    const { messages: all } = await readAll(whole);
    const lost = all.filter(({ logTime }) => !messages.some((each) => each.logTime === logTime));
    // Those of one chunk: 400 kB and a bit are four images.
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.length).toBeLessThan(all.length / 2);
    expect(messages.at(-1)).toMatchObject({ logTime: 11n * second + 5n });
  });

  it('is refused where it is none', async () => {
    const path = join(folder, 'text.mcap');
    writeFileSync(path, 'hello, this is text');
    await expect(BagReader.open(path)).rejects.toMatchObject({ code: 'not_a_bag', kind: 'data' });
    writeFileSync(path, '');
    await expect(BagReader.open(path)).rejects.toMatchObject({ code: 'not_a_bag' });
    await expect(BagReader.open(join(folder, 'absent.mcap'))).rejects.toMatchObject({ code: 'bag_unreadable' });
  });

  it.each([
    ['SQLite format 3\0', '`ros2 bag convert` makes it MCAP'],
    ['#ROSBAG V2.0\n', 'a bag of ROS 1'],
    [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 4, 0, 1, 2), '`zstd -d` unpacks it'],
  ])('is refused with what to do where it is %j', async (content, words) => {
    const path = join(folder, 'other.bag');
    writeFileSync(path, content);
    await expect(BagReader.open(path)).rejects.toThrow(words);
  });

  it('is named where the folder was given that a recorder made', async () => {
    const recording = join(folder, 'recording');
    mkdirSync(recording);
    await expect(BagReader.open(recording)).rejects.toThrow('an MCAP file, of which it has none');
    for (const k of [0, 1]) copyFileSync(whole, join(recording, `recording_${k}.mcap`));
    await expect(BagReader.open(recording)).rejects.toMatchObject({
      code: 'bag_unreadable',
      message: expect.stringMatching(/recording is a folder, expected a file in it: .*_0\.mcap, .*_1\.mcap$/) as string,
    });
  });

  it('refuses a message whose body is cut off, and one that is not CDR', async () => {
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
    const channel = { ...messages[0].channel, schemaEncoding: 'ros2idl' };
    expect(() => decoder.decode({ ...messages[0], channel })).toThrow('expected cdr with ros2msg');
  });

  it.each([
    ['is none', () => '', 'it has no field std_msgs/Header header'],
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

  it('is read whatever form the names in its definitions have, and whatever else a message holds', async () => {
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
  it.each(['Label', 'Decision', 'Features'])('say the same as msgs/msg/%s.msg', (name) => {
    const theirs = readFileSync(`msgs/msg/${name}.msg`, 'utf8');
    const withParts = `${theirs}\n${schemaOf(`topspark_msgs/msg/${name}`).replace(/^[^=]*/, '')}`;
    const [mine] = parse(schemaOf(`topspark_msgs/msg/${name}`), { ros2: true });
    expect(mine.definitions).toEqual(parse(withParts, { ros2: true })[0].definitions);
  });

  it.each(Object.keys(definitions))('%s has all its parts', (type) => {
    expect(() => parse(schemaOf(type), { ros2: true })).not.toThrow();
  });
});
