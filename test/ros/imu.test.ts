import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Replay } from '../../src/cli/replay-run.js';
import { BagReader } from '../../src/bag/bag-reader.js';
import { bagTopics } from '../../src/bag/bag-topics.js';
import { BagWriter } from '../../src/bag/bag-writer.js';
import { agentSettings } from '../../src/node/settings-of-parameters.js';
import { offlineParameters } from '../../src/node/offline-parameters.js';
import { parameterTable } from '../../src/node/parameter-table.js';
import { image } from './support/images.js';
import type { Fields } from './support/peer.js';
import { withModes } from './support/modes.js';
import { World } from './support/world.js';
import { sensorKind } from '../../src/sensing/sensor-kinds.js';

const type = 'sensor_msgs/msg/Imu';
const folder = mkdtempSync(join(tmpdir(), 'topspark-imu-'));
let world: World;

beforeAll(async () => {
  world = await World.open();
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A stamp in the images' counting: an index is 20 ms. */
const stampOf = (milliseconds: number): { sec: number; nanosec: number } => {
  const sec = Math.floor(milliseconds / 1000);
  return { sec: 1000 + sec, nanosec: Math.round((milliseconds - 1000 * sec) * 1e6) };
};

/** Shaking along x, by how much changes from second to second. */
const imu = (milliseconds: number): Fields => ({
  header: { stamp: stampOf(milliseconds), frame_id: 'imu' },
  linear_acceleration: {
    x: (1 + Math.floor(milliseconds / 1000)) * Math.sin(milliseconds / 30),
    y: Math.cos(milliseconds / 70),
    z: 9.81,
  },
  angular_velocity: { x: 0, y: 0, z: Math.sin(milliseconds / 500) },
});

const given = (...parameters: string[]): string[] => parameters.flatMap((each) => ['-p', each]);

describe('an inertial sensor', () => {
  it('loses nothing in packets at the default quality of service', async () => {
    await world.startActive('-r', '__ns:=/packets', ...given('sensors:=[imu]', 'checkpoint.interval:=0.0'));
    const qos = { reliability: 'best_effort', depth: 100 } as const;
    await world.connect('/packets/topspark', 'imu', type, '/packets/imu', qos);
    for (let packet = 0; packet < 20; packet++) {
      const messages = Array.from({ length: 10 }, (_, k) => imu(5 * (10 * packet + k)));
      await world.peer.publish(type, '/packets/imu', messages, { qos });
    }
    await world.diagnostic('/packets/topspark', 'imu', 'Events since startup', (value) => value === '200');
  });

  it('is read fully in a mode that caps decisions, and learned as in replay', async () => {
    const { peer } = world;
    const [, modes] = withModes(world.folder, { critical: { learning: true } });
    const parameters = ['sensors:=[imu]', 'imu.window:=0.5', 'imu.hop:=2.0', modes];
    await world.startActive('-r', '__ns:=/capped', ...given(...parameters, 'energy_mode.forced:=CRITICAL'));
    const qos = { reliability: 'best_effort', depth: 100 } as const;
    await peer.subscribe('capped', 'topspark_msgs/msg/Decision', '/capped/topspark/decision', { depth: 100 });
    await world.connect('/capped/topspark', 'imu', type, '/capped/imu', qos);
    const messages = Array.from({ length: 1200 }, (_, k) => imu(5 * k));
    await peer.publish(type, '/capped/imu', messages, { qos, rate: 200 });
    await world.diagnostic('/capped/topspark', 'imu', 'Events since startup', (value) => value === '1200');
    const decisions = await peer.messages<{ header: { stamp: unknown } }>('capped', 3);
    expect(decisions.map(({ header: { stamp } }) => stamp)).toEqual([500, 2500, 4500].map(stampOf));

    const { success, message } = await peer.call('std_srvs/srv/Trigger', '/capped/topspark/save_checkpoint');
    expect(success).toBe(true);
    expect(message).toContain(await replayed(parameters, messages));
  });

  it('is matched with images by stamp although a second publisher is 5 s behind', async () => {
    const { peer } = world;
    const reliable = { depth: 100 } as const;
    const kept = ['image', 'imu'].flatMap((topic) => [
      `qos_overrides./both/${topic}.subscription.reliability:=reliable`,
      `qos_overrides./both/${topic}.subscription.depth:=100`,
    ]);
    const sync = ['sync.slop:=0.005', 'sync.queue:=100', 'imu.window:=0.2'];
    await world.startActive('-r', '__ns:=/both', ...given('sensors:=[image, imu]', ...sync, ...kept));
    await peer.subscribe('both', 'topspark_msgs/msg/Decision', '/both/topspark/decision', { depth: 100 });
    await peer.subscribe('both status', 'topspark_msgs/msg/Status', '/both/topspark/status');
    await world.connect('/both/topspark', 'image', 'sensor_msgs/msg/Image', '/both/image', reliable);
    await world.connect('/both/topspark', 'imu', type, '/both/imu', reliable);
    const indices = Array.from({ length: 40 }, (_, index) => index);
    const images = indices.map((index) => image(index));
    await peer.publish('sensor_msgs/msg/Image', '/both/image', images, { qos: reliable });
    await peer.messages('both status', 1, { where: { received: 40 } });
    const both = indices.flatMap((index) => [imu(20 * index), imu(20 * index - 5000)]);
    await peer.publish(type, '/both/imu', both, { qos: reliable });
    expect(await peer.messages('both', 40)).toHaveLength(40);
    await world.diagnostic('/both/topspark', 'imu', 'dropped: imu_late', (value) => value === '40');
  });
});

/** Hash of what is learned when the messages are replayed as a bag. */
async function replayed(set: readonly string[], messages: readonly Fields[]): Promise<string> {
  const path = join(folder, 'imu.mcap');
  const writer = await BagWriter.create(path);
  const covariance = new Float64Array(9);
  const unknown = { orientation_covariance: covariance, angular_velocity_covariance: covariance };
  for (const message of messages) {
    const { stamp } = message['header'] as { readonly stamp: { readonly sec: number; readonly nanosec: number } };
    const whole = { ...unknown, linear_acceleration_covariance: covariance, ...message };
    const orientation = { x: 0, y: 0, z: 0, w: 1 };
    const time = BigInt(stamp.sec) * 1_000_000_000n + BigInt(stamp.nanosec);
    await writer.write('/imu', type, time, { orientation, ...whole });
  }
  await writer.close();
  const settings = agentSettings(offlineParameters({ set: [...set] }, '/topspark', parameterTable));
  const bag = await BagReader.open(path);
  const replay = new Replay({ settings, topics: bagTopics([sensorKind('imu')], '/', []), mode: 'CRITICAL', rate: 0 });
  const { weightsHash, decisions } = await replay.run(bag, undefined, () => undefined);
  bag.close();
  expect(decisions).toBe(3);
  return weightsHash;
}
