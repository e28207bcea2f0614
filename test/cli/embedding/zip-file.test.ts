import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ZipFile } from '../../../src/cli/embedding/zip-file.js';

interface Entry {
  readonly name: string;
  readonly data: Uint8Array;
  readonly method?: number;
  readonly crc?: number;
}

/** Builds a ZIP file as zip does: local headers and data, the directory, its end. */
function zipped(entries: readonly Entry[], comment = ''): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, data, method = 8, crc = crc32(data) } of entries) {
    const packed = method === 8 ? deflateRawSync(data) : Buffer.from(data);
    const facts = Buffer.alloc(24);
    facts.writeUInt16LE(method, 4);
    facts.writeUInt32LE(crc, 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(data.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), facts, Buffer.alloc(2), Buffer.from(name), packed]);
    directory.push(entryOf(facts, at, name));
    parts.push(local);
    at += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(at, 12);
  end.writeUInt16LE(comment.length, 16);
  return Buffer.concat([...parts, listed, Buffer.from('PK\x05\x06'), end, Buffer.from(comment)]);
}

function entryOf(facts: Buffer, at: number, name: string): Buffer {
  const entry = Buffer.alloc(46);
  entry.write('PK\x01\x02', 'latin1');
  facts.copy(entry, 6);
  entry.writeUInt32LE(at, 42);
  return Buffer.concat([entry, Buffer.from(name)]);
}

const text = Buffer.from('spike '.repeat(50));
const files = [
  { name: 'a.txt', data: text },
  { name: 'b/c.bin', data: Buffer.from([1, 2, 3]), method: 0 },
];

describe('ZipFile', () => {
  it('reads deflated and stored files, also before a comment', () => {
    for (const bytes of [zipped(files), zipped(files, 'a comment')]) {
      const zip = new ZipFile(bytes);
      expect(zip.names).toEqual(['a.txt', 'b/c.bin']);
      expect(Buffer.from(zip.read('a.txt', 1000)).equals(text)).toBe(true);
      expect([...zip.read('b/c.bin', 3)]).toEqual([1, 2, 3]);
    }
  });

  it('refuses a file that is missing, too large, compressed otherwise, or damaged', () => {
    const zip = new ZipFile(zipped(files));
    expect(() => zip.read('d', 10)).toThrow('it contains no d');
    expect(() => zip.read('a.txt', 299)).toThrow('a.txt has 300 bytes, expected at most 299');
    const other = new ZipFile(
      zipped([
        { ...files[1], method: 12 },
        { ...files[0], crc: 7 },
      ]),
    );
    expect(() => other.read('b/c.bin', 10)).toThrow('b/c.bin is packed by method 12, expected 0 or 8');
    expect(() => other.read('a.txt', 1000)).toThrow('a.txt is damaged: its checksum does not match');
  });

  it('refuses an archive truncated anywhere, and a file that is no ZIP', () => {
    const bytes = zipped(files);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => new ZipFile(bytes.subarray(0, length))).toThrow('it is not a ZIP file, or it is cut off');
    }
    expect(() => new ZipFile(bytes.subarray(20))).toThrow('its directory is damaged');
  });
});
