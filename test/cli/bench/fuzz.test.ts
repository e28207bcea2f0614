import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fuzzedSensors } from '../../../src/cli/bench/fuzz/messages.js';
import { WatchedFuzz } from '../../../src/cli/bench/fuzz/watched.js';
import { sensorNames } from '../../../src/encoding/sensor-kinds.js';

describe('messages that no sensor should send', () => {
  it('are made for every kind of sensor', () => {
    expect(Object.keys(fuzzedSensors)).toEqual(sensorNames);
  });

  it.each(sensorNames)('of %s crash nothing, change nothing where refused, and are all counted', async (sensor) => {
    const thread = watched();
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const result = await thread.run({ sensor, messages: 60, seed });
        expect(result).toMatchObject({ crashes: 0, firstCrash: '', changedWeights: 0, uncounted: 0, messages: 60 });
      }),
      { numRuns: 15 },
    );
  });

  it.each(sensorNames)('of %s are decided and refused, both many', async (sensor) => {
    const { decided, refused, messages } = await watched().run({ sensor, messages: 1000, seed: 3 });
    expect(decided).toBeGreaterThan(messages / 10);
    expect(Object.keys(refused).length).toBeGreaterThan(sensor === 'imu' ? 0 : 1);
  });

  it('are named where one does not end', async () => {
    const thread = watched(new URL('endless-thread.mjs', import.meta.url));
    await expect(thread.run({ sensor: 'range', messages: 100, seed: 5 })).rejects.toThrow(
      'range, seed 5: message 7 did not end within 10 s, expected a decision or a refusal',
    );
  });

  it('are told as done while they are sent', async () => {
    let done = 0;
    await watched().run({ sensor: 'range', messages: 200, seed: 1 }, (more) => (done += more));
    expect(done).toBe(200);
  });
});

function watched(...program: ConstructorParameters<typeof WatchedFuzz>): WatchedFuzz {
  const thread = new WatchedFuzz(...program);
  onTestFinished(() => thread.end());
  return thread;
}
