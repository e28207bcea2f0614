import { bool, choice, double, integer, limit } from '../../base/parameters.js';
import { checkCloud, type PointCloudMessage } from './point-cloud.js';
import { PolarOccupancy } from './polar-occupancy.js';
import type { SensorEncoder, SensorKind } from '../sensor.js';

/** `auto` decides by the name of the frame, see {@link opticalFrame}. */
const axes = ['auto', 'body', 'optical'];

/**
 * Names of camera frames: the suffix of REP-103, also with a word that drivers append: `camera_depth_optical_frame`.
 */
const opticalFrame = /optical(_frame)?$/;

/** A 3-D laser or a depth camera: sensor_msgs/PointCloud2. */
export const points: SensorKind = {
  name: 'points',
  topic: 'points',
  type: 'sensor_msgs/msg/PointCloud2',
  parameters: [
    integer('sectors', 32, [4, 720], 'sectors of the circle'),
    integer('rings', 12, [1, 64], 'rings, each wider than the one inside it by the same factor'),
    double('near', 0.3, [0.01, 10_000], 'read-only', 'smallest distance at which points count [m]'),
    double('far', 20, [0.01, 10_000], 'read-only', 'largest distance at which points count [m]'),
    double('min_height', -0.5, [-1000, 1000], 'read-only', 'lowest height at which points count, in their frame [m]'),
    double('max_height', 2, [-1000, 1000], 'read-only', 'largest height at which points count, in their frame [m]'),
    choice('axes', 'auto', axes, 'read-only', 'axes of the frame: body (x forward, z up), optical (z forward, y down)'),
    bool(
      'heading_free',
      true,
      'read-only',
      'turn each cloud so that it starts at the freest direction; a camera’s is not turned',
    ),
    limit(integer('max_points', 1_000_000, [1, 2 ** 26], 'clouds with more points are refused')),
  ],
  create(values): SensorEncoder<PointCloudMessage> {
    const [rows, columns] = [values.number('rings'), values.number('sectors')];
    const axes = values.text('axes');
    const maxPoints = values.number('max_points');
    const occupancy = new PolarOccupancy({
      ...{ sectors: columns, rings: rows, near: values.number('near'), far: values.number('far') },
      minHeight: values.number('min_height'),
      maxHeight: values.number('max_height'),
      headingFree: values.bool('heading_free'),
    });
    return {
      ...{ rows, columns, polarity: false },
      encode: (message, into, _, frameId) => {
        const cameras = axes === 'optical' || (axes === 'auto' && opticalFrame.test(frameId));
        occupancy.encode(checkCloud(message, maxPoints), cameras, into);
      },
    };
  },
};
