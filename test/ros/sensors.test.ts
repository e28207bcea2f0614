import { afterEach, describe, expect, it } from 'vitest';
import { image, sensorQos, stampOf } from './support/images.js';
import type { Fields } from './support/peer.js';
import { World } from './support/world.js';

interface Decision {
  readonly header: { readonly stamp: { readonly sec: number; readonly nanosec: number }; readonly frame_id: string };
}

interface Status {
  readonly received: number;
  readonly decided: number;
  readonly dropped_causes: readonly string[];
  readonly dropped_counts: readonly number[];
}

let world: World;

afterEach(() => world.close());

const header = (index: number, frame: string): Fields => ({ stamp: stampOf(index), frame_id: frame });

/** A room that turns a little from scan to scan. */
const scan = (index: number, changes: Fields = {}): Fields => ({
  header: header(index, 'laser'),
  ...{ angle_min: -Math.PI, angle_max: Math.PI, angle_increment: Math.PI / 180, range_min: 0.1, range_max: 12 },
  ranges: Array.from({ length: 360 }, (_, beam) =>
    beam % 90 === index % 90 ? Infinity : 1 + ((beam + index) % 360) / 60,
  ),
  ...changes,
});

/** What each kind of sensor sends, and a fault with the cause under which it is counted. */
const kinds: [string, string, string, (index: number) => Fields, Fields, string][] = [
  ['scan', 'sensor_msgs/msg/LaserScan', 'laser', scan, scan(100, { ranges: [] }), 'scan_empty'],
];

describe('each kind of sensor', () => {
  it.each(kinds)(
    '%s is decided, and its faults are counted by cause',
    async (name, type, frame, message, fault, cause) => {
      world = await World.open();
      const { peer } = world;
      await world.startActive('-p', `sensors:=['${name}']`);
      await peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', { depth: 100 });
      await peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status');
      await world.connect('/topspark', name, type, `/${name}`);
      const messages = Array.from({ length: 20 }, (_, index) => message(index));
      await peer.publish(type, `/${name}`, messages, { qos: sensorQos, rate: 20 });
      const decisions = await peer.messages<Decision>('decision', 20);
      expect(decisions.map(({ header: told }) => told)).toEqual(messages.map((_, index) => header(index, frame)));

      await peer.publish(type, `/${name}`, [fault, fault, fault], { qos: sensorQos, rate: 20 });
      const [status] = await peer.messages<Status>('status', 1, { where: { received: 23, decided: 20 } });
      expect(status.dropped_counts[status.dropped_causes.indexOf(cause)]).toBe(3);
      await world.diagnostic('/topspark', name, `dropped: ${cause}`, (value) => value === '3');
    },
  );
});

describe('two sensors', () => {
  it('are matched by stamp, and what has no match is counted', async () => {
    world = await World.open();
    const { peer } = world;
    await world.startActive('-p', "sensors:=['image', 'scan']", '-p', 'sync.slop:=0.005', '-p', 'sync.policy:=refuse');
    await peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', { depth: 100 });
    await peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status');
    await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
    await world.connect('/topspark', 'scan', 'sensor_msgs/msg/LaserScan', '/scan');
    const indices = Array.from({ length: 20 }, (_, index) => index);
    const scans = indices.map((index) => (index < 10 ? scan(index) : scan(index + 1000)));
    await Promise.all([
      peer.publish(
        'sensor_msgs/msg/Image',
        '/image',
        indices.map((index) => image(index)),
        { qos: sensorQos, rate: 20 },
      ),
      peer.publish('sensor_msgs/msg/LaserScan', '/scan', scans, { qos: sensorQos, rate: 20 }),
    ]);
    const [status] = await peer.messages<Status>('status', 1, { where: { received: 20, decided: 10 } });
    expect(status.dropped_causes).toEqual(['sensor_missing']);
    expect(status.dropped_counts).toEqual([10]);
    const decisions = await peer.messages<Decision>('decision', 10);
    expect(decisions.map(({ header: told }) => told)).toEqual(
      indices.slice(0, 10).map((index) => header(index, 'camera')),
    );
  });
});
