import { double, integer } from '../../base/parameters.js';
import { DistanceCode, leastDistance } from './distance-code.js';
import { refuse, Silence } from '../refuse.js';
import type { SensorEncoder, SensorKind } from '../sensor.js';

/** The fields of sensor_msgs/Range that are read [m]. */
export interface RangeMessage {
  readonly min_range: number;
  readonly max_range: number;
  readonly range: number;
}

/** One distance, as ultrasonic and infrared sensors send it: sensor_msgs/Range. */
export const range: SensorKind = {
  name: 'range',
  topic: 'range',
  type: 'sensor_msgs/msg/Range',
  parameters: [
    integer('inverse_cells', 8, [4, 64], 'cells over inverse distance'),
    integer('log_cells', 8, [4, 64], 'cells over logarithmic distance'),
    double('near', 0.05, [0.01, 10_000], 'read-only', 'distance below which all is equally near [m]'),
    double('far', 5, [0.01, 10_000], 'read-only', 'distance beyond which all is equally far [m]'),
  ],
  create(values): SensorEncoder<RangeMessage> {
    const code = new DistanceCode('range', {
      inverseCells: values.number('inverse_cells'),
      logCells: values.number('log_cells'),
      near: values.number('near'),
      far: values.number('far'),
    });
    return {
      ...{ rows: 1, columns: code.cells, polarity: false },
      encode: ({ min_range: low, max_range: high, range: distance }, into) => {
        if (!(low >= 0 && high >= low && high > 0)) {
          refuse(
            'range_limits',
            `min_range is ${low} and max_range ${high}, expected 0 ≤ min_range ≤ max_range, above 0`,
          );
        }
        if (Number.isNaN(distance)) refuse('range_not_a_number', `range is NaN, expected a distance or ±Inf`);
        // A sensor with one fixed distance only reports whether something is within it: −Inf or +Inf.
        if (low === high && distance === -Infinity) {
          code.encode(low, into, 0);
          return;
        }
        // REP-117: outside the limits, nothing was seen or it was too close to measure.
        if (!(distance >= low && distance <= high && Number.isFinite(distance))) {
          throw new Silence('range_silent', `range is ${distance}, expected ${low}..${high} m: nothing to see`);
        }
        // Drivers send 0 where no echo came.
        if (distance < leastDistance) {
          const expected = `${leastDistance}..${high} m`;
          throw new Silence('range_silent', `range is ${distance}, expected ${expected}: nothing was measured`);
        }
        code.encode(distance, into, 0);
      },
    };
  },
};
