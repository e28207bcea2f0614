import { TopsparkError, reasonOf } from '../base/errors.js';
import { longName, readMessage, type BagChannel, type BagFile, type BagMessage } from './bag-file.js';
import { bytesAt, fileBytes, type ByteSource } from './byte-source.js';
import type { Codecs } from './codecs.js';
import { withLog } from './sqlite-log.js';
import { ReadDatabase, type Query } from './sqlite-bytes.js';

/** Index of messages in the order of the table, without their bytes: 20 bytes each. */
class Index {
  ids = new BigInt64Array(1024);
  times = new BigInt64Array(1024);
  topics = new Int32Array(1024);
  length = 0;

  add(id: bigint, time: bigint, topic: number): void {
    if (this.length === this.ids.length) this.#hold(2 * this.length);
    this.ids[this.length] = id;
    this.times[this.length] = time;
    this.topics[this.length++] = topic;
  }

  /** Frees unused memory: no more messages will come. */
  end(): void {
    this.#hold(this.length);
  }

  #hold(length: number): void {
    const kept = Math.min(length, this.length);
    const resized = <T extends BigInt64Array | Int32Array>(to: T, from: T): T => {
      to.set(from.subarray(0, kept) as never);
      return to;
    };
    this.ids = resized(new BigInt64Array(length), this.ids);
    this.times = resized(new BigInt64Array(length), this.times);
    this.topics = resized(new Int32Array(length), this.topics);
  }
}

/** A range of identifiers whose messages cannot be read. */
interface Gap {
  readonly first: bigint;
  readonly last: bigint | undefined;
  readonly why: string;
}

/**
 * A bag in SQLite (`.db3`), of any version of ROS 2's recorder. Memory holds the times and identifiers of its messages;
 * their bytes are read when needed. Damaged pages of a table are skipped.
 */
export class SqliteFile implements BagFile {
  readonly size: number;
  readonly start: bigint | undefined;
  readonly channels: readonly BagChannel[];
  readonly #topics: readonly (readonly [id: bigint, channel: BagChannel])[];
  readonly #data: Query;
  readonly #index: Index;
  readonly #gaps: readonly Gap[];
  readonly #cut: string | undefined;
  readonly #strangers = new Map<number, number>();
  #unread: { count: number; readonly id: bigint; readonly why: string } | undefined;
  #done = 0;

  private constructor(
    readonly path: string,
    readonly source: ByteSource,
    readonly codecs: Codecs,
    readonly database: ReadDatabase,
  ) {
    this.size = source.size;
    const definitions = definitionsIn(database);
    this.#topics = database.all('SELECT id, name, type, serialization_format FROM topics ORDER BY id').map((row) => {
      const [topic, short, messageEncoding] = row.slice(1).map(textOf);
      const type = longName(short);
      const [schemaEncoding = '', schema = ''] = definitions.get(type) ?? [];
      return [row[0] as bigint, { topic, type, messageEncoding, schemaEncoding, schema }];
    });
    this.channels = this.#topics.map(([, channel]) => channel);
    this.#data = database.prepare('SELECT data FROM messages WHERE id = ?');
    const { index, gaps } = indexOf(database);
    this.#index = index;
    for (const time of index.times) if (this.start === undefined || time < this.start) this.start = time;
    this.#gaps = gaps;
    this.#cut = cutOff(path, source);
  }

  /**
   * @throws {@link TopsparkError} `not_a_bag` for another database, `bag_unreadable` for one that is damaged at its
   *   root
   */
  static async open(path: string, source: ByteSource, codecs: Codecs): Promise<SqliteFile> {
    let database: ReadDatabase | undefined;
    const log = logBeside(path);
    const all = log === undefined ? source : withLog(source, log);
    const both = {
      ...all,
      close: () => {
        source.close();
        log?.close();
      },
    };
    try {
      database = await ReadDatabase.open(whole(all));
      checkTables(path, database);
      return new SqliteFile(path, both, codecs, database);
    } catch (error) {
      database?.close();
      log?.close();
      if (error instanceof TopsparkError) throw error;
      const cut = cutOff(path, all);
      const found = `${path} is a database of SQLite whose tables cannot be read: ${whyOf(error)}`;
      throw new TopsparkError('bag_unreadable', 'data', cut === undefined ? found : `${found}; ${cut}`, {
        cause: error,
      });
    }
  }

  get done(): number {
    return this.#done;
  }

  get problems(): readonly string[] {
    const found = this.#cut === undefined ? [] : [this.#cut];
    for (const { first, last, why } of this.#gaps) {
      const which = last === undefined ? `from number ${first} on` : `from number ${first} to ${last}`;
      found.push(`${this.path}: the messages ${which} cannot be read: ${why}`);
    }
    for (const [topic, count] of this.#strangers) {
      const which = count === 1 ? `a message of topic ${topic}` : `${count} messages of topic ${topic}`;
      found.push(`${this.path}: ${which}, which is not defined: left out`);
    }
    if (this.#unread !== undefined) {
      const { count, id, why } = this.#unread;
      found.push(`${this.path}: ${count} messages cannot be read, the first is number ${id}: ${why}`);
    }
    return found;
  }

  *messages(wanted: (topic: string) => boolean): Generator<BagMessage, void> {
    this.#strangers.clear();
    this.#unread = undefined;
    const { ids, times, topics } = this.#index;
    const channels = this.#topics.map(([, channel]) => ({ channel, wanted: wanted(channel.topic) }));
    const places = new Map(this.#topics.map(([id], place) => [Number(id), place]));
    for (const [done, at] of inTime(times).entries()) {
      this.#done = (this.size * done) / ids.length;
      const place = places.get(topics[at]);
      if (place === undefined) this.#strangers.set(topics[at], (this.#strangers.get(topics[at]) ?? 0) + 1);
      else if (channels[place].wanted) {
        const data = this.#read(ids[at]);
        if (data !== undefined) yield readMessage(channels[place].channel, times[at], data, this.codecs);
      }
    }
    this.#done = this.size;
  }

  close(): void {
    this.#data.end();
    this.database.close();
    this.source.close();
  }

  #read(id: bigint): Uint8Array | undefined {
    try {
      this.#data.begin(id);
      if (this.#data.next()) return this.#data.bytes(0);
      throw new Error('it is not where the table has it');
    } catch (error) {
      if (this.#unread === undefined) this.#unread = { count: 1, id, why: whyOf(error) };
      else this.#unread.count++;
      return undefined;
    }
  }
}

// A log that cannot be read is skipped.
function logBeside(path: string): ByteSource | undefined {
  try {
    return fileBytes(`${path}-wal`);
  } catch {
    return undefined;
  }
}

function checkTables(path: string, database: ReadDatabase): void {
  // Only ordinary tables: a view or a virtual table may compute for ever.
  const tables = database.all("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE TABLE%' ORDER BY name").flat();
  const lacking = ['topics', 'messages'].filter((name) => !tables.includes(name));
  if (lacking.length === 0) return;
  const has = tables.length > 0 ? `the tables ${tables.map(textOf).join(', ')}` : 'no table';
  const expected = "expected topics and messages, those of ROS 2's recorder";
  throw new TopsparkError('not_a_bag', 'data', `${path} is a database of SQLite with ${has}, ${expected}`);
}

// Recorders before Iron wrote no definitions; the types of messages are enough then.
function definitionsIn(database: ReadDatabase): Map<string, readonly [encoding: string, text: string]> {
  try {
    const rows = database.all('SELECT topic_type, encoding, encoded_message_definition FROM message_definitions');
    return new Map(
      rows.map((row) => row.map(textOf)).map(([type, encoding, text]) => [longName(type), [encoding, text]]),
    );
  } catch {
    return new Map();
  }
}

// Scans the table. After a damaged page it continues with the next readable identifier.
function indexOf(database: ReadDatabase): { index: Index; gaps: Gap[] } {
  const index = new Index();
  const gaps: Gap[] = [];
  const scan = database.prepare('SELECT id, timestamp, topic_id FROM messages NOT INDEXED WHERE id >= ? ORDER BY id');
  const probe = database.prepare('SELECT id FROM messages NOT INDEXED WHERE id >= ? ORDER BY id LIMIT 1');
  try {
    for (let from: bigint | undefined = lowest; from !== undefined;) {
      try {
        scan.begin(from);
        while (scan.next()) {
          const id = scan.integer(0);
          if (index.length > 0 && id <= index.ids[index.length - 1]) throw new Error('its numbers are not in order');
          index.add(id, scan.integer(1), Number(scan.integer(2)));
        }
        break;
      } catch (error) {
        const last = index.length === 0 ? undefined : index.ids[index.length - 1];
        const first: bigint = last === undefined || last < from ? from : last + 1n;
        from = readableFrom(probe, first);
        gaps.push({
          first: first === lowest ? 1n : first,
          last: from === undefined ? from : from - 1n,
          why: whyOf(error),
        });
      }
    }
  } finally {
    scan.end();
    probe.end();
  }
  index.end();
  return { index, gaps };
}

/** Least and greatest possible identifier of a message: a recorder counts from 1. */
const [lowest, highest] = [-(2n ** 62n), 2n ** 62n];

// Finds the first readable identifier: steps that double find a later one, then bisection finds the exact one.
function readableFrom(probe: Query, damaged: bigint): bigint | undefined {
  const found = (id: bigint): bigint | undefined => {
    try {
      probe.begin(id);
      // A damaged tree may lead back to earlier rows.
      return probe.next() && probe.integer(0) >= id ? probe.integer(0) : undefined;
    } catch {
      return undefined;
    }
  };
  const begin = damaged === lowest ? 0n : damaged;
  let [unread, step] = [begin, 1n];
  let next: bigint | undefined;
  while (next === undefined && unread + step < highest) {
    next = found(begin + step);
    if (next === undefined) unread = begin + step;
    step *= 2n;
  }
  if (next === undefined) return undefined;
  let read = begin + step / 2n;
  while (unread + 1n < read) {
    const middle = (unread + read) / 2n;
    const there = found(middle);
    if (there === undefined) unread = middle;
    else {
      read = middle;
      next = there;
    }
  }
  return next;
}

/** Positions in the order of time; equal times keep their order. */
function inTime(times: BigInt64Array): Uint32Array {
  const places = Uint32Array.from(times, (_, place) => place);
  const before = (a: number, b: number): number => (times[a] < times[b] ? -1 : times[a] > times[b] ? 1 : a - b);
  if (times.every((time, place) => place === 0 || times[place - 1] <= time)) return places;
  return places.sort(before);
}

/** Offsets in the database header: journal mode, page size, change counter, number of pages, version-valid-for. */
const [journalAt, pageAt, changesAt, pagesAt, validAt] = [18, 16, 24, 28, 92];

/** Size of the database by its header [byte]; 0: unknown. */
function claimed(source: ByteSource): number {
  const head = Buffer.from(bytesAt(source, 0, 100));
  if (head.length < 100 || head.readUInt32BE(changesAt) !== head.readUInt32BE(validAt)) return 0;
  const page = head.readUInt16BE(pageAt);
  return (page === 1 ? 65_536 : page) * head.readUInt32BE(pagesAt);
}

function cutOff(path: string, source: ByteSource): string | undefined {
  const [{ size }, all] = [source, claimed(source)];
  if (all <= size) return undefined;
  return `${path} is incomplete: it was cut off after ${size} of ${all} bytes`;
}

/**
 * Presents a database as SQLite can open it. SQLite would refuse one that is cut off, so the missing part reads as
 * zeros. Its header is read as one without a log, so that SQLite writes none beside it.
 */
function whole(source: ByteSource): ByteSource {
  const size = Math.max(source.size, claimed(source));
  return {
    size,
    read: (into, at) => {
      const got = source.read(into, at);
      for (const place of [journalAt, journalAt + 1]) {
        if (place >= at && place < at + got) into[place - at] = 1;
      }
      return got;
    },
    close: () => undefined,
  };
}

// Text may be stored as bytes.
function textOf(value: bigint | string | Uint8Array | null): string {
  if (value === null) return '';
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);
}

// SQLite's own message, without the wrapper's text before it.
const whyOf = (error: unknown): string => reasonOf(error).replace(/^.*result code \d+: /, '');
