import { describe, expect, it } from 'vitest';
import type { SensorEvent } from '../../src/sensing/sensor-event.js';
import type { RefusalEvent } from '../../src/base/refusal.js';
import { SampleSource } from '../../src/sensing/in-time/sample-source.js';
import type { Sample, SyncPolicy } from '../../src/sensing/in-time/synchroniser.js';
import { hilbertScan } from '../../src/snn/lean/hilbert-scan.js';
import { grey } from './frames.js';
import { imageMessage, scanMessage } from './messages.js';
import { expectProportional } from './proportional.js';
import { scan } from './scans.js';

const camera = { name: 'image', values: { width: 8, height: 8, encoding: 'contrast' } };
const laser = { name: 'scan', values: { sectors: 4 } };
const source = (policy: SyncPolicy, ...use: { name: string }[]): SampleSource =>
  new SampleSource({ use, sync: { slop: 0.05, policy, queue: 8 } });

const event = (sensor: string, stamp: bigint, message: object): SensorEvent => ({
  ...{ sensor, stamp, frameId: `${sensor} frame`, taken: 1, message },
});
const picture = (stamp: bigint): SensorEvent =>
  event('image', stamp, imageMessage(grey(8, 8, (x, y) => (x === 3 ? 250 : y))));
const turn = (stamp: bigint, ...ranges: number[]): SensorEvent => event('scan', stamp, scanMessage(scan(ranges)));
const samples = (heard: readonly (Sample | RefusalEvent)[]): Sample[] => heard.filter((each) => 'parts' in each);

describe('SampleSource of a single sensor', () => {
  it('keeps the shape of its encoder', () => {
    expect(source('wait', camera)).toMatchObject({ rows: 16, columns: 8, polarity: false });
    expect(source('wait', laser)).toMatchObject({ rows: 1, columns: 64 });
    expect(source('wait', { name: 'image' })).toMatchObject({ rows: 1, columns: 784, polarity: false });
    const plain = { name: 'image', values: { ...camera.values, encoding: 'plain' } };
    expect(source('wait', plain)).toMatchObject({ rows: 8, columns: 8, polarity: true });
  });

  it('makes a sample of each of its messages, and nothing of others', () => {
    const one = source('wait', laser);
    expect(one.hear(picture(1n))).toEqual([]);
    expect(samples(one.hear(turn(2n, 1, 2, 3, 4)))).toMatchObject([{ stamp: 2n, frameId: 'scan frame', taken: 1 }]);
    expect(one.received).toBe(1);
  });

  it("refuses an invalid message under the sensor's own cause", () => {
    const one = source('wait', laser);
    const [sample] = samples(one.hear(turn(1n)));
    const encoded = one.encode(sample, new Uint8Array(64));
    expect(encoded).toMatchObject({ usable: false, refusals: [{ topic: 'scan', cause: 'scan_empty' }] });
  });

  it('names an unknown sensor', () => {
    expect(() => source('wait', { name: 'nose' })).toThrow(
      'sensor is "nose", expected one of image, compressed_image, scan, range',
    );
  });
});

describe('SampleSource of several sensors', () => {
  const pair = (
    policy: SyncPolicy,
    message: SensorEvent,
  ): { encoded: ReturnType<SampleSource['encode']>; into: Uint8Array } => {
    const both = source(policy, camera, laser);
    const into = new Uint8Array(both.columns).fill(7);
    both.hear(message);
    const [sample] = samples(both.hear(picture(1n)));
    return { encoded: both.encode(sample, into), into };
  };
  const alone = (use: { name: string }, message: SensorEvent): Uint8Array => {
    const one = source('wait', use);
    const into = new Uint8Array(one.rows * one.columns);
    one.encode(samples(one.hear(message))[0], into);
    return into;
  };

  it('keeps messages, which may be part of the next sample too', () => {
    const release = (): never => {
      throw new Error('given back');
    };
    const both = source('wait', camera, laser);
    const into = new Uint8Array(both.columns);
    both.hear({ ...turn(2n, 1, 2, 3, 4), release });
    for (const stamp of [1n, 3n]) {
      const [sample] = samples(both.hear({ ...picture(stamp), release }));
      expect(both.encode(sample, into).usable).toBe(true);
    }
  });

  it('joins them to one row, each in its own order', () => {
    expect(source('wait', camera, laser)).toMatchObject({ rows: 1, columns: 128 + 64, polarity: false });
    const { encoded, into } = pair('wait', turn(2n, 1, 2, 3, 4));
    expect(encoded).toEqual({ usable: true, refusals: [] });
    const image = alone(camera, picture(1n));
    expectProportional(
      into.subarray(0, 128),
      Uint8Array.from(hilbertScan(16, 8), (index) => image[index]),
    );
    expectProportional(into.subarray(128), alone(laser, turn(2n, 1, 2, 3, 4)));
  });

  it('shares the events by numbers of inputs and weights, however loud each is', () => {
    const sum = (values: Uint8Array): number => values.reduce((a, b) => a + b, 0);
    for (const [weight, level] of [
      [1, 0.01],
      [1, 1],
      [3, 1],
    ]) {
      const both = source('wait', laser, { name: 'features', values: { size: 32, weight } } as { name: string });
      both.hear(event('features', 1n, { values: new Float32Array(32).fill(level) }));
      const into = new Uint8Array(64 + 32);
      both.encode(samples(both.hear(turn(1n, 1, 2, 3, 4)))[0], into);
      expect(sum(into.subarray(64)) / sum(into.subarray(0, 64))).toBeCloseTo(weight / 2, 2);
    }
  });

  it('refuses the whole sample when one message is refused', () => {
    const { encoded } = pair('wait', turn(2n));
    expect(encoded).toMatchObject({ usable: false, refusals: [{ topic: 'scan', cause: 'scan_empty' }] });
  });

  it('leaves the part of a silent sensor silent, for any policy', () => {
    const { encoded, into } = pair('refuse', turn(2n, Infinity));
    expect(encoded).toEqual({ usable: true, refusals: [] });
    expect(into.subarray(128)).toEqual(new Uint8Array(64));
  });

  it('refuses a sample when all sensors are silent', () => {
    const both = source('wait', camera, laser);
    both.hear(turn(1n, Infinity));
    const flat = event('image', 1n, imageMessage(grey(8, 8, () => 7)));
    const [sample] = samples(both.hear(flat));
    const encoded = both.encode(sample, new Uint8Array(both.columns));
    expect(encoded).toMatchObject({ usable: false, refusals: [{ topic: 'image', cause: 'image_flat' }] });
  });

  it('goes without a refused message when the policy says so', () => {
    const { encoded, into } = pair('without', turn(2n));
    expect(encoded).toMatchObject({ usable: true, refusals: [{ cause: 'scan_empty' }] });
    expect(into.subarray(128)).toEqual(new Uint8Array(64));
    expect(into.subarray(0, 128).some((byte) => byte > 0)).toBe(true);
  });
});
