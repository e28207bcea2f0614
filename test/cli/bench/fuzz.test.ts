import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzedSensors } from '../../../src/cli/bench/fuzz/messages.js';
import { fuzz } from '../../../src/cli/bench/fuzz/run.js';
import { sensorNames } from '../../../src/encoding/sensor-kinds.js';

describe('messages that no sensor should send', () => {
  it('are made for every kind of sensor', () => {
    expect(Object.keys(fuzzedSensors)).toEqual(sensorNames);
  });

  it.each(sensorNames)('of %s crash nothing, change nothing where refused, and are all counted', (sensor) => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const result = fuzz(sensor, 60, seed, () => undefined);
        expect(result).toMatchObject({ crashes: 0, firstCrash: '', changedWeights: 0, uncounted: 0, messages: 60 });
      }),
      { numRuns: 15 },
    );
  });

  it.each(sensorNames)('of %s are decided and refused, both many', (sensor) => {
    const { decided, refused, messages } = fuzz(sensor, 1000, 3, () => undefined);
    expect(decided).toBeGreaterThan(messages / 10);
    expect(Object.keys(refused).length).toBeGreaterThan(sensor === 'imu' ? 0 : 1);
  });
});
