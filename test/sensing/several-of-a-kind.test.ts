import { describe, expect, it } from 'vitest';
import { TopsparkError } from '../../src/base/errors.js';
import { SampleSource } from '../../src/sensing/in-time/sample-source.js';
import type { Sample } from '../../src/sensing/in-time/synchroniser.js';
import { Silence } from '../../src/sensing/refuse.js';
import { readingDifferences, readingsOf } from '../../src/sensing/sensor-reading.js';
import { inItsName, kindOf, sensorKind, sensorNames, sensorOfCause } from '../../src/sensing/sensor-kinds.js';
import { checkTopics } from '../../src/sensing/sensor-topics.js';

const turn = { angle_min: -Math.PI, angle_increment: Math.PI / 8, range_min: 0.1, range_max: 10 };
const scan = (near: number) => ({ ...turn, ranges: Float32Array.from({ length: 16 }, (_, k) => near + k / 4) });
const sync = { slop: 0.01, policy: 'wait', queue: 8 } as const;
const values = { sectors: 8, heading_free: false };

describe('the name of one of several sensors of a kind', () => {
  it.each([
    ['scan', 'scan', 'scan'],
    ['scan2', 'scan', 'scan2'],
    ['scan_rear', 'scan', 'scan_rear'],
    ['scan_rear_left2', 'scan', 'scan_rear_left2'],
    ['range11', 'range', 'range11'],
    ['image_rear', 'image', 'image_rear'],
    ['compressed_image_rear', 'compressed_image', 'image_rear/compressed'],
    ['compressed_image', 'compressed_image', 'image/compressed'],
  ])('%s is of the kind %s and reads %s', (name, kind, topic) => {
    expect(kindOf(name)?.name).toBe(kind);
    expect(sensorKind(name)).toMatchObject({ name, topic, type: sensorKind(kind).type });
  });

  it.each([
    '',
    'lidar',
    'scanner',
    'scan_',
    'scan__rear',
    'scan rear',
    'scan-rear',
    'scan/rear',
    'scan.rear',
    'rear_scan',
    'Scan',
    '2scan',
  ])('refuses %o in a sentence', (name) => {
    expect(kindOf(name)).toBeUndefined();
    expect(() => sensorKind(name)).toThrow(
      /expected one of image, .*features, events, .*; several of a kind each have their own ending/,
    );
  });

  it('belongs to no other kind', () => {
    for (const name of sensorNames) {
      for (const ending of ['', '1', '_a']) expect(kindOf(`${name}${ending}`)?.name).toBe(name);
    }
  });
});

describe('two lasers', () => {
  const source = () =>
    new SampleSource({
      use: [
        { name: 'scan', values },
        { name: 'scan_rear', values: { ...values, sectors: 12 } },
      ],
      sync,
    });
  const event = (sensor: string, stamp: bigint, message: object) => ({
    sensor,
    stamp,
    frameId: sensor,
    taken: 0,
    message,
  });
  const sampleOf = (heard: readonly object[]): Sample => {
    const sample = heard.find((each): each is Sample => 'parts' in each);
    if (sample === undefined) throw new Error('no sample is complete');
    return sample;
  };

  it('are one sample, each in its own part and with its own parameters', () => {
    const both = source();
    const alone = new SampleSource({ use: [{ name: 'scan', values }], sync });
    expect(both.columns).toBe(alone.rows * alone.columns + 12 * 16);
    expect(both.hear(event('scan', 100n, scan(1)))).toEqual([]);
    const sample = sampleOf(both.hear(event('scan_rear', 105n, scan(3))));
    expect(sample).toMatchObject({ stamp: 100n, frameId: 'scan' });
    const into = new Uint8Array(both.columns);
    expect(both.encode(sample, into)).toEqual({ usable: true, refusals: [] });
    const changed = new Uint8Array(both.columns);
    const other = source();
    other.hear(event('scan', 100n, scan(1)));
    other.encode(sampleOf(other.hear(event('scan_rear', 105n, scan(6)))), changed);
    const first = alone.rows * alone.columns;
    expect(changed.subarray(first)).not.toEqual(into.subarray(first));
    expect(both.accounts.map(({ name, heard, used }) => [name, heard, used])).toEqual([
      ['scan', 1, 1],
      ['scan_rear', 1, 1],
    ]);
  });

  it('refuse a message and report a missing one under their own names', () => {
    const both = source();
    both.hear(event('scan', 100n, scan(1)));
    const sample = sampleOf(both.hear(event('scan_rear', 105n, { ...scan(3), ranges: new Float32Array(0) })));
    const { usable, refusals } = both.encode(sample, new Uint8Array(both.columns));
    expect(usable).toBe(false);
    expect(refusals).toMatchObject([{ topic: 'scan_rear', cause: 'scan_rear_empty' }]);
    both.hear(event('scan', 200_000_000n, scan(1)));
    const late = both.hear(event('scan_rear', 400_000_000n, scan(3)));
    expect(late).toMatchObject([{ topic: 'scan', cause: 'sensor_missing' }]);
    expect((late[0] as { message: string }).message).toContain('has no scan_rear');
  });

  it('are distinguished when they are read differently', () => {
    const own = readingsOf([{ name: 'scan_front' }, { name: 'scan_rear' }]);
    const stored = JSON.parse(JSON.stringify(own)) as never;
    expect(readingDifferences(stored, own)).toEqual([]);
    const other = readingsOf([{ name: 'scan_front' }, { name: 'scan_rear', values: { near: 0.5 } }]);
    expect(readingDifferences(stored, other)).toMatchObject([{ parameter: 'scan_rear.near', own: 0.5 }]);
    const alone = readingsOf([{ name: 'scan_front' }, { name: 'scan' }]);
    expect(readingDifferences(stored, alone)).toMatchObject([{ parameter: 'sensors' }]);
  });
});

describe('an error of one of several sensors', () => {
  const error = new TopsparkError('imu_late', 'data', 'it came late, expected within imu.window');

  it('is reported under the name of the sensor, with its parameters', () => {
    expect(inItsName(error, 'imu_base')).toMatchObject({
      ...{ code: 'imu_base_late', kind: 'data', message: 'it came late, expected within imu_base.window' },
    });
    const silence = inItsName(new Silence('image_flat', 'flat: nothing to see', true), 'compressed_image_rear');
    expect(silence).toBeInstanceOf(Silence);
    expect(silence).toMatchObject({ code: 'compressed_image_rear_flat', fault: true });
  });

  it('is unchanged for the only sensor, for an internal error, and for a cause with its name', () => {
    expect(inItsName(error, 'imu')).toBe(error);
    const fault = new TypeError('ours');
    expect(inItsName(fault, 'imu_base')).toBe(fault);
    const own = new TopsparkError('imu_base_still', 'data', '');
    expect(inItsName(own, 'imu_base')).toBe(own);
  });

  it('is counted for the sensor of the longest name', () => {
    const names = ['scan', 'scan_rear', 'label'];
    expect(sensorOfCause('scan_rear_empty', names)).toBe('scan_rear');
    expect(sensorOfCause('scan_empty', names)).toBe('scan');
    expect(sensorOfCause('sensor_missing', names)).toBeUndefined();
  });
});

describe('two sensors on one topic', () => {
  it('are refused, even when remapping put them there', () => {
    const sensors = ['scan', 'scan_rear'].map(sensorKind);
    expect(() => {
      checkTopics(sensors, (topic) => `/${topic}`);
    }).not.toThrow();
    expect(() => {
      checkTopics(sensors, () => '/front/scan');
    }).toThrow('scan and scan_rear are both subscribed to /front/scan, expected one topic each; set scan_rear.topic');
  });
});
