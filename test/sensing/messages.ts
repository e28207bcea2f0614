import type { ImageFrame } from '../../src/sensing/image/image-frame.js';
import type { RangeScan } from '../../src/sensing/range/range-scan.js';
import type { ImageMessage } from '../../src/sensing/image/image-sensor.js';
import type { LaserScanMessage } from '../../src/sensing/range/scan-sensor.js';

/** A frame with the field names of sensor_msgs/Image. */
export function imageMessage({ width, height, encoding, bigEndian, step, data }: ImageFrame): ImageMessage {
  return { width, height, encoding, is_bigendian: Number(bigEndian), step, data };
}

/** A scan with the field names of sensor_msgs/LaserScan. */
export function scanMessage({ ranges, angleMin, angleIncrement, rangeMin, rangeMax }: RangeScan): LaserScanMessage {
  return {
    ...{ ranges, angle_min: angleMin, angle_increment: angleIncrement },
    range_min: rangeMin,
    range_max: rangeMax,
  };
}
