import type { sensor_msgs, std_msgs, topspark_msgs } from 'rclnodejs';
import type { LabelEvent } from '../agent/events.js';
import type { SensorEvent } from '../sensing/sensor-event.js';
import type { BatteryMessage } from '../energy/battery.js';
import { toNanoseconds } from '../base/stamps.js';

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
