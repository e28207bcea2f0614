import { map, merge, type Observable } from 'rxjs';
import type { MessageType, MessageTypeClassName } from '../ros/rclnodejs.js';
import type { SimpleNode } from '../ros/open-node.js';
import { qosProfiles, type QosProfile } from '../ros/qos-profiles.js';
import { toNanoseconds } from '../ros/stamps.js';
import type { DemoEvent, ModeHeard, StatusHeard } from './events.js';

type Status = MessageType<'topspark_msgs/msg/Status'>;

/** Deep enough for the seconds in which a terminal is slow. */
const deep = { ...qosProfiles.output, depth: 1000 };

/**
 * Hears the agent. Mode comes before decision, so that when both are waiting a decision is counted in the mode that was
 * told before it.
 */
export function hearAgent(node: SimpleNode): Observable<DemoEvent> {
  return merge(
    hear(node, 'topspark_msgs/msg/EnergyMode', 'topspark/energy_mode', qosProfiles.latched, readMode),
    hear(node, 'topspark_msgs/msg/Decision', 'topspark/decision', deep, (message) => ({
      kind: 'decision',
      stamp: toNanoseconds(message.header.stamp),
      label: message.label,
      timesteps: message.timesteps,
      timestepsRun: message.timesteps_run,
    })),
    hear(node, 'topspark_msgs/msg/Status', 'topspark/status', qosProfiles.output, readStatus),
  );
}

/**
 * Hears the robot around the agent: what its camera really showed and its battery. Both wait for these subscriptions
 * before they begin, so that not one decision is missed.
 *
 * @param pictures - hear the camera's pictures too
 */
export function hearRobot(node: SimpleNode, pictures: boolean): Observable<DemoEvent> {
  const truth = hear(node, 'topspark_msgs/msg/Label', 'truth', deep, ({ header, label }) => ({
    kind: 'truth',
    stamp: toNanoseconds(header.stamp),
    label,
  }));
  const battery = hear(node, 'sensor_msgs/msg/BatteryState', 'battery_state', qosProfiles.sensorData, (message) => ({
    kind: 'battery',
    charge: message.percentage,
  }));
  if (!pictures) return merge(truth, battery);
  const image = hear(node, 'sensor_msgs/msg/Image', 'image', qosProfiles.sensorData, ({ width, height, data }) => ({
    kind: 'image',
    picture: { width, height, data: Uint8Array.from(data) },
  }));
  return merge(truth, battery, image);
}

function hear<T extends MessageTypeClassName>(
  node: SimpleNode,
  type: T,
  topic: string,
  profile: QosProfile,
  read: (message: MessageType<T>) => DemoEvent,
): Observable<DemoEvent> {
  return node.messages(type, topic, profile).pipe(map(read));
}

function readMode(message: MessageType<'topspark_msgs/msg/EnergyMode'>): ModeHeard {
  const { name, timesteps, events, keep, reason } = message;
  return { kind: 'mode', name, timesteps, events, keep, reason };
}

function readStatus(message: Status): StatusHeard {
  const dropped = message.dropped_causes.map((cause, index) => [cause, Number(message.dropped_counts[index])]);
  return {
    kind: 'status',
    stamp: toNanoseconds(message.header.stamp),
    received: Number(message.received),
    labelled: Number(message.labelled),
    dropped: Object.fromEntries(dropped) as Record<string, number>,
    neuronsUsed: message.neurons_used,
    neurons: message.neurons,
    accuracy: message.accuracy,
    accuracyLow: message.accuracy_low,
    accuracyHigh: message.accuracy_high,
    accuracySamples: message.accuracy_samples,
    energyUsed: message.energy_used,
    energySaved: message.energy_saved,
    latencyP50: message.latency_p50,
    latencyP99: message.latency_p99,
  };
}
