import { Random } from 'topspark/base/random.js';
import type { SimpleNode } from 'topspark/ros/open-node.js';
import { qosProfiles } from 'topspark/node/qos-profiles.js';
import { benchPictures } from './beside-node.js';

/** Bytes of a pixel, for the encodings that can be published here. */
export const benchEncodings = { mono8: 1, rgb8: 3, bgr8: 3, rgba8: 4, bgra8: 4 } as const;

/** Messages to publish. */
export interface BenchMessages {
  readonly sensor: 'image' | 'scan';
  /** Size of an image [pixel]. */
  readonly width: number;
  readonly height: number;
  readonly encoding: keyof typeof benchEncodings;
  /** Beams of a laser scan. */
  readonly beams: number;
}

interface Header {
  readonly stamp: ReturnType<SimpleNode['stamp']>;
  readonly frame_id: string;
}

/** Publishes the next message; a few messages take turns. */
export type BenchSender = (header: Header) => void;

/**
 * Opens a publisher like that of a sensor's driver.
 *
 * @param namespace - namespace of its topic, `numpy/`; empty: none
 */
export function benchSender(node: SimpleNode, options: BenchMessages, namespace = ''): BenchSender {
  let sent = 0;
  if (options.sensor === 'scan') {
    const scans = node.publisher('sensor_msgs/msg/LaserScan', `${namespace}scan`, qosProfiles.sensorData);
    const turns = benchScans(options.beams);
    return (header) => {
      scans.publish({ header, ...turns[sent++ % turns.length] });
    };
  }
  const { width, height, encoding } = options;
  const images = node.publisher('sensor_msgs/msg/Image', `${namespace}image`, qosProfiles.sensorData);
  const bytes = benchEncodings[encoding];
  const pictures = benchPictures(width, height, bytes);
  return (header) => {
    const data = pictures[sent++ % pictures.length];
    images.publish({ header, width, height, encoding, is_bigendian: 0, step: width * bytes, data });
  };
}

/** Laser scans in rooms of different shape. */
function benchScans(beams: number) {
  const random = new Random(1);
  return Array.from({ length: 16 }, () => {
    const [wide, long] = [1 + 4 * random.uniform(), 1 + 4 * random.uniform()];
    const increment = (2 * Math.PI) / beams;
    const ranges = Float32Array.from({ length: beams }, (_, k) => {
      const angle = k * increment - Math.PI;
      return Math.min(wide / Math.abs(Math.cos(angle)), long / Math.abs(Math.sin(angle)), 11);
    });
    const angles = { angle_min: -Math.PI, angle_max: Math.PI - increment, angle_increment: increment };
    const times = { time_increment: 0, scan_time: 0 };
    return { ...angles, ...times, range_min: 0.1, range_max: 12, ranges, intensities: new Float32Array(0) };
  });
}
