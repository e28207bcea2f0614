import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/base/yaml.js';
import type { Decision, Status } from './support/messages.js';
import type { NodeProcess } from './support/node-process.js';
import { getParameters } from './support/parameters.js';
import type { Fields } from './support/peer.js';
import { World } from './support/world.js';

const parameters = `
/**:
  ros__parameters:
    autostart: Yes
    sensors: ['features']
    features: {size: 8, signed: no}
    learning: {enabled: Off}
    checkpoint: {restore: N}
    battery: {voltage_curve: 10.5=0 12.1=0.5 12.73=1}
    qos_overrides:
      /features: {subscription: {reliability: reliable, depth: 100}}
`;

const vectors = 'topspark_msgs/msg/Features';
const reliable = { depth: 100 } as const;
let world: World;
let node: NodeProcess;

beforeAll(async () => {
  world = await World.open();
  const file = join(world.folder, 'habits.yaml');
  writeFileSync(file, parameters);
  node = await world.startActive('--params-file', file);
  const { peer } = world;
  await peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', reliable);
  await peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status');
  await world.connect('/topspark', 'features', vectors, '/features', reliable);
  await world.connect('/topspark', 'battery', 'sensor_msgs/msg/BatteryState', '/battery_state');
});
afterAll(() => world.close());

const vector = (stamp: { sec: number; nanosec: number }, values = [0, 0.2, 0.5, 1, 0, 0, 0, 0]): Fields => ({
  ...{ header: { stamp, frame_id: 'net' }, values },
});

describe('a vector', () => {
  it('is decided when rounding has moved its numbers beyond 0 and 1', async () => {
    const stamp = { sec: 5, nanosec: 0 };
    const messages = [
      vector(stamp, [1.0000001, -1e-9, 0.4, 0, 0, 0, 0, 0]),
      vector({ sec: 6, nanosec: 0 }, [1.1, 0, 0, 0, 0, 0, 0, 0]),
    ];
    await world.peer.publish(vectors, '/features', messages, { qos: reliable });
    const [decision] = await world.peer.messages<Decision>('decision', 1);
    expect(decision.header.stamp).toEqual(stamp);
    const refused = { received: 2, dropped_causes: ['intensity_out_of_range'] };
    await world.peer.messages<Status>('status', 1, { where: refused });
  });
});

describe('a stamp', () => {
  it('before 1970 comes back as sent, and one with a whole second of nanoseconds is refused', async () => {
    await world.peer.forget('decision');
    const stamps = [
      { sec: -1, nanosec: 999_999_999 },
      { sec: -1, nanosec: 0 },
      { sec: -86_400, nanosec: 7 },
      { sec: -(2 ** 31), nanosec: 1 },
      { sec: 2 ** 31 - 1, nanosec: 999_999_999 },
      { sec: 0, nanosec: 0 },
    ];
    const none = { sec: 7, nanosec: 1_000_000_000 };
    const messages = [none, ...stamps].map((stamp) => vector(stamp));
    await world.peer.publish(vectors, '/features', messages, { qos: reliable });
    const decisions = await world.peer.messages<Decision>('decision', stamps.length);
    expect(decisions.map(({ header }) => header.stamp)).toEqual(stamps);
    await node.waitForLog('the stamp is 7 s and 1000000000 ns, expected fewer than 1000000000 ns');
    await world.diagnostic('/topspark', 'features', 'dropped: stamp_invalid', (value) => value === '1');
  });
});

describe('a battery', () => {
  it('has the charge of its curve when it sends only a voltage, with one warning', async () => {
    const { peer } = world;
    await peer.subscribe('mode', 'topspark_msgs/msg/EnergyMode', '/topspark/energy_mode');
    const unknown = { percentage: NaN, charge: NaN, capacity: NaN, current: NaN, power_supply_status: 2 };
    const message = { ...unknown, present: false, voltage: 12.1 };
    await peer.publish('sensor_msgs/msg/BatteryState', '/battery_state', [message, message], { rate: 20 });
    await node.waitForLog('the battery reports only a voltage: ');
    const near = (battery: number): boolean => Math.abs(battery - 0.5) < 1e-6;
    const heard = async (): Promise<boolean> => {
      const [mode] = (await peer.messages<{ battery: number }>('mode', 1)).slice(-1);
      await peer.forget('mode');
      return near(mode.battery);
    };
    await expect.poll(heard, { timeout: 10_000 }).toBe(true);
  });
});

describe('a robot that has to distinguish left from right', () => {
  const scans = 'sensor_msgs/msg/LaserScan';
  const labels = 'topspark_msgs/msg/Label';
  const header = (k: number): Fields => ({ stamp: { sec: 100 + k, nanosec: 0 }, frame_id: 'laser' });
  const sides = ['left', 'right'];
  /** A wall near by on one side. */
  const scan = (k: number): Fields => {
    const near = (beam: number): boolean => (k % 2 === 0 ? beam > 8 && beam < 28 : beam > 44 && beam < 64);
    return {
      header: header(k),
      ...{ angle_min: 0, angle_max: (2 * Math.PI * 71) / 72, angle_increment: (2 * Math.PI) / 72 },
      ...{ range_min: 0.1, range_max: 12 },
      ranges: Array.from({ length: 72 }, (_, beam) => (near(beam) ? 1 : 5) + ((k * 7 + beam) % 5) / 50),
    };
  };

  /** Shows and labels scans; afterwards the node has judged its answers. */
  async function drive(space: string, ...parameters: string[]): Promise<NodeProcess> {
    const { peer } = world;
    const kept = ['reliability:=reliable', 'depth:=300'].map(
      (each) => `qos_overrides./${space}/scan.subscription.${each}`,
    );
    const given = [...kept, ...parameters].flatMap((each) => ['-p', each]);
    const driven = await world.startActive('-r', `__ns:=/${space}`, '-p', "sensors:=['scan']", ...given);
    await peer.subscribe(space, 'topspark_msgs/msg/Status', `/${space}/topspark/status`);
    await world.connect(`/${space}/topspark`, 'scan', scans, `/${space}/scan`, { depth: 300 });
    const count = 220;
    const all = Array.from({ length: count }, (_, k) => k);
    await peer.publish(scans, `/${space}/scan`, all.map(scan), { qos: { depth: 300 }, rate: 0 });
    await peer.messages<Status>(space, 1, { where: { decided: count } });
    const named = all.map((k) => ({ header: header(k), label: sides[k % 2] }));
    await peer.publish(labels, `/${space}/label`, named, { qos: { depth: 300 }, rate: 400 });
    await peer.messages<Status>(space, 1, { where: { labelled: count } });
    await world.diagnostic(`/${space}/topspark`, 'accuracy', 'Labelled samples', (value) => value === String(count));
    return driven;
  }

  it('is warned once why it cannot while scans are rotated, and can without rotation', async () => {
    const turned = await drive('turned');
    const warning = await turned.waitForLog('[heading_free]');
    expect(warning.msg).toContain('if sides matter, set scan.heading_free: false and learn again');
    const still = await drive('still', 'scan.heading_free:=false');
    expect(still.lines.filter(({ msg }) => msg.includes('[heading_free]'))).toEqual([]);
    expect(turned.lines.filter(({ msg }) => msg.includes('[heading_free]'))).toHaveLength(1);
  });
});

describe('words of a parameter file', () => {
  it('are true and false in the node', async () => {
    const names = ['autostart', 'learning.enabled', 'checkpoint.restore', 'features.signed'];
    const found = await getParameters(world.peer, '/topspark', ...names);
    expect(found.map(({ type, bool_value }) => [type, bool_value])).toEqual([
      [1, true],
      [1, false],
      [1, false],
      [1, false],
    ]);
  });

  it('are read offline as by ROS itself', async () => {
    const cases = ['y', 'n', 'yes', 'no', 'true', 'false', 'on', 'off'].flatMap((word) => {
      const first = word[0].toUpperCase() + word.slice(1);
      return [word, word.toUpperCase(), first, `${word}s`, `${word[0]}${word.slice(1).toUpperCase()}`, `'${word}'`];
    });
    const given = cases.flatMap((word, k) => ['-p', `w${k}:=${word}`]);
    const script = [
      'import json, rclpy',
      `rclpy.init()`,
      `node = rclpy.create_node('words', cli_args=['--ros-args'] + json.loads(${JSON.stringify(JSON.stringify(given))}),`,
      '  automatically_declare_parameters_from_overrides=True, start_parameter_services=False)',
      `print(json.dumps([node.get_parameter(f'w{k}').value for k in range(${cases.length})]))`,
    ].join('\n');
    const { stdout } = await promisify(execFile)('python3', ['-c', script], { env: world.environment });
    const found = JSON.parse(stdout) as unknown[];
    expect(cases.map((word) => parseYaml(word, 'it'))).toEqual(found);
  });
});
