import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image, sensorQos } from './support/images.js';
import type { Status } from './support/messages.js';
import { withModes } from './support/modes.js';
import { World } from './support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.open();
  const modes = withModes(world.folder, { saver: { max_rate: 1 } });
  await world.startActive(...modes, '-p', 'energy_mode.forced:=SAVER', '-p', 'checkpoint.interval:=0.0');
  await world.peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status', { depth: 100 });
  await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
});
afterAll(() => world.close());

// gate.long.test.ts has the details: which images are taken, floods on every topic, and changing modes.
describe('SubscriptionThrottle', () => {
  it('leaves the camera unread while a capped mode needs no image', async () => {
    const images = Array.from({ length: 100 }, (_, index) => image(index));
    await world.peer.publish('sensor_msgs/msg/Image', '/image', images, { qos: sensorQos, rate: 50 });
    await world.peer.forget('status');
    const [{ received, decided, dropped_causes: dropped }] = (await world.peer.messages<Status>('status', 1)).slice(-1);
    // One a second; the rest is neither taken nor dropped.
    expect(decided).toBeGreaterThan(0);
    expect(decided).toBeLessThan(50);
    expect(received).toBe(decided);
    expect(dropped).toEqual([]);
  });
});
