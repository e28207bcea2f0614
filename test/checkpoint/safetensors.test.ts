import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/base/snapshot.js';
import { decodeSnapshot, encodeSnapshot } from '../../src/checkpoint/safetensors.js';
import { OnlineClassifier } from '../../src/classifier/online-classifier.js';

const snapshot: Snapshot = {
  tensors: {
    bytes: { shape: [3], data: Uint8Array.of(1, 2, 255) },
    weights: { shape: [2, 2], data: Float32Array.of(0.1, -0, Infinity, 1e-40) },
    sums: { shape: [1], data: Float64Array.of(Math.PI) },
    stamps: { shape: [2], data: BigInt64Array.of(-1n, 2n ** 62n) },
    owners: { shape: [2], data: Int32Array.of(-1, 7) },
  },
  meta: { classes: ['kitchen', 'Küche', '台所'], samples: 12, alarm: false, nothing: null },
  weightsHash: 'abc',
};

describe('a checkpoint file', () => {
  const file = encodeSnapshot(snapshot);

  it('restores what was stored, bit for bit', () => {
    expect(decodeSnapshot(file, 'x')).toEqual(snapshot);
    expect(Object.is(decodeSnapshot(file, 'x').tensors['weights'].data[1], -0)).toBe(true);
  });

  it('is a safetensors file: header length, JSON header, offsets inside the body and aligned', () => {
    const length = Number(file.readBigUInt64LE());
    const header = JSON.parse(file.toString('utf8', 8, 8 + length)) as Record<
      string,
      { dtype: string; data_offsets: number[] }
    >;
    expect((8 + length) % 8).toBe(0);
    expect(header['weights']).toMatchObject({ dtype: 'F32', shape: [2, 2] });
    const { __metadata__: metadata, ...tensors } = header;
    for (const value of Object.values(metadata)) expect(value).toBeTypeOf('string');
    const size = { F32: 4, F64: 8, I32: 4, I64: 8, U8: 1 };
    for (const {
      dtype,
      data_offsets: [from],
    } of Object.values(tensors)) {
      expect(from % size[dtype as keyof typeof size]).toBe(0);
    }
    const end = Math.max(...Object.values(tensors).map((entry) => entry.data_offsets[1]));
    expect(8 + length + end).toBe(file.length);
  });

  it('is refused when any single byte is changed', () => {
    for (let at = 0; at < file.length; at++) {
      const broken = Buffer.from(file);
      broken[at] = (broken[at] ?? 0) ^ 0x10;
      let read: Snapshot | undefined;
      try {
        read = decodeSnapshot(broken, 'c1');
      } catch (error) {
        expect(error).toMatchObject({ name: 'TopsparkError', kind: 'checkpoint' });
        expect((error as Error).message).toMatch(/^checkpoint c1: /);
      }
      expect(read).toBeUndefined();
    }
  });

  it('is refused when it is cut anywhere', () => {
    for (let length = 0; length < file.length; length++) {
      expect(() => decodeSnapshot(file.subarray(0, length), 'c1')).toThrow(/^checkpoint c1: /);
    }
  });

  it('is refused with the reason when its format is unknown', () => {
    const other = Buffer.from(
      file.toString('latin1').replace('"format_version":"2"', '"format_version":"9"'),
      'latin1',
    );
    expect(() => decodeSnapshot(other, 'c1')).toThrow('checkpoint c1: format version is 9, expected 1 or 2');
  });

  it('is read when it was written in format 1', () => {
    const old = decodeSnapshot(
      readFileSync(new URL('../golden/checkpoint-of-format-1.safetensors', import.meta.url)),
      'c1',
    );
    const classifier = new OnlineClassifier({ neurons: 10, rows: 1, columns: 8, classes: 4, memory: 4 });
    classifier.restore(old);
    expect(classifier.hash()).toBe('d8fe55a3aa70776210756ceb0156f5523ebc89df47016917b6963695b35a2319');
    expect(classifier.samples).toBe(40);
  });
});
