import { closeSync, readSync } from 'node:fs';
import { openRegularFile } from '../base/regular-file.js';

/** Bytes with random access: a file, or a compressed file in memory. */
export interface ByteSource {
  readonly size: number;
  /**
   * Reads into all of `into`, or as far as there are bytes.
   *
   * @param at - offset of the first byte
   * @returns how many bytes were read
   */
  read(into: Uint8Array, at: number): number;
  close(): void;
}

/** @throws Error as {@link openRegularFile} */
export function fileBytes(path: string): ByteSource {
  const { descriptor, size } = openRegularFile(path);
  return {
    size,
    read: (into, at) => readSync(descriptor, into, 0, into.length, at),
    close: () => {
      closeSync(descriptor);
    },
  };
}

/** Makes a source of bytes in memory. */
export function memoryBytes(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (into, at) => {
      const found = bytes.subarray(at, at + into.length);
      into.set(found);
      return found.length;
    },
    close: () => undefined,
  };
}

/** Copies a part of a source; the copy is shorter at the end of the source. */
export function bytesAt(source: ByteSource, at: number, length: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, Math.min(length, source.size - at)));
  return bytes.subarray(0, source.read(bytes, at));
}
