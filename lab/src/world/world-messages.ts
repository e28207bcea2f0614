import { labelKinds } from 'topspark/classifier/label-kinds.js';
import type { Stamp } from 'topspark/base/time.js';
import { batteryFields, type BatteryFields } from './battery-model.js';
import type { Scan, World } from './world.js';

/** sensor_msgs/LaserScan of the robot's scanner. */
export interface ScanMessage {
  header: { stamp: Stamp; frame_id: string };
  angle_min: number;
  angle_max: number;
  angle_increment: number;
  time_increment: number;
  scan_time: number;
  range_min: number;
  range_max: number;
  ranges: Float32Array;
  intensities: Float32Array;
}

/** @param period - time between scans [s] */
export function scanMessage(scan: Scan, period: number, stamp: Stamp): ScanMessage {
  const { angleMin, angleIncrement, rangeMin, rangeMax, ranges } = scan;
  return {
    header: { stamp, frame_id: 'laser' },
    angle_min: angleMin,
    angle_max: angleMin + angleIncrement * (ranges.length - 1),
    angle_increment: angleIncrement,
    time_increment: 0,
    scan_time: period,
    range_min: rangeMin,
    range_max: rangeMax,
    ranges,
    intensities: new Float32Array(0),
  };
}

interface Vector {
  x: number;
  y: number;
  z: number;
}

/** nav_msgs/Odometry. */
export interface OdometryMessage {
  header: { stamp: Stamp; frame_id: string };
  child_frame_id: string;
  pose: { pose: { position: Vector; orientation: Vector & { w: number } }; covariance: Float64Array };
  twist: { twist: { linear: Vector; angular: Vector }; covariance: Float64Array };
}

/** topspark_msgs/Label. */
export interface LabelMessage {
  header: { stamp: Stamp; frame_id: string };
  label: string;
  kind: number;
}

/** The robot's true pose and motion as nav_msgs/Odometry, as perfect odometry would report them. */
export function odometryMessage({ robot }: World, stamp: Stamp): OdometryMessage {
  const orientation = { x: 0, y: 0, z: Math.sin(robot.heading / 2), w: Math.cos(robot.heading / 2) };
  const still = { x: 0, y: 0, z: 0 };
  const covariance = new Float64Array(36);
  return {
    header: { stamp, frame_id: 'odom' },
    child_frame_id: 'base_link',
    pose: { pose: { position: { x: robot.x, y: robot.y, z: 0 }, orientation }, covariance },
    twist: { twist: { linear: { ...still, x: robot.speed }, angular: { ...still, z: robot.turn } }, covariance },
  };
}

/**
 * sensor_msgs/BatteryState.
 *
 * @param charge - state of charge, 0..1
 * @param power - power drawn now [W]
 */
export function batteryMessage(
  charge: number,
  power: number,
  stamp: Stamp,
): BatteryFields & Pick<LabelMessage, 'header'> {
  const fields = batteryFields(charge);
  return { header: { stamp, frame_id: '' }, ...fields, current: -power / fields.voltage };
}

/** topspark_msgs/Label that names the place of the scan with this stamp. The scan was chosen at random. */
export function labelMessage(place: string, stamp: Stamp): LabelMessage {
  return { header: { stamp, frame_id: 'laser' }, label: place, kind: labelKinds.indexOf('random') };
}
