import { describe, expect, it } from 'vitest';
import { DecisionWatch } from '../../src/node/decision-watch.js';

/** A watch on the sensors of an agent whose counts the test sets. */
function watch(sensors: readonly string[], { period = 0, depth = 256 } = {}) {
  const watching = new DecisionWatch();
  const messages = new Map(sensors.map((name) => [name, 0]));
  const dropped = new Map<string, number>();
  const warnings: string[] = [];
  let [decided, now] = [0, 0];
  const add = (map: Map<string, number>, more: Readonly<Record<string, number>>): void => {
    for (const [name, count] of Object.entries(more)) map.set(name, (map.get(name) ?? 0) + count);
  };
  return {
    warnings,
    rest: watching.rest.bind(watching),
    /** Lets seconds pass; the same happens in each. */
    seconds(
      count: number,
      heard: Readonly<Record<string, number>>,
      decisions = 0,
      drops: Readonly<Record<string, number>> = {},
    ): ReadonlyMap<string, string> {
      let faults: ReadonlyMap<string, string> = new Map();
      for (let k = 0; k < count; k++) {
        decided += decisions;
        add(messages, heard);
        add(dropped, drops);
        const all = [...messages].map(([name, number]) => ({ name, messages: number }));
        const watched = { status: { decided, dropped }, heard: all, period, depth: () => depth };
        faults = watching.look(now++, watched, (sensor, cause, message) => {
          warnings.push(`${sensor} ${cause}: ${message}`);
        });
      }
      return faults;
    },
  };
}

describe('DecisionWatch', () => {
  it('does not warn about a decided sensor, whatever else is refused, nor about a silent one', () => {
    const scan = watch(['scan']);
    expect(scan.seconds(60, { scan: 10 }, 1, { scan_late: 9 }).size).toBe(0);
    expect(scan.seconds(60, {}).size).toBe(0);
    expect(scan.warnings).toEqual([]);
  });

  it.each([
    ['imu_few', 'raise imu.window or the rate of the driver'],
    ['imu_late', 'is there one publisher, are its stamps in order?'],
    ['imu_stamp_stuck', 'does the driver stamp its messages?'],
    ['imu_incomplete', 'messages must come without pauses for a whole imu.window'],
  ])('warns about an IMU that completes no window, as long as that lasts: %s', (cause, remedy) => {
    const imu = watch(['imu']);
    imu.seconds(5, { imu: 100 }, 2);
    expect(imu.seconds(9, { imu: 5 }, 0, { [cause]: 5, imu_odd: 1 }).size).toBe(0);
    const fault = imu.seconds(1, { imu: 5 }, 0, { [cause]: 5 }).get('imu');
    expect(fault).toBe(`nothing was decided for 10 s, though 50 messages came: ${cause} 50, imu_odd 9; ${remedy}`);
    imu.seconds(20, { imu: 5 }, 0, { [cause]: 5 });
    expect(imu.warnings).toHaveLength(21);
    expect(imu.seconds(1, { imu: 100 }, 2).size).toBe(0);
  });

  it('names a queue shorter than a packet when windows contain too few messages', () => {
    const imu = watch(['imu'], { depth: 1 });
    const fault = imu.seconds(20, { imu: 5 }, 0, { imu_few: 2 }).get('imu');
    expect(fault).toContain('at most 1 wait for the node, and the rest of a packet is lost: raise its qos_overrides');
  });

  it('warns when nothing was refused either, and does not list labels and batteries as causes', () => {
    const fault = watch(['imu']).seconds(20, { imu: 5 }, 0, { label_empty: 9, battery_absent: 9 }).get('imu');
    expect(fault).toBe(
      'nothing was decided for 19 s, though 95 messages came: no sample is complete yet, and none was refused; ' +
        'messages that wait for a match are counted',
    );
  });

  it('waits twice the longest time between decisions, and starts over when the node did not listen', () => {
    const slow = watch(['imu'], { period: 30 });
    expect(slow.seconds(60, { imu: 5 }).size).toBe(0);
    slow.rest();
    expect(slow.seconds(60, { imu: 5 }).size).toBe(0);
    expect(slow.seconds(1, { imu: 5 }).size).toBe(1);
  });

  it('warns about another sensor that no sample uses', () => {
    const both = watch(['image', 'imu']);
    const drops = { imu_few: 9, imu_unused: 50 };
    const faults = both.seconds(11, { image: 10, imu: 5 }, 10, { imu_missing: 1, ...drops });
    expect([...faults]).toEqual([
      [
        'imu',
        '100 samples were decided without it in 10 s, though 50 messages came: imu_few 90, imu_missing 10; ' +
          'raise imu.window or the rate of the driver',
      ],
    ]);
    expect(both.warnings[0]).toContain('imu sensor_unused: ');
    expect(both.seconds(11, { image: 10, imu: 100 }, 10, { imu_missing: 9 }).size).toBe(0);
  });
});
