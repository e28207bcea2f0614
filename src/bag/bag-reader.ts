import { statSync } from 'node:fs';
import { TopsparkError, reasonOf } from '../base/errors.js';
import type { BagChannel, BagFile, BagMessage } from './bag-file.js';
import { bagPaths, type BagPaths } from './bag-paths.js';
import { bytesAt, fileBytes, memoryBytes, type ByteSource } from './byte-source.js';
import { isZstd, loadCodecs, mostUnpacked, type Codecs } from './codecs.js';
import { McapFile } from './mcap-file.js';
import { merged } from './merged.js';
import { mcapMagic } from './record-places.js';

/** A topic of a bag, and its number of readable messages. */
export interface BagTopic {
  readonly topic: string;
  readonly type: string;
  readonly messages: number;
}

/** Contents of a bag. */
export interface BagContents {
  /** By name. */
  readonly topics: readonly BagTopic[];
  /** Between the first message and the last [ns]. */
  readonly duration: bigint;
}

/**
 * Reads a ROS 2 bag, MCAP or SQLite, of one or several files, in the order of its log times. Damaged parts are left out
 * and reported in {@link BagReader.problems}; everything else is read.
 */
export class BagReader {
  readonly #files: readonly BagFile[];
  readonly #problems: readonly string[];

  private constructor(
    /** Its path; with several, the first and their number. */
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
        // Of a recording in several files, a broken one costs only itself.
        if (!(error instanceof TopsparkError)) throw error;
        faults.push(error);
      }
    }
    if (files.length === 0 && faults.length > 0) throw faults[0];
    const problems = [...found.problems, ...faults.map(({ message }) => message)];
    const [first = ''] = given;
    return new BagReader(given.length > 1 ? `${first} and ${given.length - 1} more` : first, files, problems);
  }

  /** Size of its files [byte]. */
  get size(): number {
    return this.#files.reduce((sum, { size }) => sum + size, 0);
  }

  /** How far they have been read [byte]. */
  get done(): number {
    return this.#files.reduce((sum, { done }) => sum + done, 0);
  }

  /** What could not be read so far, one sentence each. */
  get problems(): readonly string[] {
    return [...this.#problems, ...this.#files.flatMap(({ problems }) => problems)];
  }

  /** Topics found so far, including those without a message. */
  get channels(): readonly BagChannel[] {
    return this.#files.flatMap(({ channels }) => channels);
  }

  /**
   * Messages by log time; messages with equal times in the order of the files.
   *
   * @param wanted - topics to read
   */
  *messages(wanted: (topic: string) => boolean = () => true): Generator<BagMessage, void> {
    const used = this.#files.flatMap((file) => (file.start === undefined ? [] : [{ start: file.start, file }]));
    // A file without messages may have damage to report.
    for (const file of this.#files) if (file.start === undefined) yield* file.messages(wanted);
    used.sort((a, b) => (a.start < b.start ? -1 : Number(a.start > b.start)));
    yield* merged(used, ({ file }) => file.messages(wanted));
  }

  /** Reads the whole bag and lists its contents. */
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

/** Other files that may be taken for a bag: their first bytes (hex), and what to do. */
const lookalikes: readonly (readonly [start: string, hint: string])[] = [
  [Buffer.from('#ROSBAG').toString('hex'), 'this is a bag of ROS 1: convert it to ROS 2'],
];
const sqliteMagic = Buffer.from('SQLite format 3\0');

async function openFile(path: string, { types }: BagPaths, codecs: Codecs): Promise<BagFile> {
  const source = openSource(path, codecs);
  try {
    const head = bytesAt(source, 0, sqliteMagic.length);
    const begins = (magic: Uint8Array): boolean => magic.every((byte, k) => head[k] === byte);
    if (begins(mcapMagic)) return new McapFile(path, source, codecs, types);
    if (begins(sqliteMagic)) {
      // Loaded here: SQLite is a megabyte of WebAssembly that other bags do not need.
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

// A file compressed whole is decompressed in memory.
function openSource(path: string, codecs: Codecs): ByteSource {
  let source: ByteSource | undefined;
  try {
    if (statSync(path).isDirectory()) throw new Error(`${path} is a folder inside a folder, expected a file`);
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
