import { refusal } from '../base/refusal.js';
import type { AgentInput } from '../agent/events.js';
import type { SensorKind } from '../sensing/sensor.js';
import { batteryEvent, labelEvent, sensorEvent, type StampedMessage } from './input-events.js';
import type { InputReader, ReadMessage } from './input-reader.js';
import type { MessageType, MessageTypeClassName } from 'rclnodejs';

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
