import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { image, label, sensorQos, stampOf } from './support/images.js';
import type { Decision, Status } from './support/messages.js';
import { World } from './support/world.js';

const count = 1500;

/** Images by which the labels lag: as far from the oldest of the 256 in the buffer as from the next to come. */
const lead = 110;

// Deeper than the node's default depth of 1, which loses an image when a busy machine makes the node wait for 20 ms.
// `topspark bench ros` measures what depth 1 takes.
const waiting = 'qos_overrides./image.subscription.depth:=100';
let world: World;

beforeEach(async () => {
  world = await World.open();
  const node = world.start('-p', waiting);
  node.prefer();
  await node.waitForLog('active');
});
afterEach(() => world.close());

describe('1,500 images at 50 Hz, best effort', () => {
  it('are all decided, in order, and one in ten is labelled', async () => {
    const { peer } = world;
    await peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', { depth: 100 });
    await peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status');
    await peer.messages('status', 1);
    const images = Array.from({ length: count }, (_, index) => image(index));
    const labels = images.flatMap((_, index) =>
      index % 10 === 3 ? [label(index, `kind ${((index / 10) % 3) | 0}`)] : [],
    );

    await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
    await peer.publish('sensor_msgs/msg/Image', '/image', images.slice(0, lead), { qos: sensorQos, rate: 50 });
    await Promise.all([
      peer.publish('sensor_msgs/msg/Image', '/image', images.slice(lead), { qos: sensorQos, rate: 50 }),
      peer.publish('topspark_msgs/msg/Label', '/label', labels, { rate: 5 }),
    ]);

    const decisions = await peer.messages<Decision>('decision', count);
    expect(decisions.map(({ header }) => header)).toEqual(
      images.map((_, index) => ({ stamp: stampOf(index), frame_id: 'camera' })),
    );
    const [last] = decisions.slice(-1);
    expect(last.classes).toEqual(['kind 0', 'kind 1', 'kind 2']);
    expect(last.scores).toHaveLength(3);
    // One in twenty may be answered as unknown.
    expect(last.classes).toContain(last.given_label);
    expect(['', last.given_label]).toContain(last.label);
    expect(last).toMatchObject({ timesteps: 35, timesteps_run: 35, learned: true });
    expect(decisions.every(({ latency }) => latency > 0 && latency < 1)).toBe(true);
    expect(decisions.every(({ energy }) => energy > 0)).toBe(true);

    const [status] = await peer.messages<Status>('status', 1, { where: { decided: count, labelled: labels.length } });
    expect(status).toMatchObject({ received: count, decided: count, learned: count, dropped_causes: [] });
    expect(status.energy_saved).toBeGreaterThan(status.energy_used);
    expect(status.memory).toBeGreaterThan(1e7);
  });
});
