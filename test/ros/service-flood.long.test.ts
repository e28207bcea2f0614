import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image, sensorQos } from './support/images.js';
import type { NodeProcess } from './support/node-process.js';
import { as } from './support/parameters.js';
import { Peer } from './support/peer.js';
import { World } from './support/world.js';

let world: World;
let client: Peer;
let node: NodeProcess;
let shown = 0;

beforeAll(async () => {
  world = await World.open();
  // A separate process: the one that publishes and counts must not be slowed down.
  client = await Peer.start(world.environment);
  node = await world.startActive();
  node.prefer();
  await world.peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status', { depth: 100 });
  await world.peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', { depth: 1000 });
  await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
});
afterAll(async () => {
  await client.close();
  await world.close();
});

const names = Array.from({ length: 1000 }, (_, k) => `name.${k}`);
const parameters = Array.from({ length: 1000 }, (_, k) => ({
  name: 'accuracy.target',
  value: as.double(0.5 + k / 4000),
}));
const count = 240;

describe('a client that calls a service as fast as it replies', () => {
  it.each([
    ['get_state', 'lifecycle_msgs/srv/GetState', {}],
    ['set_learning', 'std_srvs/srv/SetBool', { data: true }],
    ['save_checkpoint', 'std_srvs/srv/Trigger', {}],
    ['set_parameters', 'rcl_interfaces/srv/SetParameters', { parameters }],
    ['describe_parameters', 'rcl_interfaces/srv/DescribeParameters', { names }],
    ['list_parameters', 'rcl_interfaces/srv/ListParameters', {}],
  ])('gets its replies, and delays neither decisions nor the beat: %s', async (service, type, request) => {
    const { peer } = world;
    const flood = client.flood(type, `/topspark/${service}`, request, 8);
    await peer.forget('status');
    await peer.forget('decision');
    const images = Array.from({ length: count }, (_, k) => image(shown + k));
    shown += count;
    const begun = performance.now();
    await peer.publish('sensor_msgs/msg/Image', '/image', images, { qos: sensorQos, rate: 30 });
    const seconds = (performance.now() - begun) / 1000;
    const decisions = (await peer.messages('decision', 0)).length;
    const beats = (await peer.messages('status', 0)).length;
    const answered = await flood;
    expect(decisions).toBeGreaterThan(0.5 * count);
    expect(beats).toBeGreaterThan(0.4 * seconds);
    expect(answered).toBeGreaterThan(0);
  });

  it('causes a warning that its requests wait, which is counted', async () => {
    expect((await node.waitForLog('services: answers took more than a quarter of the time')).level).toBe(40);
    await world.diagnostic('/topspark', 'services', 'Times that requests were held back', (times) => times !== '0');
    await world.diagnostic('/topspark', 'services', 'Failed by a fault of the node', (times) => times === '0');
  });
});
