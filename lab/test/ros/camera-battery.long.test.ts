import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDataset } from '../../src/datasets/dataset.js';
import { toNanoseconds, type Stamp } from '../../../src/base/time.js';
import { World } from '../../../test/ros/support/world.js';

const camera = fileURLToPath(new URL('../../dist/demo/demo-camera.js', import.meta.url));
const battery = fileURLToPath(new URL('../../dist/demo/demo-battery.js', import.meta.url));
const sensorData = { reliability: 'best_effort', depth: 10 } as const;
const reliable = { reliability: 'reliable', depth: 500 } as const;

interface Stamped {
  readonly header: { readonly stamp: Stamp; readonly frame_id: string };
}
interface Named extends Stamped {
  readonly label: string;
}
interface Pictured extends Stamped {
  readonly encoding: string;
  readonly width: number;
  readonly height: number;
  readonly step: number;
  readonly data: readonly number[];
}

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(async () => {
  await world.close();
});

const stampOf = ({ header }: Stamped): bigint => toNanoseconds(header.stamp);

describe('the camera', () => {
  it('publishes images at its rate, labels a share, publishes the truth of each, then ends', async () => {
    const { peer } = world;
    await peer.subscribe('image', 'sensor_msgs/msg/Image', 'image', sensorData);
    await peer.subscribe('label', 'topspark_msgs/msg/Label', 'label', reliable);
    await peer.subscribe('truth', 'topspark_msgs/msg/Label', 'truth', reliable);
    const parameters = ['rate:=50.0', 'samples:=150', 'label_share:=0.5', 'seed:=5', 'await_truth:=true'];
    const process = world.run(camera, ...parameters.flatMap((parameter) => ['-p', parameter]));
    const truths = await peer.messages<Named>('truth', 150);
    expect((await process.end()).code).toBe(0);
    const images = await peer.messages<Pictured>('image', 100);
    const labels = await peer.messages<Named>('label', 1);

    expect(truths).toHaveLength(150);
    const stamps = truths.map(stampOf);
    expect([...new Set(stamps)].sort((a, b) => Number(a - b))).toEqual(stamps);
    const seconds = Number((stamps.at(-1) ?? 0n) - (stamps[0] ?? 0n)) * 1e-9;
    expect(seconds).toBeGreaterThan(149 / 50 - 0.1);
    // The median: some are late on a busy machine.
    const periods = stamps.slice(1).map((stamp, k) => Number(stamp - (stamps[k] ?? 0n)) * 1e-9);
    expect(periods.sort((a, b) => a - b)[75]).toBeLessThan(1.5 / 50);

    const truthOf = new Map(truths.map((truth) => [stampOf(truth), truth.label]));
    for (const label of labels) expect(truthOf.get(stampOf(label))).toBe(label.label);
    expect(labels.length).toBeGreaterThan(50);
    expect(labels.length).toBeLessThan(100);

    const { train, classNames } = loadDataset('mnist');
    const byPixels = new Map<string, string>();
    for (let index = 0; index < train.count; index++) {
      const pixels = train.images.subarray(index * 784, (index + 1) * 784);
      byPixels.set(Buffer.from(pixels).toString('latin1'), classNames[train.labels[index] ?? 0] ?? '');
    }
    for (const image of images) {
      expect(image).toMatchObject({
        encoding: 'mono8',
        width: 28,
        height: 28,
        step: 28,
        header: { frame_id: 'camera' },
      });
      expect(byPixels.get(Buffer.from(image.data).toString('latin1'))).toBe(truthOf.get(stampOf(image)));
    }
  });

  it('refuses an invalid rate in one line and with exit code 2', async () => {
    const process = world.run(camera, '-p', 'rate:=0.0');
    expect((await process.end()).code).toBe(2);
    expect(process.other).toBe('camera: parameter rate is 0, expected a number in 0.01..1000\n');
  });
});

describe('the battery', () => {
  it('drains once enough subscribers listen, stays at its end, and stops at SIGINT', async () => {
    const parameters = ['from:=0.9', 'to:=0.4', 'seconds:=2.0', 'listeners:=2'];
    const process = world.run(battery, ...parameters.flatMap((parameter) => ['-p', parameter]));
    const { peer } = world;
    type Reading = Stamped & { percentage: number; voltage: number; current: number; temperature: number };
    await peer.subscribe('first', 'sensor_msgs/msg/BatteryState', 'battery_state', sensorData);
    await peer.subscribe('second', 'sensor_msgs/msg/BatteryState', 'battery_state', sensorData);
    const readings = await peer.messages<Reading>('second', 12);
    const charges = readings.map(({ percentage }) => percentage);
    expect([...charges].sort((a, b) => b - a)).toEqual(charges);
    expect(charges[0]).toBeGreaterThan(0.6);
    expect(charges.at(-1)).toBeCloseTo(0.4, 6);
    expect(readings[0]?.temperature).toBeNaN();
    expect(readings[0]?.current).toBeLessThan(0);
    const { code, seconds } = await process.end('SIGINT');
    expect(code).toBe(0);
    expect(seconds).toBeLessThan(4);
    expect(process.other).toBe('');
  });

  it('waits for a camera if asked, so that both begin together', async () => {
    const parameters = ['from:=0.9', 'to:=0.4', 'seconds:=60.0', 'await_camera:=true'];
    const { peer } = world;
    await peer.subscribe('awaiting', 'sensor_msgs/msg/BatteryState', 'battery_state', sensorData);
    const process = world.run(battery, ...parameters.flatMap((parameter) => ['-p', parameter]));
    await expect
      .poll(async () => (await peer.endpoints('battery_state')).publishers, { timeout: 60_000 })
      .toHaveLength(1);
    const before = BigInt(Date.now()) * 1_000_000n;
    await peer.publish('sensor_msgs/msg/Image', 'image', [{}], { qos: sensorData, subscribers: 0 });
    const [first] = await peer.messages<Stamped>('awaiting', 1);
    expect(stampOf(first)).toBeGreaterThan(before);
    expect((await process.end('SIGINT')).code).toBe(0);
  });
});
