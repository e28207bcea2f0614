import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image, sensorQos } from './support/images.js';
import { dropped, type Status } from './support/messages.js';
import { changeState, stateOf, transitions } from './support/lifecycle.js';
import { withModes } from './support/modes.js';
import { World } from './support/world.js';

const parameters = {
  'network.policy': 'rate',
  'network.neurons': 6400,
  'network.seed': 5,
  'checkpoint.interval': 0,
};

let world: World;

beforeAll(async () => {
  world = await World.open();
  const modes = withModes(world.folder, { full: { timesteps: 1000 } });
  await world.startActive(
    ...modes,
    ...Object.entries(parameters).flatMap(([name, value]) => ['-p', `${name}:=${value}`]),
  );
  await world.peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status');
  await world.peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', { depth: 1000 });
});
afterAll(() => world.close());

describe('a network whose samples take longer than the interval of images', () => {
  it('replies to services while it decides, keeps the newest image and counts the others', async () => {
    const { peer } = world;
    await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
    const images = Array.from({ length: 1000 }, (_, index) => image(index));
    let flooding = true as boolean;
    const flood = peer.publish('sensor_msgs/msg/Image', '/image', images, { qos: sensorQos, rate: 250 }).then(() => {
      flooding = false;
    });
    let answers = 0;
    while (flooding) {
      expect(await stateOf(peer, '/topspark')).toBe('active');
      answers++;
    }
    await flood;
    const [decision] = await peer.messages<{ timesteps: number; timesteps_run: number }>('decision', 1);
    expect(decision).toMatchObject({ timesteps: 1000, timesteps_run: 1000 });
    const [last] = (await peer.messages<Status>('status', 2)).slice(-1);
    const busy = dropped(last, 'busy') ?? 0;
    expect(busy).toBeGreaterThan(0);
    expect(last.decided).toBeGreaterThan(0);
    expect(last.received - busy - last.decided).toBeLessThanOrEqual(2); // one being decided, one waiting
    expect(answers).toBeGreaterThan(0);
  });

  it('finishes the current sample when it is deactivated', async () => {
    const { peer } = world;
    const images = Array.from({ length: 200 }, (_, index) => image(2000 + index));
    await peer.forget('decision');
    const flood = peer.publish('sensor_msgs/msg/Image', '/image', images, { qos: sensorQos, rate: 250 });
    await peer.messages('decision', 5);
    expect(await changeState(peer, '/topspark', transitions.deactivate)).toBe(true);
    await flood;
    await peer.forget('status');
    expect(await changeState(peer, '/topspark', transitions.activate)).toBe(true);
    const [{ received, decided, dropped_counts: counts }] = await peer.messages<Status>('status', 1);
    expect(decided + counts.reduce((sum, count) => sum + count)).toBe(received);
  });
});
