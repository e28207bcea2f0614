import { parse } from '@foxglove/rosmsg';
import { MessageWriter } from '@foxglove/rosmsg2-serialization';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TopsparkError } from '../../src/base/errors.js';
import { schemaOf } from '../../src/bag/bag-definitions.js';
import { writeCdr } from '../../src/base/cdr.js';
import { InputReader } from '../../src/node/messages.js';
import { definitionsOf } from '../../src/ros/message-definitions.js';
import { messageWriter } from '../../src/ros/outputs.js';
import { ros, type MessageType, type MessageTypeClassName } from '../../src/ros/rclnodejs.js';

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const byte = fc.integer({ min: 0, max: 255 });
// A C string contains no zero.
const text = fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'Z', '8', ' ', 'é', '𝄞', '/') });
const data = fc.uint8Array({ maxLength: 50 });
const stamp = fc.record({ sec: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), nanosec: uint32 });
const header = fc.record({ stamp, frame_id: text });
const float32 = fc.float();
const float32s = fc.float32Array({ maxLength: 20 });
const xyz = fc.record({ x: fc.double(), y: fc.double(), z: fc.double() });
const covariance = fc.float64Array({ minLength: 9, maxLength: 9 });
const cells = fc.record({ cell_voltage: float32s, cell_temperature: float32s });
const field = fc.record({ name: text, offset: uint32, datatype: byte, count: uint32 });

const messages: [MessageTypeClassName, fc.Arbitrary<object>][] = [
  [
    'sensor_msgs/msg/Image',
    fc.record({ header, height: uint32, width: uint32, encoding: text, is_bigendian: byte, step: uint32, data }),
  ],
  ['sensor_msgs/msg/CompressedImage', fc.record({ header, format: text, data })],
  [
    'sensor_msgs/msg/PointCloud2',
    fc.record({
      ...{ header, height: uint32, width: uint32, fields: fc.array(field, { maxLength: 4 }) },
      ...{ is_bigendian: fc.boolean(), point_step: uint32, row_step: uint32, data, is_dense: fc.boolean() },
    }),
  ],
  [
    'sensor_msgs/msg/LaserScan',
    fc.record({
      ...{ header, angle_min: float32, angle_max: float32, angle_increment: float32, time_increment: float32 },
      ...{ scan_time: float32, range_min: float32, range_max: float32, ranges: float32s, intensities: float32s },
    }),
  ],
  [
    'sensor_msgs/msg/Imu',
    fc.record({
      ...{ header, orientation: fc.record({ x: fc.double(), y: fc.double(), z: fc.double(), w: fc.double() }) },
      ...{ orientation_covariance: covariance, angular_velocity: xyz, angular_velocity_covariance: covariance },
      ...{ linear_acceleration: xyz, linear_acceleration_covariance: covariance },
    }),
  ],
  [
    'sensor_msgs/msg/Range',
    fc.record({
      ...{ header, radiation_type: byte, field_of_view: float32, min_range: float32, max_range: float32 },
      ...{ range: float32, variance: float32 },
    }),
  ],
  ['topspark_msgs/msg/Features', fc.record({ header, values: float32s })],
  ['topspark_msgs/msg/Label', fc.record({ header, label: text, kind: byte })],
  [
    'sensor_msgs/msg/BatteryState',
    fc
      .record({
        ...{ header, voltage: float32, temperature: float32, current: float32, charge: float32, capacity: float32 },
        ...{ design_capacity: float32, percentage: float32, power_supply_status: byte, power_supply_health: byte },
        ...{ power_supply_technology: byte, present: fc.boolean(), location: text, serial_number: text },
      })
      .chain((fields) => cells.map((own) => ({ ...fields, ...own }))),
  ],
];

const readerOf = <T extends MessageTypeClassName>(type: T): InputReader<T> =>
  new InputReader(type, definitionsOf(type));

/** The bytes on the wire, written by rclnodejs. */
function serialised(type: MessageTypeClassName, message: object): Buffer {
  const Wrapper = ros.require(type) as unknown as new (plain: object) => object;
  return Buffer.from(ros.serializeMessage(new Wrapper(message), ros.require(type)));
}

interface Wrapper {
  readonly refObject: unknown;
  deserialize(from: unknown): void;
  toPlainObject(typedArrays: boolean): object;
}

/** The same, read by rclnodejs as for a subscription. */
function deserialised(type: MessageTypeClassName, bytes: Buffer): object {
  const message = ros.deserializeMessage(bytes, ros.require(type)) as Wrapper;
  message.deserialize(message.refObject);
  return message.toPlainObject(true);
}

describe.each(messages)('the bytes of a %s', (type, message) => {
  it('are read as rclnodejs reads them', () => {
    fc.assert(
      fc.property(message, (sent) => {
        const bytes = serialised(type, sent);
        const theirs = deserialised(type, bytes);
        expect(readerOf(type).read(bytes).message).toEqual(theirs);
        expect(theirs).toEqual(sent);
      }),
    );
  });

  it('are written as rclnodejs reads them, text in any script', () => {
    fc.assert(
      fc.property(message, (sent) => {
        expect(deserialised(type, messageWriter(type)(sent as MessageType<typeof type>))).toEqual(sent);
      }),
    );
  });

  it('are the same for the definitions of bags and of the fuzz', () => {
    const byText = new MessageWriter(parse(schemaOf(type), { ros2: true }));
    fc.assert(
      fc.property(message, (sent) => {
        const theirs = messageWriter(type)(sent);
        expect(Buffer.from(writeCdr(byText, sent))).toEqual(theirs);
      }),
    );
  });

  it('are refused or read when damaged, and never do anything else', () => {
    const hit = fc.record({ at: fc.nat(), value: byte });
    fc.assert(
      fc.property(message, fc.array(hit, { maxLength: 3 }), fc.nat(), (sent, hits, cut) => {
        const bytes = serialised(type, sent);
        for (const { at, value } of hits) bytes[at % bytes.length] = value;
        const damaged = bytes.subarray(0, hits.length > 0 ? bytes.length : cut % bytes.length);
        try {
          const read = readerOf(type).read(damaged).message as object;
          // No array is longer than the bytes that it was read from.
          for (const value of Object.values(read) as unknown[]) {
            if (ArrayBuffer.isView(value)) expect(value.byteLength).toBeLessThanOrEqual(damaged.length);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(TopsparkError);
          expect(error).toMatchObject({ code: 'message_undecodable' });
        }
      }),
      { numRuns: 1000 },
    );
  });
});

it('an oversized message is refused unread', () => {
  const bytes = serialised('topspark_msgs/msg/Label', { label: 'x'.repeat(1000) });
  const read = (): unknown =>
    new InputReader('topspark_msgs/msg/Label', definitionsOf('topspark_msgs/msg/Label'), 1000).read(bytes);
  expect(read).toThrow(`message has ${bytes.length} bytes, expected at most input.max_bytes = 1000`);
  expect(read).toThrow(expect.objectContaining({ code: 'message_too_large' }) as Error);
});

describe('the memory of a message', () => {
  const image = (length: number): Buffer =>
    serialised('sensor_msgs/msg/Image', { height: 1, width: length, data: new Uint8Array(length) });

  it('is released at once when it is large', () => {
    const bytes = Uint8Array.from(image(100_000));
    const { message, release } = readerOf('sensor_msgs/msg/Image').read(bytes);
    expect((message as unknown as { data: Uint8Array }).data).toHaveLength(100_000);
    release?.();
    expect(bytes.buffer.byteLength).toBe(0);
  });

  it('is kept when it is small, or shared with others', () => {
    const reader = readerOf('sensor_msgs/msg/Image');
    expect(reader.read(Uint8Array.from(image(100))).release).toBeUndefined();
    const shared = Buffer.concat([image(100_000), Buffer.alloc(8)]);
    const { release } = reader.read(shared.subarray(0, -8));
    release?.();
    expect(shared).toHaveLength(image(100_000).length + 8);
  });
});
