import { parse } from '@foxglove/rosmsg';
import { MessageReader, MessageWriter } from '@foxglove/rosmsg2-serialization';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readCdr, writeCdr } from '../../src/base/cdr.js';
import { CdrReader, CdrWriter, type Definitions } from '../../src/base/cdr-codec.js';
import { schemaOf } from '../../src/bag/bag-definitions.js';

const of = (type: string): Definitions => parse(schemaOf(type), { ros2: true });

const types = [
  'diagnostic_msgs/msg/DiagnosticArray',
  ...['Image', 'CompressedImage', 'LaserScan', 'Imu', 'PointCloud2', 'Range', 'BatteryState', 'Joy'].map(
    (name) => `sensor_msgs/msg/${name}`,
  ),
  ...['Decision', 'Status', 'EnergyMode', 'Label', 'Features', 'ClassEdit'].map((name) => `topspark_msgs/msg/${name}`),
];

/**
 * One of every kind of field, each where it is hardest to place: after a byte, in a sequence, of fixed length, nested.
 */
const everyKind: Definitions = parse(
  [
    ...['bool', 'int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64'].flatMap(
      (type) => [`byte of_${type}`, `${type} one_${type}`, `${type}[] many_${type}`, `${type}[3] three_${type}`],
    ),
    ...['string one', 'string[] many', 'string[2] two', 'test/Inner inner', 'test/Inner[] inners', 'test/Nothing none'],
    ...['uint8 last', 'int32 CONSTANT=3'],
    ...['===', 'MSG: test/Inner', 'byte at', 'float64 value', 'string name', 'int16[] list'],
    ...['===', 'MSG: test/Nothing', 'int32 CONSTANT=3'],
  ].join('\n'),
  { ros2: true },
);

type Field = Definitions[number]['definitions'][number];

const numbers: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  bool: fc.boolean(),
  int8: fc.integer({ min: -128, max: 127 }),
  uint8: fc.integer({ min: 0, max: 255 }),
  int16: fc.integer({ min: -32768, max: 32767 }),
  uint16: fc.integer({ min: 0, max: 65535 }),
  int32: fc.integer(),
  uint32: fc.nat(0xffffffff),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  uint64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  float32: fc.float(),
  float64: fc.double(),
  time: fc.record({ sec: fc.integer(), nanosec: fc.nat(0xffffffff) }),
  duration: fc.record({ sec: fc.integer(), nanosec: fc.nat(0xffffffff) }),
};

/** Values of a field, as the node fills them. */
function valueOf({ type, isComplex, isArray, arrayLength }: Field, definitions: Definitions): fc.Arbitrary<unknown> {
  const one = isComplex === true ? messageOf(type, definitions) : (numbers[type] ?? fc.string({ unit: 'grapheme' }));
  if (isArray !== true) return one;
  const length = arrayLength === undefined ? { maxLength: 9 } : { minLength: arrayLength, maxLength: arrayLength };
  return fc.array(one, length);
}

function messageOf(type: string | undefined, definitions: Definitions): fc.Arbitrary<object> {
  const found = type === undefined ? definitions[0] : definitions.find(({ name }) => name === type);
  const fields = (found?.definitions ?? []).filter(({ isConstant }) => isConstant !== true);
  return fc.record(Object.fromEntries(fields.map((field) => [field.name, valueOf(field, definitions)])));
}

afterEach(() => {
  vi.restoreAllMocks();
});

/** The result: a message, or why it was refused. */
function outcome(read: () => unknown): unknown {
  try {
    return { message: read() };
  } catch (error) {
    return { refused: (error as Error).message };
  }
}

describe.each([['of every kind', everyKind] as const, ...types.map((type) => [type, of(type)] as const)])(
  'a message %s',
  (_, definitions) => {
    const [reader, writer] = [new CdrReader(definitions), new CdrWriter(definitions)];
    const [genericReader, genericWriter] = [new MessageReader(definitions), new MessageWriter(definitions)];
    const message = messageOf(undefined, definitions);

    it('has a codec of its own: neither the generic reader nor the generic writer is called', () => {
      const generic = [
        vi.spyOn(MessageReader.prototype, 'readMessage'),
        vi.spyOn(MessageWriter.prototype, 'writeMessage'),
      ];
      fc.assert(
        fc.property(message, (value) => {
          reader.read(writer.write(value));
        }),
      );
      for (const each of generic) expect(each).not.toHaveBeenCalled();
    });

    it('is written to the same bytes as by the generic writer', () => {
      fc.assert(
        fc.property(message, (value) => {
          expect(Buffer.compare(writer.write(value), writeCdr(genericWriter, value))).toBe(0);
        }),
      );
    });

    it('is read as by the generic reader, at any offset in memory', () => {
      fc.assert(
        fc.property(message, fc.nat(8), (value, at) => {
          const bytes = writeCdr(genericWriter, value);
          const memory = new Uint8Array(bytes.length + 20).fill(0xff);
          memory.set(bytes, at);
          const part = memory.subarray(at, at + bytes.length);
          expect(reader.read(part)).toEqual(readCdr(genericReader, part));
        }),
      );
    });

    it('is refused in the same words, or read alike, when it is damaged or truncated', () => {
      const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 });
      fc.assert(
        fc.property(message, damage, fc.nat(), (value, places, cut) => {
          const bytes = writeCdr(genericWriter, value).slice();
          for (const [place, byte] of places) bytes[place % bytes.length] = byte;
          const part = bytes.subarray(0, cut % (2 * bytes.length));
          expect(outcome(() => reader.read(part))).toEqual(outcome(() => readCdr(genericReader, part)));
        }),
        { numRuns: 300 },
      );
    });
  },
);

describe("a codec's reader", () => {
  it('reads each text of messages that come in the same memory, alike or not', () => {
    const definitions = of('sensor_msgs/msg/Image');
    const [reader, generic] = [new CdrReader<object>(definitions), new MessageReader<object>(definitions)];
    const writer = new MessageWriter(definitions);
    const memory = new Uint8Array(512);
    const names = ['front', 'front', 'right', '', 'front', 'fr\xf6t', 'x'.repeat(100), 'x'.repeat(100), 'right'];
    for (const name of names) {
      const bytes = writeCdr(writer, {
        ...{ header: { stamp: { sec: 1, nanosec: 2 }, frame_id: name }, height: 1, width: 1, encoding: 'mono8' },
        ...{ is_bigendian: 0, step: 1, data: Uint8Array.of(3) },
      });
      memory.set(bytes);
      expect(reader.read(memory)).toEqual(readCdr(generic, memory));
      expect(reader.read(memory)).toMatchObject({ header: { frame_id: name }, encoding: 'mono8' });
    }
  });
});

describe("a codec's writer", () => {
  it('copies bytes that are contiguous', () => {
    const definitions: Definitions = parse('uint8[] data\nuint8[] more\nint32 last', { ros2: true });
    const [writer, generic] = [new CdrWriter(definitions), new MessageWriter(definitions)];
    const image = { data: Uint8Array.from({ length: 1001 }, (_, k) => k), more: [1, 2], last: -1 };
    expect(Buffer.compare(writer.write(image), writeCdr(generic, image))).toBe(0);
  });

  it('leaves missing fields and values of another type to the generic writer', () => {
    const definitions = of('topspark_msgs/msg/Label');
    const [writer, generic] = [new CdrWriter<object>(definitions), new MessageWriter(definitions)];
    for (const odd of [{}, { label: 'a' }, { header: {}, label: 3, kind: 'x' }]) {
      expect(Buffer.compare(writer.write(odd), writeCdr(generic, odd))).toBe(0);
    }
  });

  it('fills the first bytes of its memory, usual and unusual messages by turns', () => {
    const definitions = of('topspark_msgs/msg/Label');
    const [writer, generic] = [new CdrWriter<object>(definitions), new MessageWriter(definitions)];
    const header = { stamp: { sec: 1, nanosec: 2 }, frame_id: 'camera' };
    for (const label of ['a', undefined, 'b'.repeat(3000), undefined, '', 'é']) {
      const message = { header, label, kind: 1 };
      const length = writer.encode(message);
      expect(Buffer.compare(writer.bytes.subarray(0, length), writeCdr(generic, message))).toBe(0);
    }
  });

  it('leaks nothing of the previous message in padding', () => {
    const definitions: Definitions = parse('string text\nuint8 small\nfloat64 large', { ros2: true });
    const [writer, generic] = [new CdrWriter(definitions), new MessageWriter(definitions)];
    writer.write({ text: '\xff'.repeat(40), small: 255, large: -1 });
    const next = { text: '', small: 1, large: 2 };
    expect(Buffer.compare(writer.write(next), writeCdr(generic, next))).toBe(0);
  });
});

describe('a codec for a definition', () => {
  it('that doubles with every type, or contains itself, is left to the generic reader', () => {
    const level = (name: string, inner: string) => ({
      name,
      definitions: ['a', 'b'].map((each) => ({ name: each, type: inner, isComplex: true, isArray: true })),
    });
    const depth = Array.from({ length: 40 }, (_, k) => level(`t/T${k}`, `t/T${k + 1}`));
    const bytes = Uint8Array.of(0, 1, 0, 0, ...new Uint8Array(8));
    for (const last of [{ name: 't/T40', definitions: [] }, level('t/T40', 't/T40')]) {
      expect(new CdrReader([...depth, last]).read(bytes)).toEqual({ a: [], b: [] });
      expect(new CdrWriter<object>([...depth, last]).write({ a: [], b: [] })).toEqual(Buffer.from(bytes));
    }
  });

  it('with names that could be code is left to the generic reader', () => {
    const field = { name: 'x: (globalThis.broken = true)', type: 'uint8' };
    const definitions = [{ definitions: [field] }];
    const bytes = Uint8Array.of(0, 1, 0, 0, 7);
    expect(new CdrReader(definitions).read(bytes)).toEqual({ [field.name]: 7 });
    expect(Buffer.compare(new CdrWriter<object>(definitions).write({ [field.name]: 7 }), bytes)).toBe(0);
    expect(globalThis).not.toHaveProperty('broken');
  });
});
