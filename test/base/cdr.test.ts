import { parse } from '@foxglove/rosmsg';
import { MessageReader, MessageWriter } from '@foxglove/rosmsg2-serialization';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schemaOf } from '../../src/bag/bag-definitions.js';
import { readCdr, writeCdr } from '../../src/base/cdr.js';

const of = (type: string): ReturnType<typeof parse> => parse(schemaOf(type), { ros2: true });
const read = (type: string, bytes: Uint8Array): unknown => readCdr(new MessageReader(of(type)), bytes);
const write = (type: string, message: object): Uint8Array => writeCdr(new MessageWriter(of(type)), message);

const features = 'topspark_msgs/msg/Features';
const header = { stamp: { sec: 3, nanosec: 4 }, frame_id: 'ab' };
const vector = write(features, { header, values: Float32Array.of(1, 2, 3, 4) });

/** The same message, big-endian: 3 s and 4 ns, "ab", four numbers. */
const bigEndian = Uint8Array.of(
  ...[0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 3, 0x61, 0x62, 0, 0, 0, 0, 0, 4],
  ...[0x3f, 0x80, 0, 0, 0x40, 0, 0, 0, 0x40, 0x40, 0, 0, 0x40, 0x80, 0, 0],
);

describe('CDR bytes', () => {
  it('are read in either byte order', () => {
    const message = { header, values: Float32Array.of(1, 2, 3, 4) };
    expect(read(features, vector)).toEqual(message);
    expect(read(features, bigEndian)).toEqual(message);
  });

  it('are read as a part of a larger memory, at any offset', () => {
    for (let at = 0; at < 9; at++) {
      const memory = new Uint8Array(vector.length + 20).fill(0xff);
      memory.set(vector, at);
      expect(read(features, memory.subarray(at, at + vector.length)), `at ${at}`).toEqual(read(features, vector));
    }
  });

  it('are refused when truncated, even when the memory continues after them', () => {
    for (const whole of [vector, bigEndian]) {
      for (let length = 0; length < whole.length; length++) {
        expect(() => read(features, whole.slice(0, length)), `${length} bytes alone`).toThrow();
        expect(() => read(features, whole.subarray(0, length)), `${length} bytes of more`).toThrow();
      }
    }
    const label = write('topspark_msgs/msg/Label', { header, label: 'a long name' });
    for (let length = 0; length < label.length; length++) {
      expect(() => read('topspark_msgs/msg/Label', label.subarray(0, length)), `${length} bytes`).toThrow();
    }
  });

  it('are refused in any encapsulation but plain CDR', () => {
    for (let kind = 0; kind < 256; kind++) {
      const bytes = vector.slice();
      bytes[1] = kind;
      if ([0, 1, 6, 7].includes(kind)) continue;
      const found = `its encapsulation is 0x00${kind.toString(16).padStart(2, '0')}, expected plain CDR`;
      expect(() => read(features, bytes)).toThrow(found);
    }
    expect(() => read(features, Uint8Array.of(1, ...vector.subarray(1)))).toThrow('encapsulation is 0x0101');
  });

  it('hold text in any script', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', 'ü', '日', '𝄞', 'e\u0301'), maxLength: 9 });
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 4 }), (label, classes) => {
        const message = { header: { ...header, frame_id: label }, label, classes, scores: Float32Array.of(1) };
        expect(read('topspark_msgs/msg/Decision', write('topspark_msgs/msg/Decision', message))).toMatchObject(message);
      }),
    );
  });
});
