import { crc32, inflateRawSync } from 'node:zlib';
import { viewOf } from '../../base/bytes.js';

/** Offsets in the records of a ZIP file (PKWARE, APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16). */
const endRecord = { signature: 0x06054b50, length: 22, entries: 10, directory: 16 } as const;
const entry = { signature: 0x02014b50, length: 46, method: 10, crc: 16, packed: 20, size: 24, name: 28 } as const;
const local = { signature: 0x04034b50, length: 30, name: 26 } as const;

/** A ZIP file in memory, such as a Python wheel: stored and deflated files, no encryption, no ZIP64. */
export class ZipFile {
  readonly #view: DataView;
  readonly #entries = new Map<string, number>();

  /** @throws Error saying what is cut off or missing */
  constructor(readonly bytes: Uint8Array) {
    this.#view = viewOf(bytes);
    const end = this.#findEnd();
    const count = this.#view.getUint16(end + endRecord.entries, true);
    let at = this.#view.getUint32(end + endRecord.directory, true);
    for (let k = 0; k < count; k++) {
      this.#expect(at, entry);
      const length = this.#view.getUint16(at + entry.name, true);
      this.#entries.set(Buffer.from(this.#part(at + entry.length, length)).toString('utf8'), at);
      const [extra, comment] = [2, 4].map((behind) => this.#view.getUint16(at + entry.name + behind, true));
      at += entry.length + length + extra + comment;
    }
  }

  /** Names of the files in it. */
  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /**
   * Reads a file of the archive.
   *
   * @param most - largest allowed size [byte]
   * @throws Error where there is no file of that name, where it is larger, or where its bytes are damaged
   */
  read(name: string, most: number): Uint8Array {
    const at = this.#entries.get(name);
    if (at === undefined) throw new Error(`it contains no ${name}`);
    const view = this.#view;
    const size = view.getUint32(at + entry.size, true);
    if (size > most) throw new Error(`${name} has ${size} bytes, expected at most ${most}`);
    const begin = view.getUint32(at + 42, true);
    this.#expect(begin, local);
    const [nameLength, extra] = [0, 2].map((behind) => view.getUint16(begin + local.name + behind, true));
    const packed = this.#part(begin + local.length + nameLength + extra, view.getUint32(at + entry.packed, true));
    const method = view.getUint16(at + entry.method, true);
    if (method !== 0 && method !== 8) throw new Error(`${name} is packed by method ${method}, expected 0 or 8`);
    const bytes = method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
    if (bytes.length === size && crc32(bytes) === view.getUint32(at + entry.crc, true)) return bytes;
    throw new Error(`${name} is damaged: its checksum does not match`);
  }

  // It is the last record, apart from a comment of up to 65535 bytes.
  #findEnd(): number {
    const from = this.bytes.length - endRecord.length;
    for (let at = from; at >= Math.max(0, from - 0xffff); at--) {
      if (this.#view.getUint32(at, true) === endRecord.signature) return at;
    }
    throw new Error('it is not a ZIP file, or it is cut off');
  }

  #expect(at: number, { signature, length }: { readonly signature: number; readonly length: number }): void {
    if (at + length <= this.bytes.length && this.#view.getUint32(at, true) === signature) return;
    throw new Error('its directory is damaged');
  }

  #part(from: number, length: number): Uint8Array {
    if (from + length > this.bytes.length) throw new Error('it is cut off');
    return this.bytes.subarray(from, from + length);
  }
}
