import type { sensor_msgs, std_msgs, topspark_msgs, MessageType, MessageTypeClassName } from 'rclnodejs';
import { MessageReader } from '@foxglove/rosmsg2-serialization';
import { MessageChannel } from 'node:worker_threads';
import type { LabelEvent, AgentInput } from '../agent/events.js';
import type { SensorEvent } from '../sensing/sensor-event.js';
import type { BatteryMessage } from '../energy/battery.js';
import { toNanoseconds } from '../base/stamps.js';
import { TopsparkError } from '../base/errors.js';
import { standardBounds } from '../agent/agent-settings.js';
import { readCdr } from '../bag/cdr.js';
import { refusal } from '../base/refusal.js';
import type { SensorKind } from '../sensing/sensor.js';

/** A message with a header. */
export interface StampedMessage {
  readonly header: std_msgs.msg.Header;
}

/**
 * A sensor's message as the agent takes it; nothing of it is copied or looked at but the header.
 *
 * @param sensor - name of its kind
 * @param taken - monotonic time at which the message was taken [s]
 */
export function sensorEvent(sensor: string, message: StampedMessage, taken: number): SensorEvent {
  const { stamp, frame_id: frameId } = message.header;
  return { sensor, stamp: toNanoseconds(stamp), frameId, taken, message };
}

/** A label as the agent takes it. */
export function labelEvent({ header, label }: topspark_msgs.msg.Label): LabelEvent {
  return { stamp: toNanoseconds(header.stamp), name: label };
}

/** The fields of a battery message that the agent reads; judging them is its work. */
export function batteryEvent(message: sensor_msgs.msg.BatteryState): BatteryMessage {
  const { present, percentage, charge, capacity, power_supply_status: status, voltage, current } = message;
  const names = [message.header.frame_id, message.location, message.serial_number];
  return { present, percentage, charge, capacity, status, voltage, current, names };
}

/**
 * Refuses a message for its size alone: reading one costs time and memory.
 *
 * @throws {@link TopsparkError} `message_too_large`
 */
export function checkSize({ length }: Uint8Array, maxBytes: number): void {
  if (length <= maxBytes) return;
  const found = `message has ${length} bytes, expected at most input.max_bytes = ${maxBytes}`;
  throw new TopsparkError('message_too_large', 'data', found);
}

/** Smaller messages are left to the garbage collector [byte]. */
const large = 65_536;

/** A message, and what gives its memory back at once; it must not be read afterwards. */
export interface ReadMessage<Message> {
  readonly message: Message;
  readonly release: (() => void) | undefined;
}

/**
 * Reads messages of a type from the bytes (CDR) that the middleware hands over; what is large in them stays where it is.
 * What rclnodejs makes of a message takes longer, and waits for the garbage collector, a second of video at a time, which
 * costs more than all else on the way of an image.
 */
export class InputReader<T extends MessageTypeClassName> {
  readonly #reader: MessageReader<MessageType<T>>;

  /**
   * @param definitions - fields of the type, and of those that it is made of
   * @param maxBytes - larger messages are refused unread
   */
  constructor(
    readonly type: T,
    definitions: ConstructorParameters<typeof MessageReader>[0],
    readonly maxBytes = standardBounds.maxBytes,
  ) {
    this.#reader = new MessageReader(definitions);
  }

  /** @throws {@link TopsparkError} `message_too_large`, or `message_undecodable` where the bytes are not such a message */
  read(bytes: Uint8Array): ReadMessage<MessageType<T>> {
    checkSize(bytes, this.maxBytes);
    try {
      const message = readCdr(this.#reader, bytes);
      const own = bytes.byteLength === bytes.buffer.byteLength;
      return { message, release: own && bytes.length >= large ? release.bind(undefined, bytes) : undefined };
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const found = `${bytes.length} bytes came that are no ${this.type}: ${why}`;
      throw new TopsparkError('message_undecodable', 'data', found, { cause });
    }
  }
}

// What is transferred to a port that is closed is freed at once; JavaScript has no shorter way to say so.
const { port1: nowhere } = new MessageChannel();
nowhere.close();

function release({ buffer }: Uint8Array): void {
  nowhere.postMessage(undefined, [buffer as ArrayBuffer]);
}

/** A topic that the agent hears. */
export interface InputTopic<T extends MessageTypeClassName = MessageTypeClassName> {
  /** Under which its messages are refused. */
  readonly name: string;
  readonly type: T;
  /** What a message is to the agent. */
  readonly input: (read: ReadMessage<MessageType<T>>) => AgentInput;
}

/** Names of samples. */
export const labelTopic: InputTopic<'topspark_msgs/msg/Label'> = {
  name: 'label',
  type: 'topspark_msgs/msg/Label',
  input: ({ message }) => ({ topic: 'label', event: labelEvent(message) }),
};

/** The robot's battery. */
export const batteryTopic: InputTopic<'sensor_msgs/msg/BatteryState'> = {
  name: 'battery_state',
  type: 'sensor_msgs/msg/BatteryState',
  input: ({ message }) => ({ topic: 'battery_state', event: batteryEvent(message) }),
};

/**
 * A sensor's messages.
 *
 * @param monotonic - time now [s]
 */
export const sensorTopic = ({ name, type }: SensorKind, monotonic: () => number): InputTopic => ({
  name,
  type: type as MessageTypeClassName,
  input: ({ message, release }) => {
    // The types of sensors all have a header.
    const event = sensorEvent(name, message as StampedMessage, monotonic());
    return { topic: 'sensor', event: { ...event, release } };
  },
});

/** What bytes of a topic are to the agent; those that are no message of its type are refused under its name. */
export function readInput<T extends MessageTypeClassName>(
  { name, input }: InputTopic<T>,
  reader: InputReader<T>,
  bytes: Uint8Array,
): AgentInput {
  try {
    return input(reader.read(bytes));
  } catch (error) {
    return { topic: 'unread', event: refusal(name, error) };
  }
}
