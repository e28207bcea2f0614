import { bool, integer } from '../base/parameters.js';
import { quantise } from '../snn/intensities.js';
import { refuse, Silence } from './refuse.js';
import { writeSignedRows } from './signed-rows.js';
import type { SensorEncoder, SensorKind } from './sensor.js';

/** The fields of topspark_msgs/Features that are read. */
export interface FeaturesMessage {
  readonly values: ArrayLike<number>;
}

/**
 * A vector from any source: topspark_msgs/Features. It holds intensities of 0..1, used as they are, or signed numbers,
 * used as on and off channels: on = max(0, v), off = max(0, −v), both divided by the largest magnitude in the vector.
 */
export const features: SensorKind = {
  name: 'features',
  topic: 'features',
  type: 'topspark_msgs/msg/Features',
  parameters: [
    integer('size', 64, [4, 8192], 'numbers in a vector'),
    bool(
      'signed',
      false,
      'read-only',
      'signed numbers of any scale, as on and off channels; false: intensities of 0..1',
    ),
  ],
  create(values): SensorEncoder<FeaturesMessage> {
    const size = values.number('size');
    const signed = values.bool('signed');
    const encode = signed ? writeSigned : writeIntensities;
    return {
      ...{ rows: 1, columns: signed ? 2 * size : size, polarity: false, features: { signed } },
      encode: ({ values: vector }, into) => {
        if (vector.length !== size) refuse('features_size', `vector has ${vector.length} values, expected ${size}`);
        encode(vector, into);
      },
    };
  },
};

function writeIntensities(vector: ArrayLike<number>, into: Uint8Array): void {
  quantise(vector, into);
  if (into.every((byte) => byte === 0)) silent();
}

function writeSigned(vector: ArrayLike<number>, into: Uint8Array): void {
  let largest = 0;
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i];
    if (!Number.isFinite(value)) refuse('features_not_finite', `value ${i} is ${value}, expected a finite number`);
    largest = Math.max(largest, Math.abs(value));
  }
  if (largest === 0) silent();
  writeSignedRows(vector, largest, into);
}

function silent(): never {
  throw new Silence('features_silent', 'all values are 0: nothing to see');
}
