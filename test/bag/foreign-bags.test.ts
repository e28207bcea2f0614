import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { TopsparkError } from '../../src/base/errors.js';
import { Random } from '../../src/base/random.js';
import { BagReader } from '../../src/bag/bag-reader.js';
import { bagTopics } from '../../src/bag/bag-topics.js';
import { MessageDecoder } from '../../src/bag/message-decoder.js';
import { listOf } from '../../src/cli/replay-list.js';
import { Replay, type ReplayResult } from '../../src/cli/replay-run.js';
import { agentSettings } from '../../src/node/settings-of-parameters.js';
import { offlineParameters } from '../../src/node/offline-parameters.js';
import { parameterTable } from '../../src/node/parameter-table.js';
import { sensorKind } from '../../src/sensing/sensor-kinds.js';

// Bags that other software made of the same ten scans and labels: fixtures/make.py says how.
const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'topspark-foreign-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Recorded {
  readonly header: { readonly stamp: { readonly sec: number; readonly nanosec: number }; readonly frame_id: string };
  readonly ranges?: Float32Array;
  readonly label?: string;
}

const begin = 1_700_000_000_000_000_000n;
const recorded = Array.from({ length: 10 }, (_, k) => {
  const header = { stamp: { sec: 1_700_000_000, nanosec: k * 100_000_000 }, frame_id: 'laser' };
  const time = begin + BigInt(k) * 100_000_000n;
  const ranges = Array.from({ length: 12 }, (_, beam) => (k + beam) / 4);
  return [
    { topic: '/scan', time, header, ranges },
    { topic: '/label', time: time + 1000n, header, label: ['even', 'odd'][k % 2] },
  ];
}).flat();

async function heard(...paths: string[]): Promise<{ found: object[]; problems: readonly string[] }> {
  const bag = await BagReader.open(paths);
  const decoder = new MessageDecoder();
  const found = [...bag.messages()].map((message) => {
    const { header, ranges, label } = decoder.decode(message) as Recorded;
    const { topic } = message.channel;
    return { topic, time: message.logTime, header, ...(ranges ? { ranges: [...ranges] } : { label }) };
  });
  const { problems } = bag;
  bag.close();
  return { found, problems };
}

async function replayed(...paths: string[]): Promise<ReplayResult> {
  const settings = agentSettings(offlineParameters({ set: ['sensors:=[scan]'] }, '/topspark', parameterTable));
  const bag = await BagReader.open(paths);
  try {
    const replay = new Replay({ settings, topics: bagTopics([sensorKind('scan')], '/', []), mode: 'FULL', rate: 0 });
    return await replay.run(bag, undefined, () => undefined);
  } finally {
    bag.close();
  }
}

const bags: [what: string, ...paths: string[]][] = [
  ['MCAP with chunks in lz4', 'lz4.mcap'],
  ['MCAP without definitions of its types', 'no-definitions.mcap'],
  ['MCAP whose messages are each packed with zstd', 'mcap-messages'],
  ['MCAP in two files, as a folder', 'split-mcap'],
  ['MCAP in two files, named in the wrong order', 'split-mcap/split-mcap_1.mcap', 'split-mcap/split-mcap_0.mcap'],
  ['SQLite', 'sqlite'],
  ['SQLite, the file alone', 'sqlite/sqlite.db3'],
  ['SQLite of ROS 2 Humble, without definitions', 'humble.db3'],
  ['SQLite of a recorder that was killed and left its log', 'killed.db3'],
  ['SQLite whose messages are each packed with zstd', 'sqlite-messages'],
  ['SQLite that is packed whole with zstd', 'sqlite-packed'],
  ['SQLite in two files, as a folder', 'split-sqlite'],
  ['one file in MCAP and one in SQLite', 'split-mcap/split-mcap_0.mcap', 'split-sqlite/split-sqlite_1.db3'],
];

describe('a bag of other software', () => {
  it.each(bags)('is heard as it was recorded: %s', async (_, ...names) => {
    expect(await heard(...names.map(fixture))).toEqual({ found: recorded, problems: [] });
  });

  it('teaches the same in every format', async () => {
    const results = await Promise.all(bags.map(([, ...names]) => replayed(...names.map(fixture))));
    for (const result of results)
      expect(result).toMatchObject({ decisions: 10, labelled: 10, refused: 0, problems: [] });
    expect(new Set(results.map(({ weightsHash }) => weightsHash)).size).toBe(1);
  });

  it('is read from a folder without metadata.yaml, by the numbers in the names of its files', async () => {
    const plain = join(folder, 'plain');
    cpSync(fixture('split-sqlite'), plain, { recursive: true });
    rmSync(join(plain, 'metadata.yaml'));
    expect(await heard(plain)).toEqual({ found: recorded, problems: [] });
  });

  it('lists its topics, with the options that make the node hear each', async () => {
    const bag = await BagReader.open(fixture('split-mcap'));
    const { topics, messages, duration } = listOf(bag);
    bag.close();
    expect({ messages, duration }).toEqual({ messages: 20, duration: 0.900001 });
    expect(topics).toEqual([
      { topic: '/label', type: 'topspark_msgs/msg/Label', messages: 10, input: 'label', options: '' },
      {
        ...{ topic: '/scan', type: 'sensor_msgs/msg/LaserScan', messages: 10 },
        ...{ input: 'scan', options: '-p "sensors:=[scan]"' },
      },
    ]);
  });
});

describe('a bag of other software that is damaged', () => {
  it('returns the messages of its other file, and names the one that is missing or broken', async () => {
    const half = join(folder, 'half');
    cpSync(fixture('split-mcap'), half, { recursive: true });
    rmSync(join(half, 'split-mcap_1.mcap'));
    const missing = await heard(half);
    expect(missing.found).toEqual(recorded.slice(0, 12));
    expect(missing.problems).toEqual([`${join(half, 'split-mcap_1.mcap')} is missing: metadata.yaml names it`]);
    writeFileSync(join(half, 'split-mcap_1.mcap'), '');
    const empty = await heard(half);
    expect(empty.found).toEqual(recorded.slice(0, 12));
    expect(empty.problems).toEqual([
      expect.stringMatching(/split-mcap_1\.mcap is empty, expected a bag in MCAP .* or SQLite/) as string,
    ]);
  });

  it('returns what stands before the point at which a SQLite file was truncated, and reports the point', async () => {
    const cut = join(folder, 'cut.db3');
    copyFileSync(fixture('humble.db3'), cut);
    truncateSync(cut, 7 * 1024 + 100);
    const { found, problems } = await heard(cut);
    expect(problems[0]).toBe(`${cut} is incomplete: it was cut off after 7268 of 8192 bytes`);
    expect(found.length).toBeGreaterThan(0);
    expect(recorded).toEqual(expect.arrayContaining(found));
  });

  it('skips a damaged page of a SQLite file, and names the messages in it', async () => {
    const broken = join(folder, 'broken.db3');
    const bytes = readFileSync(fixture('humble.db3'));
    const pages = Array.from({ length: bytes.length / 1024 }, (_, page) => bytes.subarray(1024 * page));
    // A leaf with messages in it, by its kind and what it holds.
    const leaf = pages.findIndex((page, k) => k > 0 && page[0] === 13 && page.subarray(0, 1024).includes('laser'));
    bytes.fill(0xff, leaf * 1024, leaf * 1024 + 1024);
    writeFileSync(broken, bytes);
    const { found, problems } = await heard(broken);
    expect(problems).toEqual([
      expect.stringMatching(/broken\.db3: the messages from number \d+ to \d+ cannot be read: .*malformed/) as string,
    ]);
    expect(found.length).toBeGreaterThan(5);
    expect(found.length).toBeLessThan(20);
    expect(recorded).toEqual(expect.arrayContaining(found));
  });

  it('refuses a message whose own compression is damaged, and hears the others', async () => {
    const path = join(folder, 'packed.db3');
    const bytes = readFileSync(fixture('sqlite-messages/sqlite-messages.db3'));
    const at = bytes.indexOf(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd));
    bytes.fill(0xff, at + 6, at + 20);
    writeFileSync(path, bytes);
    const { decisions, labelled, refusedByCause, reasons } = await replayed(path);
    expect(decisions + labelled).toBeGreaterThanOrEqual(18);
    expect(refusedByCause).toMatchObject({ message_undecodable: 1 });
    expect(reasons['message_undecodable']).toContain('it is packed with zstd and cannot be unpacked');
  });

  it.each([
    ['cut off behind its first bytes', 'lz4.mcap', (b: Buffer) => b.subarray(0, 60), /has no end: it was cut off/],
    ['with no sound checksum', 'lz4.mcap', (b: Buffer) => damagedChunks(b), /is damaged and left out/],
    [
      'without an end in SQLite',
      'humble.db3',
      (b: Buffer) => b.subarray(0, 3000),
      /was cut off after 3000 of \d+ bytes/,
    ],
  ])('reports why no message in it can be read: %s', async (what, name, damage, why) => {
    const path = join(folder, `${what}.bag`);
    writeFileSync(path, damage(readFileSync(fixture(name))));
    await expect(replayed(path)).rejects.toMatchObject({
      code: expect.stringMatching(/^bag_(without_messages|unreadable)$/) as string,
      message: expect.stringMatching(why) as string,
    });
  });

  it('refuses a database that is no bag, and lists what it contains', async () => {
    const path = join(folder, 'other.db3');
    const bytes = readFileSync(fixture('humble.db3')).toString('latin1').replaceAll('messages', 'measures');
    writeFileSync(path, bytes, 'latin1');
    await expect(BagReader.open(path)).rejects.toMatchObject({
      code: 'not_a_bag',
      message: expect.stringMatching(/with the tables measures, .*, expected topics and messages/) as string,
    });
  });
});

describe('a bag of other software with a damaged byte anywhere', () => {
  it('returns what can be read, reports the rest, and never fails in another way', async () => {
    const random = new Random(5);
    const names = ['lz4.mcap', 'mcap-messages/mcap-messages.mcap', 'no-definitions.mcap', 'humble.db3'];
    const more = ['sqlite/sqlite.db3', 'sqlite-messages/sqlite-messages.db3', 'sqlite-packed/sqlite-packed.db3.zstd'];
    const path = join(folder, 'damaged');
    let [reported, found] = [0, 0];
    for (let turn = 0; turn < 210; turn++) {
      const whole = readFileSync(fixture([...names, ...more][turn % 7]));
      const at = random.below(whole.length);
      if (turn % 3 === 0) whole.fill(random.below(256), at, Math.min(whole.length, at + random.below(2000)));
      else for (let k = 0; k < 4; k++) whole[random.below(whole.length)] = random.below(256);
      writeFileSync(path, turn % 5 === 0 ? whole.subarray(0, at) : whole);
      try {
        const bag = await BagReader.open(path);
        found += [...bag.messages()].length;
        reported += bag.problems.length;
        bag.close();
      } catch (error) {
        expect(error).toBeInstanceOf(TopsparkError);
        reported++;
      }
    }
    expect({ reported: reported > 100, found: found > 1000 }).toEqual({ reported: true, found: true });
  });
});

// The last byte but one of every chunk's content is changed.
function damagedChunks(bytes: Buffer): Buffer {
  for (let at = 8; at + 9 <= bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at + 1));
    if (bytes[at] === 6) bytes[at + 9 + length - 40] ^= 0xff;
    at += 9 + length;
  }
  return bytes;
}
