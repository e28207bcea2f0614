import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image, sensorQos } from './support/images.js';
import type { NodeProcess } from './support/node-process.js';
import { World } from './support/world.js';

const main = new URL('../../dist/cli/main.js', import.meta.url).pathname;
const name = '/robot1/topspark';
let world: World;
let node: NodeProcess;

beforeAll(async () => {
  world = await World.open();
  const file = join(world.folder, 'parameters.yaml');
  writeFileSync(file, '/robot1/topsprak: {ros__parameters: {network: {neurons: 100}}}');
  const given = ['-p', "sensor:=['scan']", '-p', 'scan.near:=0.3', '-p', 'robot_description:=a'];
  node = await world.startActive('--params-file', file, ...given, '-r', '__ns:=/robot1');
});
afterAll(() => world.close());

/** What `topspark status` prints. */
function status(node = name, ...args: string[]): Promise<string> {
  const here = { ROS_DOMAIN_ID: String(world.domain.id), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST', NO_COLOR: '1' };
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [main, 'status', node, '--timeout', '30', ...args],
      { env: { ...process.env, ...here } },
      (error, out, err) => {
        if (error === null) resolve(out);
        else reject(new Error(err, { cause: error }));
      },
    );
  });
}

describe('a misspelt parameter', () => {
  it('is reported with the intended name, and so is a parameter file for a misspelt node', async () => {
    const warning = await node.waitForLog('parameter sensor is not known here and is ignored; did you mean sensors?');
    expect(warning.level).toBe(40);
    await node.waitForLog(`parameters are given for /robot1/topsprak, none for ${name}`);
    await node.waitForLog('scan.near is set and has no effect: it needs scan in sensors, which is [image]');
    const foreign = await node.waitForLog('parameters for other nodes are ignored: robot_description');
    expect(foreign.level).toBe(30);
  });

  it('is counted in the diagnostics as long as the node runs', async () => {
    await world.diagnostic(name, 'parameters', 'Unknown, ignored', (value) => value === '1');
    expect(await status()).toMatch(/warning +parameters: 1 not known and ignored: sensor/);
  });
});

describe('a dead sensor', () => {
  it('is reported by the log and by topspark status while nobody publishes it', async () => {
    const warning = await node.waitForLog('[sensor_silent]');
    expect(warning.msg).toContain('image: nothing has come yet, nobody publishes /robot1/image');
    expect(await status()).toMatch(/ERROR +image: No events recorded\. .*nobody publishes \/robot1\/image/);
    const json = JSON.parse(await status(name, '--json')) as { diagnostics: { name: string; level: number }[] };
    expect(json.diagnostics.find((each) => each.name === 'image')).toMatchObject({ level: 2 });
  });

  it('is reported as stopped, and since when, after it has sent', async () => {
    await world.connect(name, 'image', 'sensor_msgs/msg/Image', '/robot1/image');
    const images = Array.from({ length: 40 }, (_, index) => image(index));
    await world.peer.publish('sensor_msgs/msg/Image', '/robot1/image', images, { qos: sensorQos, rate: 10 });
    const warning = await node.waitForLog('s, though /robot1/image has 1 publisher');
    expect(warning.msg).toMatch(/nothing has come for \d+ s, .*\[sensor_silent\]/);
    expect(await status()).toMatch(/ERROR +image: No events recorded\. nothing has come for \d+ s/);
  });
});

describe('an IMU that is too slow for its window', () => {
  it('is reported by log, diagnostics and topspark status as long as nothing is decided', async () => {
    const slow = await world.startActive('-r', '__ns:=/slow', '-p', 'sensors:=[imu]');
    await world.connect('/slow/topspark', 'imu', 'sensor_msgs/msg/Imu', '/slow/imu');
    const messages = Array.from({ length: 75 }, (_, k) => ({
      header: { stamp: { sec: 1000 + Math.floor(k / 5), nanosec: (k % 5) * 200_000_000 }, frame_id: 'imu' },
    }));
    await world.peer.publish('sensor_msgs/msg/Imu', '/slow/imu', messages, { qos: sensorQos, rate: 5 });
    const { msg } = await slow.waitForLog('[nothing_decided]');
    expect(msg).toMatch(
      /^imu: nothing was decided for \d+ s, though \d+ messages came: imu_few \d+; raise imu\.window/,
    );
    await world.diagnostic('/slow/topspark', 'imu', 'Heard', (value) => value === '75');
    expect(await status('/slow/topspark')).toMatch(/ imu +75 messages heard, 75 used, 0 refused or skipped, 0 waiting/);
  });
});

describe('a battery whose driver never sets present', () => {
  it('is believed, with one warning', async () => {
    const { peer } = world;
    await world.connect(name, 'battery', 'sensor_msgs/msg/BatteryState', '/robot1/battery_state');
    await peer.subscribe('mode', 'topspark_msgs/msg/EnergyMode', `${name}/energy_mode`, {
      ...{ durability: 'transient_local', depth: 1 },
    });
    const battery = { present: false, power_supply_status: 2, percentage: 0.2 };
    const both = [battery, battery];
    await peer.publish('sensor_msgs/msg/BatteryState', '/robot1/battery_state', both, { qos: sensorQos, rate: 5 });
    await peer.messages('mode', 1, { where: { name: 'SAVER' } });
    const notice = 'battery_state: present is false though the charge is 20.0 %: the charge is used';
    await node.waitForLog(notice);
    await peer.forget('mode');
    await peer.messages('mode', 2);
    expect(node.lines.filter(({ msg }) => msg.startsWith(notice))).toHaveLength(1);
  });
});
