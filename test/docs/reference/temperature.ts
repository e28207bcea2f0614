import { double, integer } from '../../../src/base/parameters.js';
import { PopulationCode } from '../../../src/sensing/motion/population-code.js';
import { refuse } from '../../../src/sensing/refuse.js';
import type { SensorEncoder, SensorKind } from '../../../src/sensing/sensor.js';

/** The field of sensor_msgs/Temperature that is read [°C]. */
interface TemperatureMessage {
  readonly temperature: number;
}

/** A thermometer: sensor_msgs/Temperature. */
export const temperature: SensorKind = {
  name: 'temperature',
  topic: 'temperature',
  type: 'sensor_msgs/msg/Temperature',
  parameters: [
    double('hottest', 100, [1, 1000], 'read-only', 'temperature of the last cell [°C]'),
    integer('cells', 16, [8, 32], 'cells from 0 °C on'),
  ],
  create(values): SensorEncoder<TemperatureMessage> {
    const code = new PopulationCode(values.number('cells'), 0.07);
    const hottest = values.number('hottest');
    return {
      ...{ rows: 1, columns: code.cells, polarity: false },
      encode: ({ temperature: degrees }, into) => {
        if (!Number.isFinite(degrees)) refuse('temperature_not_finite', `temperature is ${degrees}, expected a number`);
        code.encode(degrees / hottest, into, 0);
      },
    };
  },
};
