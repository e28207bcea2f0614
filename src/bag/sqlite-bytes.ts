import init from '@sqlite.org/sqlite-wasm';
import type { ByteSource } from './byte-source.js';

type Sqlite = Awaited<ReturnType<typeof init>>;
type Pointer = Parameters<Sqlite['wasm']['cstrToJs']>[0];
type Database = InstanceType<Sqlite['oo1']['DB']>;
type Statement = ReturnType<Database['prepare']>;

/** SQLite, and the bytes of open databases by their file names in SQLite. */
interface Loaded {
  readonly sqlite: Sqlite;
  readonly sources: Map<string, ByteSource>;
}

/** Name of our SQLite file system, which reads from a {@link ByteSource}. */
const vfsName = 'topspark-bytes';
let loaded: Promise<Loaded> | undefined;
let opened = 0;

/**
 * A database read in place: nothing is copied into memory, locked or written.
 *
 * SQLite is its own build for WebAssembly; what it reads comes through {@link ByteSource}.
 */
export class ReadDatabase {
  readonly #db: Database;

  private constructor(
    readonly loaded: Loaded,
    readonly name: string,
  ) {
    this.#db = new loaded.sqlite.oo1.DB({ filename: name, flags: 'r', vfs: vfsName });
    // No temporary files, and no code from the file.
    this.#db.exec('PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF');
  }

  /** @throws Error of SQLite */
  static async open(source: ByteSource): Promise<ReadDatabase> {
    loaded ??= load();
    const ready = await loaded;
    const name = `bag-${++opened}`;
    ready.sources.set(name, source);
    try {
      return new ReadDatabase(ready, name);
    } catch (error) {
      ready.sources.delete(name);
      throw error;
    }
  }

  /**
   * Prepares a statement that may run often.
   *
   * @throws Error of SQLite
   */
  prepare(sql: string): Query {
    return new Query(this.#db.prepare(sql), this.loaded.sqlite);
  }

  /** All rows of a statement: integers are bigint. */
  all(sql: string): (bigint | string | Uint8Array | null)[][] {
    const query = this.prepare(sql);
    try {
      const rows = [];
      while (query.next()) rows.push(query.row());
      return rows;
    } finally {
      query.end();
    }
  }

  close(): void {
    this.#db.close();
    this.loaded.sources.delete(this.name);
  }
}

/** A prepared statement; {@link Query.end} must be called. */
export class Query {
  readonly #pointer: Pointer;

  constructor(
    readonly statement: Statement,
    readonly sqlite: Sqlite,
  ) {
    if (statement.pointer === undefined) throw new TypeError('the statement has ended');
    this.#pointer = statement.pointer;
  }

  /** Starts the statement again, with an integer as its parameter. */
  begin(value: bigint): void {
    const { capi } = this.sqlite;
    // Not checked: it returns the error of the last run again.
    capi.sqlite3_reset(this.#pointer);
    this.#check(capi.sqlite3_bind_int64(this.#pointer, 1, value));
  }

  /**
   * Goes to the next row; false: there is none.
   *
   * @throws Error of SQLite
   */
  next(): boolean {
    const { capi } = this.sqlite;
    const result = capi.sqlite3_step(this.#pointer);
    if (result !== capi.SQLITE_ROW && result !== capi.SQLITE_DONE) this.#check(result);
    return result === capi.SQLITE_ROW;
  }

  integer(column: number): bigint {
    return this.sqlite.capi.sqlite3_column_int64(this.#pointer, column);
  }

  /** A copy of a column's bytes. */
  bytes(column: number): Uint8Array {
    const { capi, wasm } = this.sqlite;
    const at = capi.sqlite3_column_blob(this.#pointer, column);
    return wasm.heap8u().slice(at, at + capi.sqlite3_column_bytes(this.#pointer, column));
  }

  row(): (bigint | string | Uint8Array | null)[] {
    const { capi } = this.sqlite;
    return Array.from({ length: capi.sqlite3_column_count(this.#pointer) }, (_, column) => {
      const kind = capi.sqlite3_column_type(this.#pointer, column);
      if (kind === capi.SQLITE_INTEGER) return this.integer(column);
      if (kind === capi.SQLITE_BLOB) return this.bytes(column);
      return kind === capi.SQLITE_NULL ? null : capi.sqlite3_column_text(this.#pointer, column);
    });
  }

  end(): void {
    this.statement.finalize();
  }

  #check(result: number): void {
    if (result !== 0) throw new Error(this.sqlite.capi.sqlite3_errstr(result));
  }
}

async function load(): Promise<Loaded> {
  const sqlite = await init({ print: () => undefined, printErr: () => undefined });
  const sources = new Map<string, ByteSource>();
  const { capi, wasm, vfs } = sqlite;
  const io = new capi.sqlite3_io_methods();
  const ours = new capi.sqlite3_vfs();
  const file = new capi.sqlite3_file();
  Object.assign(io, { $iVersion: 1 });
  Object.assign(ours, { $iVersion: 1, $mxPathname: 1024, $szOsFile: file.structInfo.sizeof });
  file.dispose();
  const files = new Map<Pointer, ByteSource>();
  const none = () => 0;
  const readOnly = () => capi.SQLITE_READONLY;
  // An exception in here would leave SQLite in the middle of its work.
  const tried = (step: () => number): number => {
    try {
      return step();
    } catch {
      return capi.SQLITE_IOERR;
    }
  };
  vfs.installVfs({
    io: {
      struct: io,
      methods: {
        xClose: (file: Pointer) => {
          files.delete(file);
          return 0;
        },
        xRead: (file: Pointer, into: Pointer, length: number, at: number | bigint) =>
          tried(() => {
            const room = wasm.heap8u().subarray(into, into + length);
            const got = files.get(file)?.read(room, Number(at)) ?? 0;
            if (got === length) return 0;
            room.fill(0, got);
            return capi.SQLITE_IOERR_SHORT_READ;
          }),
        xWrite: readOnly,
        xTruncate: readOnly,
        xSync: none,
        xFileSize: (file: Pointer, size: Pointer) => {
          wasm.poke64(size, BigInt(files.get(file)?.size ?? 0));
          return 0;
        },
        xLock: none,
        xUnlock: none,
        xCheckReservedLock: (_file: Pointer, answer: Pointer) => {
          wasm.poke32(answer, 0);
          return 0;
        },
        xFileControl: () => capi.SQLITE_NOTFOUND,
        xSectorSize: () => 4096,
        xDeviceCharacteristics: () => capi.SQLITE_IOCAP_IMMUTABLE,
      },
    },
    vfs: {
      struct: ours,
      name: vfsName,
      methods: {
        // Only the database: no journals or temporary files.
        xOpen: (_vfs: Pointer, name: Pointer, file: Pointer, flags: number, given: Pointer) =>
          tried(() => {
            const source = sources.get(wasm.cstrToJs(name) ?? '');
            if (source === undefined) return capi.SQLITE_CANTOPEN;
            const struct = new capi.sqlite3_file(file);
            struct.$pMethods = io.pointer;
            struct.dispose();
            files.set(file, source);
            if (given) wasm.poke32(given, flags);
            return 0;
          }),
        xDelete: none,
        xAccess: (_vfs: Pointer, _name: Pointer, _flags: number, answer: Pointer) => {
          wasm.poke32(answer, 0);
          return 0;
        },
        xFullPathname: (_vfs: Pointer, name: Pointer, room: number, path: Pointer) =>
          wasm.cstrncpy(path, name, room) > 0 ? 0 : capi.SQLITE_CANTOPEN,
        xRandomness: (_vfs: Pointer, length: number, into: Pointer) => {
          wasm.heap8u().fill(0, into, into + length);
          return length;
        },
        xSleep: none,
        xCurrentTime: none,
        xGetLastError: none,
      },
    },
  });
  return { sqlite, sources };
}
