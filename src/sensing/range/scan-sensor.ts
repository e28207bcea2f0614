import { bool, double, integer, limit } from '../../base/parameters.js';
import { RangeEncoder, rangeEncoderDefaults as standard } from './range-encoder.js';
import type { SensorEncoder, SensorKind } from '../sensor.js';

/** The fields of sensor_msgs/LaserScan that are read. */
export interface LaserScanMessage {
  readonly angle_min: number;
  readonly angle_increment: number;
  readonly range_min: number;
  readonly range_max: number;
  readonly ranges: ArrayLike<number>;
}

/** Bounds of near and far [m]. */
const distances = [0, 10_000] as const;

/** A laser: sensor_msgs/LaserScan. */
export const scan: SensorKind = {
  name: 'scan',
  topic: 'scan',
  type: 'sensor_msgs/msg/LaserScan',
  parameters: [
    integer(
      'sectors',
      standard.sectors,
      [4, 720],
      'equal sectors of the circle, each with the median of its beams; with fewer beams, a sector for each',
    ),
    integer('inverse_cells', standard.inverseCells, [2, 64], 'cells over inverse distance per sector'),
    integer('log_cells', standard.logCells, [2, 64], 'cells over logarithmic distance per sector'),
    double(
      'near',
      standard.near,
      distances,
      'read-only',
      'distance below which all is equally near [m]; 0: the sensor’s own',
    ),
    double(
      'far',
      standard.far,
      distances,
      'read-only',
      'distance beyond which all is equally far [m]; 0: the sensor’s own',
    ),
    bool(
      'heading_free',
      standard.headingFree,
      'read-only',
      'turn each scan so that it starts at its freest direction; false where left and right matter',
    ),
    limit(integer('max_beams', standard.maxBeams, [1, 2 ** 20], 'scans with more beams are refused')),
  ],
  create(values): SensorEncoder<LaserScanMessage> {
    const encoder = new RangeEncoder({
      sectors: values.number('sectors'),
      inverseCells: values.number('inverse_cells'),
      logCells: values.number('log_cells'),
      near: values.number('near'),
      far: values.number('far'),
      headingFree: values.bool('heading_free'),
      maxBeams: values.number('max_beams'),
    });
    const { rows, columns, polarity, shown } = encoder;
    return {
      ...{ rows, columns, polarity, shown },
      encode: (message, into) => {
        const { ranges, angle_min: angleMin, angle_increment: angleIncrement } = message;
        const { range_min: rangeMin, range_max: rangeMax } = message;
        encoder.encode({ ranges, angleMin, angleIncrement, rangeMin, rangeMax }, into);
      },
    };
  },
};
