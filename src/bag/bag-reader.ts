import { statSync } from 'node:fs';
import { TopsparkError, reasonOf } from '../base/errors.js';
import type { BagChannel, BagFile, BagMessage } from './bag-file.js';
import { bagPaths, type BagPaths } from './bag-paths.js';
import { bytesAt, fileBytes, memoryBytes, type ByteSource } from './byte-source.js';
import { isZstd, loadCodecs, mostUnpacked, type Codecs } from './codecs.js';
import { McapFile } from './mcap-file.js';
import { merged } from './merged.js';
import { mcapMagic } from './record-places.js';

/** A topic of a bag, and how many messages of it can be read. */
export interface BagTopic {
  readonly topic: string;
  readonly type: string;
  readonly messages: number;
}

/** What a bag has. */
export interface BagContents {
  /** By name. */
  readonly topics: readonly BagTopic[];
  /** Between the first message and the last [ns]. */
  readonly duration: bigint;
}

/**
 * Reads a ROS 2 bag, MCAP or SQLite, of one file or of several, in the order of its log times. What is damaged is left out
 * and told in {@link BagReader.problems}; everything else is read.
 */
export class BagReader {
  readonly #files: readonly BagFile[];
  readonly #problems: readonly string[];

  private constructor(
    /** As it was given; of several the first, and how many there are. */
    readonly path: string,
    files: readonly BagFile[],
    problems: readonly string[],
  ) {
    this.#files = files;
    this.#problems = problems;
  }

  /**
   * @param paths - a file, a folder of one recording, or several
   * @throws {@link TopsparkError} `bag_unreadable`, `not_a_bag`
   */
  static async open(paths: string | readonly string[]): Promise<BagReader> {
    const given = typeof paths === 'string' ? [paths] : paths;
    const found = bagPaths(given);
    const codecs = await loadCodecs();
    const files: BagFile[] = [];
    const faults: TopsparkError[] = [];
    for (const path of found.files) {
      try {
        files.push(await openFile(path, found, codecs));
      } catch (error) {
        // Of a recording in several files one that is broken costs itself alone.
        if (!(error instanceof TopsparkError)) throw error;
        faults.push(error);
      }
    }
    if (files.length === 0 && faults.length > 0) throw faults[0];
    const problems = [...found.problems, ...faults.map(({ message }) => message)];
    const [first = ''] = given;
    return new BagReader(given.length > 1 ? `${first} and ${given.length - 1} more` : first, files, problems);
  }

  /** Bytes of its files. */
  get size(): number {
    return this.#files.reduce((sum, { size }) => sum + size, 0);
  }

  /** How many of them are behind the last message that was given. */
  get done(): number {
    return this.#files.reduce((sum, { done }) => sum + done, 0);
  }

  /** What could not be read, a sentence each, as far as the bag was read. */
  get problems(): readonly string[] {
    return [...this.#problems, ...this.#files.flatMap(({ problems }) => problems)];
  }

  /** Its topics, as far as it was read, also those without a message. */
  get channels(): readonly BagChannel[] {
    return this.#files.flatMap(({ channels }) => channels);
  }

  /**
   * Messages by log time; those of one time in the order of the files.
   *
   * @param wanted - topics to read
   */
  *messages(wanted: (topic: string) => boolean = () => true): Generator<BagMessage, void> {
    const used = this.#files.flatMap((file) => (file.start === undefined ? [] : [{ start: file.start, file }]));
    // A file without a message may have a damage to tell of.
    for (const file of this.#files) if (file.start === undefined) yield* file.messages(wanted);
    used.sort((a, b) => (a.start < b.start ? -1 : Number(a.start > b.start)));
    yield* merged(used, ({ file }) => file.messages(wanted));
  }

  /** Reads it all, and says what it has. */
  contents(): BagContents {
    const counts = new Map<string, number>();
    let first: bigint | undefined;
    let last: bigint | undefined;
    for (const { channel, logTime } of this.messages()) {
      counts.set(channel.topic, (counts.get(channel.topic) ?? 0) + 1);
      first ??= logTime;
      last = logTime;
    }
    const types = new Map(this.channels.map(({ topic, type }) => [topic, type]));
    const names = [...types.keys()].sort();
    const topics = names.map((topic) => ({ topic, type: types.get(topic) ?? '', messages: counts.get(topic) ?? 0 }));
    return { topics, duration: (last ?? 0n) - (first ?? 0n) };
  }

  close(): void {
    for (const file of this.#files) file.close();
  }
}

/** What else is taken for a bag, by its first bytes (hex), and what to do about it. */
const lookalikes: readonly (readonly [start: string, hint: string])[] = [
  [Buffer.from('#ROSBAG').toString('hex'), 'this is a bag of ROS 1, which has to be converted to ROS 2'],
];
const sqliteMagic = Buffer.from('SQLite format 3\0');

async function openFile(path: string, { types }: BagPaths, codecs: Codecs): Promise<BagFile> {
  const source = openSource(path, codecs);
  try {
    const head = bytesAt(source, 0, sqliteMagic.length);
    const begins = (magic: Uint8Array): boolean => magic.every((byte, k) => head[k] === byte);
    if (begins(mcapMagic)) return new McapFile(path, source, codecs, types);
    if (begins(sqliteMagic)) {
      // A megabyte of WebAssembly that other bags do not need.
      const { SqliteFile } = await import('./sqlite-file.js');
      return await SqliteFile.open(path, source, codecs);
    }
    const found = Buffer.from(head.subarray(0, mcapMagic.length)).toString('hex');
    const [, hint] = lookalikes.find(([start]) => found.startsWith(start)) ?? [];
    const expected = `expected a bag in MCAP (894d4341…) or SQLite (53514c69…)${hint === undefined ? '' : `; ${hint}`}`;
    const begin = found === '' ? `${path} is empty` : `${path} begins with ${found}`;
    throw new TopsparkError('not_a_bag', 'data', `${begin}, ${expected}`);
  } catch (error) {
    source.close();
    throw error;
  }
}

// What is packed whole is unpacked in memory.
function openSource(path: string, codecs: Codecs): ByteSource {
  let source: ByteSource | undefined;
  try {
    if (statSync(path).isDirectory()) throw new Error(`${path} is a folder inside of a folder, expected a file`);
    source = fileBytes(path);
    if (!isZstd(bytesAt(source, 0, 4))) return source;
    return memoryBytes(unpackedFile(path, source, codecs));
  } catch (error) {
    source?.close();
    const why = reasonOf(error);
    throw new TopsparkError('bag_unreadable', 'data', `the bag cannot be read: ${why}`, { cause: error });
  }
}

function unpackedFile(path: string, source: ByteSource, codecs: Codecs): Uint8Array {
  try {
    if (source.size > mostUnpacked) throw new Error('it is larger than 1 GiB');
    const packed = bytesAt(source, 0, source.size);
    return codecs.frames(packed);
  } catch (error) {
    const why = reasonOf(error);
    const remedy = 'expected whole zstd of at most 1 GiB unpacked; `zstd -d` unpacks larger files';
    throw new Error(`${path} is packed with zstd and cannot be unpacked: ${why}; ${remedy}`, { cause: error });
  }
}
