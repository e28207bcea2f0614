import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readIdx, readIdxShape } from '../../src/datasets/idx.js';
import { idxBytes } from './idx-bytes.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-idx-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Writes a file and returns its path. */
function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe('readIdx', () => {
  const cube = idxBytes([2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255]);

  it('reads shape and elements', () => {
    const { shape, data } = readIdx(file('cube', cube), 3);
    expect(shape).toEqual([2, 2, 3]);
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255]);
  });

  it('returns elements whose slice is a copy', () => {
    const { data } = readIdx(file('copied', cube), 3);
    expect(data.slice(0, 2).buffer.byteLength).toBe(2);
  });

  it('recognises gzip by its content', () => {
    expect([...readIdx(file('zipped', gzipSync(cube)), 3).data]).toHaveLength(12);
  });

  it('reads only the shape of a large file, gzipped or not', () => {
    const large = idxBytes(
      [500, 28, 28],
      new Uint8Array(500 * 784).map((_, index) => index * 31),
    );
    expect(readIdxShape(file('large', large), 3)).toEqual([500, 28, 28]);
    expect(readIdxShape(file('large.gz', gzipSync(large)), 3)).toEqual([500, 28, 28]);
  });

  it.each([
    ['another magic number', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0), 'begins with 89504e47'],
    ['elements that are not bytes', Uint8Array.of(0, 0, 0x0d, 1, 0, 0, 0, 0), 'begins with 00000d01'],
    ['an empty file', new Uint8Array(0), 'is empty'],
    ['another number of dimensions', idxBytes([2], [1, 2]), 'has 1 dimensions, expected 3'],
    ['a header cut short', cube.subarray(0, 10), 'ends after 10 bytes, expected a header of 16'],
    ['a truncated body', cube.subarray(0, 20), 'holds 4 elements, expected 2 × 2 × 3 = 12'],
    ['bytes after the end', Uint8Array.of(...cube, 0), 'holds more than 12 elements, expected 2 × 2 × 3 = 12'],
    ['truncated gzip', gzipSync(cube).subarray(0, 24), 'cannot be read'],
  ])('refuses %s, naming the file', (name, bytes, sentence) => {
    const path = file(name, bytes);
    expect(() => readIdx(path, 3)).toThrow(`${path} ${sentence}`);
  });

  it('says which file is missing', () => {
    expect(() => readIdx(join(folder, 'nothing'), 1)).toThrow(/nothing cannot be read: ENOENT/);
  });

  it('inflates no more bytes than the header states', () => {
    const bomb = gzipSync(Buffer.concat([cube, Buffer.alloc(200_000_000)]), { level: 9 });
    const path = file('bomb.gz', bomb);
    const before = process.memoryUsage().arrayBuffers;
    expect(() => readIdx(path, 3)).toThrow(`${path} holds more than 12 elements, expected 2 × 2 × 3 = 12`);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  });

  it('refuses a header that states more than an array can hold, before reading', () => {
    const path = file('huge', idxBytes([65_535, 65_535, 65_535], []));
    expect(() => readIdx(path, 3)).toThrow(
      /promises 65535 × 65535 × 65535 = \d+ elements, expected at most 2147483647/,
    );
  });

  it('refuses to read a file that is larger than its header states', () => {
    const path = file('sparse', cube);
    truncateSync(path, 2 ** 40);
    expect(() => readIdx(path, 3)).toThrow('holds more than 12 elements');
  });

  it('opens no pipe, device or folder', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(() => readIdx(pipe, 1)).toThrow(`${pipe} is a pipe, expected a file`);
    expect(() => readIdx('/dev/zero', 1)).toThrow('/dev/zero is a device, expected a file');
    expect(() => readIdx(folder, 1)).toThrow(`${folder} is a folder, expected a file`);
  });
});
