import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { image, label, sensorQos, stampOf } from './support/images.js';
import type { Status } from './support/messages.js';
import type { Fields } from './support/peer.js';
import { World } from './support/world.js';

const imageType = 'sensor_msgs/msg/Image';
const labelType = 'topspark_msgs/msg/Label';
const full = ['-p', 'energy_mode.forced:=FULL'];
const deep = (topic: string): string[] =>
  ['reliability:=reliable', 'depth:=100'].flatMap((each) => ['-p', `qos_overrides./${topic}.subscription.${each}`]);
const reliable = { depth: 100 } as const;

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(() => world.close());

async function start(...parameters: string[]): Promise<void> {
  await world.startActive(...full, ...deep('image'), ...parameters);
  await world.peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status', { depth: 100 });
  await world.peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', { depth: 500 });
  await world.connect('/topspark', 'image', imageType, '/image', reliable);
  await world.connect('/topspark', 'label', labelType, '/label', reliable);
}

async function heard(fields: Fields): Promise<Status> {
  const [status] = (await world.peer.messages<Status>('status', 1, { where: fields })).slice(-1);
  return status;
}

/** Sends an image and waits for its decision: every sample of a test is decided. */
async function see(index: number): Promise<void> {
  await world.peer.publish(imageType, '/image', [image(index)], { qos: reliable });
  await world.peer.messages('decision', index + 1);
}

describe('labels over ROS', () => {
  it('are all used when each is published just before its image', async () => {
    await start();
    for (let k = 0; k < 40; k++) {
      await world.peer.publish(labelType, '/label', [label(k)], { qos: reliable });
      await see(k);
    }
    const status = await heard({ decided: 40, labelled: 40 });
    expect(status).toMatchObject({ labels_waiting: 0, dropped_causes: [] });
    // 1800 samples, 20 ms from one to the next.
    expect(status.label_lateness).toBeCloseTo(36, 3);
    await world.diagnostic('/topspark', 'label', 'A label may be late by (s)', (value) => Number(value) > 35);
  });

  it('wait for samples that wait for another sensor', async () => {
    await start('-p', 'sensors:=[image,range]', '-p', 'sync.slop:=0.005', ...deep('range'));
    await world.connect('/topspark', 'range', 'sensor_msgs/msg/Range', '/range', reliable);
    const range = (index: number): Fields => ({
      header: { stamp: stampOf(index), frame_id: 'sonar' },
      ...{ radiation_type: 0, field_of_view: 0.1, min_range: 0.1, max_range: 4, range: 1 + (index % 10) / 10 },
    });
    // Five images and their labels come first, the sonar's messages later.
    for (let from = 0; from < 40; from += 5) {
      const group = [0, 1, 2, 3, 4].map((k) => from + k);
      await world.peer.publish(
        imageType,
        '/image',
        group.map((k) => image(k)),
        { qos: reliable },
      );
      await world.peer.publish(
        labelType,
        '/label',
        group.map((k) => label(k)),
        { qos: reliable },
      );
      await heard({ labels_waiting: 5, labelled: from });
      for (const k of group) {
        await world.peer.publish('sensor_msgs/msg/Range', '/range', [range(k)], { qos: reliable });
        await world.peer.messages('decision', k + 1);
      }
      await heard({ labels_waiting: 0, labelled: from + 5 });
    }
    expect(await heard({ decided: 40, labelled: 40 })).toMatchObject({ dropped_causes: [] });
  });

  it('without a sample are counted, with a sentence that says which samples there are', async () => {
    const node = await world.startActive(...full);
    await world.peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status', { depth: 100 });
    await world.connect('/topspark', 'image', imageType, '/image', sensorQos);
    await world.connect('/topspark', 'label', labelType, '/label', reliable);
    await world.peer.publish(labelType, '/label', [label(30, 'early')], { qos: reliable });
    await heard({ labels_waiting: 1 });
    const warning = await node.waitForLog('[label_waiting]');
    expect(warning.msg).toContain('1 labels wait for samples that have not come');
    await world.peer.publish(imageType, '/image', [image(1000)], { qos: sensorQos });
    const refused = await node.waitForLog('[label_unknown_stamp]');
    expect(refused.msg).toContain('label "early" names 1000.600000000 s, none of the last 1 samples: 1020.000000000 s');
    expect(await heard({ labels_waiting: 0 })).toMatchObject({ labelled: 0 });
  });
});
