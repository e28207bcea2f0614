import { map, merge, type Observable } from 'rxjs';
import type { SimpleNode } from 'topspark/ros/open-node.js';
import { qosProfiles } from 'topspark/node/qos-profiles.js';
import { toNanoseconds } from 'topspark/base/time.js';
import type {
  BatteryHeard,
  DecisionHeard,
  DemoEvent,
  ImageHeard,
  ModeHeard,
  StatusHeard,
  TruthHeard,
} from './demo-events.js';
import { scanPicture } from './scan-picture.js';

/** Deep enough for a terminal that is slow for seconds. */
const deep = { ...qosProfiles.output, depth: 1000 };

/** Receives the agent's messages. */
export function hearAgent(node: SimpleNode): Observable<DemoEvent> {
  return merge(modes(node), decisions(node), statuses(node));
}

/**
 * Receives the robot around the agent: the true classes of its camera's images, and its battery. Both wait for these
 * subscriptions before they start, so that no decision is missed.
 *
 * @param pictures - whether to receive the images of the camera or the scans of the laser, too
 */
export function hearRobot(node: SimpleNode, pictures: 'image' | 'scan' | false): Observable<DemoEvent> {
  const robot = merge(truths(node), batteries(node));
  if (pictures === false) return robot;
  return merge(robot, pictures === 'scan' ? scans(node) : images(node));
}

function modes(node: SimpleNode): Observable<ModeHeard> {
  return node.messages('topspark_msgs/msg/EnergyMode', 'topspark/energy_mode', qosProfiles.latched).pipe(
    map(({ header, name, timesteps, events, keep, reason }) => {
      return { kind: 'mode', stamp: toNanoseconds(header.stamp), name, timesteps, events, keep, reason };
    }),
  );
}

function decisions(node: SimpleNode): Observable<DecisionHeard> {
  return node.messages('topspark_msgs/msg/Decision', 'topspark/decision', deep).pipe(
    map(({ header, label, timesteps, timesteps_run: timestepsRun }) => {
      return { kind: 'decision', stamp: toNanoseconds(header.stamp), label, timesteps, timestepsRun };
    }),
  );
}

function statuses(node: SimpleNode): Observable<StatusHeard> {
  return node.messages('topspark_msgs/msg/Status', 'topspark/status', qosProfiles.output).pipe(
    map((message) => ({
      kind: 'status',
      stamp: toNanoseconds(message.header.stamp),
      received: Number(message.received),
      dropped: counts(message.dropped_causes, message.dropped_counts),
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
    })),
  );
}

function truths(node: SimpleNode): Observable<TruthHeard> {
  return node
    .messages('topspark_msgs/msg/Label', 'truth', deep)
    .pipe(map(({ header, label }) => ({ kind: 'truth', stamp: toNanoseconds(header.stamp), label })));
}

function batteries(node: SimpleNode): Observable<BatteryHeard> {
  return node
    .messages('sensor_msgs/msg/BatteryState', 'battery_state', qosProfiles.sensorData)
    .pipe(map(({ percentage }) => ({ kind: 'battery', charge: percentage })));
}

function images(node: SimpleNode): Observable<ImageHeard> {
  return node
    .messages('sensor_msgs/msg/Image', 'image', qosProfiles.sensorData)
    .pipe(
      map(({ width, height, data }) => ({ kind: 'image', picture: { width, height, data: Uint8Array.from(data) } })),
    );
}

function scans(node: SimpleNode): Observable<ImageHeard> {
  return node.messages('sensor_msgs/msg/LaserScan', 'scan', qosProfiles.sensorData).pipe(
    map(({ angle_min: first, angle_increment: step, ranges }) => ({
      ...{ kind: 'image', picture: scanPicture(first, step, Float32Array.from(ranges)) },
    })),
  );
}

function counts(causes: readonly string[], values: Iterable<bigint>): Record<string, number> {
  const numbers = Array.from(values, Number);
  return Object.fromEntries(causes.map((cause, index) => [cause, numbers[index] ?? 0]));
}
