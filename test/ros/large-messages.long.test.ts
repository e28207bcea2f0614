import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { sensorQos } from './support/images.js';
import type { Status } from './support/messages.js';
import { World } from './support/world.js';

const profile = fileURLToPath(new URL('../../config/fastdds_large_messages.xml', import.meta.url));
const frames = 180;

// Deeper than the node's default depth of 1: frames that are lost because a busy machine makes the node wait are not
// the subject here. Frames lost in the publisher's shared memory are lost at any depth.
const waiting = 'qos_overrides./image.subscription.depth:=12';

it('640×480 rgb8 at 30 Hz, best effort, are all taken with the shipped profile', { retry: 2 }, async () => {
  const world = await World.open({ FASTRTPS_DEFAULT_PROFILES_FILE: profile });
  onTestFinished(() => world.close());
  const { peer } = world;
  const node = world.start('-p', waiting);
  node.prefer();
  await node.waitForLog('active');
  await peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status');
  await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
  await peer.film('/image', { width: 640, height: 480, count: frames, rate: 30, qos: sensorQos });
  await peer.forget('status');
  const [, status] = await peer.messages<Status>('status', 2);
  expect(status.received).toBe(frames);
  // Each is decided, or counted as dropped.
  expect(status.decided + status.dropped_counts.reduce((sum, count) => sum + count, 0)).toBe(frames);
  expect(status.decided).toBeGreaterThan(frames / 2);
});
