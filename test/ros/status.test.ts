import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image, label, sensorQos } from './support/images.js';
import { World } from './support/world.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
let world: World;

beforeAll(async () => {
  world = await World.open();
  await world.startActive('-r', '__ns:=/robot1');
});
afterAll(() => world.close());

function status(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const here = { ROS_DOMAIN_ID: String(world.domain.id), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };
  const env = { ...process.env, ...here, NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'status', ...args], { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

describe('topspark status', () => {
  it('prints the state of a running node', async () => {
    const { peer } = world;
    await world.connect('/robot1/topspark', 'image', 'sensor_msgs/msg/Image', '/robot1/image');
    await peer.subscribe('status', 'topspark_msgs/msg/Status', '/robot1/topspark/status');
    await peer.publish('sensor_msgs/msg/Image', '/robot1/image', [image(1)], { qos: sensorQos });
    await peer.messages('status', 1, { where: { decided: 1 } });
    await peer.publish('topspark_msgs/msg/Label', '/robot1/label', [label(1, 'a bar')]);
    await peer.messages('status', 1, { where: { labelled: 1 } });

    const { code, out } = await status('/robot1/topspark', '--timeout', '20');
    expect(code).toBe(0);
    expect(out).toContain('/robot1/topspark: FULL');
    expect(out).toMatch(
      /samples +1 taken, 1 decided, 1 learned, 0 familiar\n +image +1 messages heard, 1 used, .*\n +labels +1 used/,
    );
    expect(out).toMatch(/classes +1: a bar/);
    expect(out).toMatch(/stages +take [\d.]+, convert .*, idle [\d.]+ %/);

    const asJson = await status('/robot1/topspark', '--timeout', '20', '--json');
    expect(JSON.parse(asJson.out)).toMatchObject({
      mode: { name: 'FULL', forced: false, battery: null },
      status: { received: 1, decided: 1, classes: ['a bar'] },
    });
  });

  it('says that there is no such node, and what a name looks like', async () => {
    const silent = await status('/nobody', '--timeout', '1');
    expect(silent).toMatchObject({ code: 1, out: '' });
    expect(silent.err).toContain('/nobody was not found within 1 s');
    expect((await status('topspark')).code).toBe(2);
  });
});
