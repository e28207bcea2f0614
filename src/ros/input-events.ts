import type { sensor_msgs, topspark_msgs } from 'rclnodejs';
import type { FrameEvent, LabelEvent } from '../agent/events.js';
import type { BatteryMessage } from '../energy/battery.js';
import { toNanoseconds } from './stamps.js';

/**
 * An image as the agent takes it; the pixels are neither copied nor looked at.
 *
 * @param taken - monotonic time at which the message was taken [s]
 */
export function frameEvent(message: sensor_msgs.msg.Image, taken: number): FrameEvent {
  const { header, width, height, encoding, step, data } = message;
  const bytes = data instanceof Uint8Array ? data : Uint8Array.from(data);
  const frame = { width, height, encoding, bigEndian: message.is_bigendian !== 0, step, data: bytes };
  return { stamp: toNanoseconds(header.stamp), frameId: header.frame_id, taken, frame };
}

/** A label as the agent takes it. */
export function labelEvent({ header, label }: topspark_msgs.msg.Label): LabelEvent {
  return { stamp: toNanoseconds(header.stamp), name: label };
}

/** The fields of a battery message that the agent reads; judging them is its work. */
export function batteryEvent(message: sensor_msgs.msg.BatteryState): BatteryMessage {
  const { present, percentage, charge, capacity, power_supply_status: status } = message;
  return { present, percentage, charge, capacity, status };
}
