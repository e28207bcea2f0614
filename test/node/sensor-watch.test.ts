import { describe, expect, it } from 'vitest';
import { sensorKind } from '../../src/sensing/sensor-kinds.js';
import { offlineParameters } from '../../src/node/offline-parameters.js';
import { parameterTable } from '../../src/node/parameter-table.js';
import { SensorWatch, type Reach, type SensorReport } from '../../src/node/sensor-watch.js';

/** A watch on one sensor, and its warnings. */
function watch(name: string, expected: number) {
  const values = offlineParameters({ set: [`${name}.expected_rate:=${expected}`] }, '/topspark', parameterTable);
  const kind = sensorKind(name);
  const taken = new Map<string, number>();
  const sensors = new SensorWatch([kind], values, taken);
  const warnings: string[] = [];
  let now = 0;
  let last: SensorReport | undefined;
  return {
    warnings,
    seconds(count: number, rate: number, reach: Partial<Reach> = {}, cap = 0): SensorReport | undefined {
      for (let k = 0; k < count; k++) {
        taken.set(name, rate + (taken.get(name) ?? 0));
        const all = { [kind.topic]: { name: `/robot1/${kind.topic}`, present: 1, heard: 1, gated: false, ...reach } };
        [last] = sensors.tick(now++, cap, all, (_, cause, message) => warnings.push(`${cause}: ${message}`));
      }
      return last;
    },
  };
}

describe('SensorWatch', () => {
  it('never warns about a sensor that is faster than the lowest expected rate', () => {
    const laser = watch('scan', 8);
    expect(laser.seconds(20, 10)?.frequency.verdict).toBe('ok');
    expect(laser.warnings).toEqual([]);
  });

  it.each([0, 1, 4, 9])('warns about a steady sensor that stops, with %i messages since the last look', (rest) => {
    const laser = watch('scan', 0);
    laser.seconds(20, 10);
    laser.seconds(1, rest);
    laser.seconds(20, 0);
    expect(laser.warnings).toHaveLength(1);
    expect(laser.warnings[0]).toMatch(/^sensor_silent: nothing has come for \d+ s, though/);
  });

  it('is calm about a rare sensor, also after a burst', () => {
    const laser = watch('scan', 0);
    laser.seconds(3, 20);
    for (let k = 0; k < 10; k++) {
      laser.seconds(1, 1);
      laser.seconds(3, 0);
    }
    laser.seconds(20, 0);
    expect(laser.warnings).toEqual([]);
  });

  it('warns about a sensor that is too slow for five seconds, and suggests large messages only where plausible', () => {
    const laser = watch('scan', 8);
    laser.seconds(12, 3);
    expect(laser.warnings[0]).toMatch(
      /^rate_low: scan comes at 3\.0 Hz, expected 8 Hz: the driver is slow, or the network/,
    );
    expect(laser.warnings[0]).not.toContain('large');
    const camera = watch('image', 30);
    camera.seconds(12, 3);
    expect(camera.warnings[0]).toContain('large messages are lost on the way, see docs/sensors.md');
  });

  it.each([
    [{ present: 0, heard: 0 }, 'nothing has come yet, nobody publishes /robot1/scan: is the driver running'],
    [
      { present: 2, heard: 0 },
      '2 publishers of /robot1/scan cannot be received, with another type or quality of service',
    ],
    [{ present: 1, heard: 1 }, 'though /robot1/scan has 1 publisher: does the driver still get data?'],
  ])('reports why a sensor has never sent: %o', (reach, sentence) => {
    const laser = watch('scan', 0);
    expect(laser.seconds(1, 0, reach)?.fault).toContain(sentence);
    laser.seconds(20, 0, reach);
    expect(laser.warnings).toHaveLength(1);
    expect(laser.warnings[0]).toContain('sensor_silent: nothing has come yet');
    expect(laser.warnings[0]).toContain(sentence);
  });

  it('suggests large messages when a camera exists but no image ever came', () => {
    const camera = watch('image', 0);
    expect(camera.seconds(1, 0)?.fault).toContain('large messages may be lost on the way');
  });

  it.each([
    [{ present: 0, heard: 0 }, 'nobody publishes /robot1/scan any more: has the driver ended?'],
    [{ present: 1, heard: 1 }, 'though /robot1/scan has 1 publisher: does the driver still get data?'],
  ])('reports how long a sensor has been silent, and why: %o', (reach, sentence) => {
    const laser = watch('scan', 0);
    laser.seconds(10, 10);
    const report = laser.seconds(12, 0, reach);
    expect(report?.fault).toBe(
      reach.present === 0 ? `nothing has come for 12 s, ${sentence}` : `nothing has come for 12 s, ${sentence}`,
    );
    expect(report).toMatchObject({ silence: 12, frequency: { verdict: 'none', total: 100 } });
    expect(laser.warnings).toHaveLength(1);
  });

  it('repeats its warning when a rate is expected, and otherwise warns once about each silence', () => {
    const expected = watch('scan', 8);
    expected.seconds(15, 0);
    expect(expected.warnings.length).toBeGreaterThan(5);
    const any = watch('scan', 0);
    for (let k = 0; k < 3; k++) {
      any.seconds(8, 10);
      any.seconds(12, 0);
    }
    expect(any.warnings).toHaveLength(3);
  });

  it('does not miss an occasional sensor, nor any while the node is capped below one in two seconds', () => {
    const rare = watch('range', 0);
    rare.seconds(1, 1);
    rare.seconds(30, 0);
    expect(rare.warnings).toEqual([]);
    const capped = watch('scan', 8);
    expect(capped.seconds(30, 0, { gated: true }, 0.1)?.frequency.verdict).toBe('ok');
    expect(capped.warnings).toEqual([]);
  });

  it('judges the rate of a sensor that is read fully under a cap, but not of a throttled one', () => {
    const whole = watch('imu', 100);
    expect(whole.seconds(12, 20, { gated: false }, 10)?.frequency.verdict).toBe('low');
    expect(whole.warnings[0]).toMatch(/^rate_low: imu comes at 20\.0 Hz, expected 100 Hz/);
    expect(whole.seconds(12, 0, { gated: false }, 0.1)?.frequency.verdict).toBe('none');
    const gated = watch('scan', 100);
    expect(gated.seconds(12, 10, { gated: true }, 10)?.frequency.verdict).toBe('ok');
    expect(gated.warnings).toEqual([]);
  });
});
