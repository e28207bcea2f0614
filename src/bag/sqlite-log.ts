import { viewOf } from '../base/bytes.js';
import { bytesAt, type ByteSource } from './byte-source.js';

// A recorder in write-ahead mode keeps pages in a log beside the database (`-wal`) and merges them when it ends. A
// killed recorder leaves them there. Format: sqlite.org/fileformat2.html#walformat; numbers are big-endian.

const headerBytes = 32;
const frameHeaderBytes = 24;
const magics = [0x377f0682, 0x377f0683];

/** A database as it is with the pages committed to its log. */
export function withLog(source: ByteSource, log: ByteSource): ByteSource {
  const { pageSize, pages, size } = pagesIn(log);
  if (pages.size === 0) return source;
  return {
    size,
    read: (into, at) => {
      let got = 0;
      while (got < into.length && at + got < size) {
        const place = at + got;
        const inPage = place % pageSize;
        const part = into.subarray(got, got + Math.min(pageSize - inPage, into.length - got));
        const frame = pages.get(Math.floor(place / pageSize) + 1);
        const read = frame === undefined ? source.read(part, place) : log.read(part, frame + inPage);
        if (read === 0) break;
        got += read;
      }
      return got;
    },
    close: () => undefined,
  };
}

// Offset of the newest version of each page, up to the last frame that ends a transaction.
function pagesIn(log: ByteSource): { pageSize: number; pages: Map<number, number>; size: number } {
  const nothing = { pageSize: 1, pages: new Map<number, number>(), size: 0 };
  const header = bytesAt(log, 0, headerBytes);
  if (header.length < headerBytes) return nothing;
  const view = viewOf(header);
  const littleEndian = view.getUint32(0) === magics[0];
  const pageSize = view.getUint32(8);
  const salts = view.getBigUint64(16);
  const sum = new Checksum(littleEndian);
  sum.add(header.subarray(0, 24));
  if (!magics.includes(view.getUint32(0)) || !isPageSize(pageSize) || sum.value !== view.getBigUint64(24))
    return nothing;
  const pages = new Map<number, number>();
  const open = new Map<number, number>();
  let size = 0;
  const frame = new Uint8Array(frameHeaderBytes + pageSize);
  for (let at = headerBytes; log.read(frame, at) === frame.length; at += frame.length) {
    const head = viewOf(frame);
    sum.add(frame.subarray(0, 8));
    sum.add(frame.subarray(frameHeaderBytes));
    if (head.getBigUint64(8) !== salts || head.getBigUint64(16) !== sum.value) break;
    open.set(head.getUint32(0), at + frameHeaderBytes);
    const pagesAfter = head.getUint32(4);
    if (pagesAfter === 0) continue;
    for (const [page, place] of open) pages.set(page, place);
    open.clear();
    size = pagesAfter * pageSize;
  }
  return { pageSize, pages, size };
}

const isPageSize = (size: number): boolean => size >= 512 && size <= 65_536 && (size & (size - 1)) === 0;

/** The running checksum of a log, its two words side by side. */
class Checksum {
  #first = 0;
  #second = 0;

  constructor(readonly littleEndian: boolean) {}

  add(bytes: Uint8Array): void {
    const view = viewOf(bytes);
    for (let at = 0; at < bytes.length; at += 8) {
      this.#first = (this.#first + view.getUint32(at, this.littleEndian) + this.#second) >>> 0;
      this.#second = (this.#second + view.getUint32(at + 4, this.littleEndian) + this.#first) >>> 0;
    }
  }

  get value(): bigint {
    return (BigInt(this.#first) << 32n) | BigInt(this.#second);
  }
}
