import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image, sensorQos } from './support/images.js';
import type { NodeProcess } from './support/node-process.js';
import { getParameters } from './support/parameters.js';
import { World } from './support/world.js';

const parameters = `
/robot1/topspark:
  ros__parameters:
    network.neurons: 101
    battery.timeout: 7
robot2:
  eyes:
    ros__parameters:
      network: {neurons: 102}
      qos_overrides:
        /cam:
          subscription: {depth: 5}
        /robot2/eyes/decision:
          publisher: {depth: 7}
/*/eyes:
  ros__parameters: {network: {memory: 77}}
eyes:
  ros__parameters: {accuracy: {window: 55}}
/**:
  ros__parameters:
    accuracy: {target: 0.5}
    image: {with: 30}
    someone_elses: {list: [1, 2]}
/robot3/topspark:
  ros__parameters: {network: {neurons: 103}}
`;

let world: World;
let first: NodeProcess;
let second: NodeProcess;

beforeAll(async () => {
  world = await World.open();
  await world.peer.subscribe('events', 'rcl_interfaces/msg/ParameterEvent', '/parameter_events', { depth: 1000 });
  const file = join(world.folder, 'parameters.yaml');
  writeFileSync(file, parameters);
  const common = ['--params-file', file, '-p', 'checkpoint.keep:=2'];
  first = world.start(...common, '-r', '__ns:=/robot1', '--log-level', 'warn');
  second = world.start(...common, '-r', '__ns:=/robot2', '-r', '__node:=eyes', '-r', 'image:=/cam');
  await second.waitForLog('active');
  await world.peer.services('/robot1/topspark/save_checkpoint', 1);
});
afterAll(() => world.close());

describe('two nodes on one machine', () => {
  const names = ['network.neurons', 'network.memory', 'accuracy.window', 'checkpoint.keep'];

  it('each get the parameters meant for them, by full name, nested name, pattern and bare name', async () => {
    const one = await getParameters(world.peer, '/robot1/topspark', ...names, 'battery.timeout', 'accuracy.target');
    expect(one.map((value) => value.integer_value).slice(0, 4)).toEqual([101, 1800, 1000, 2]);
    expect(one.map((value) => value.double_value).slice(4)).toEqual([7, 0.5]);
    const two = await getParameters(world.peer, '/robot2/eyes', ...names, 'qos_overrides./cam.subscription.depth');
    expect(two.map((value) => value.integer_value)).toEqual([102, 77, 55, 2, 5]);
  });

  it('have the quality of service of a topic as parameters when one of them was given', async () => {
    const of = (topic: string): string[] =>
      ['depth', 'reliability'].map((policy) => `qos_overrides.${topic}.publisher.${policy}`);
    const given = await getParameters(world.peer, '/robot2/eyes', ...of('/robot2/eyes/decision'));
    expect(given).toMatchObject([{ integer_value: 7 }, { string_value: 'reliable' }]);
    const none = await getParameters(world.peer, '/robot2/eyes', ...of('/robot2/eyes/status'));
    expect(none).toMatchObject([{ type: 0 }, { type: 0 }]);
  });

  it('use topics under their own names, and remapped inputs', async () => {
    const { peer } = world;
    await peer.subscribe('one', 'topspark_msgs/msg/Decision', '/robot1/topspark/decision');
    await peer.subscribe('two', 'topspark_msgs/msg/Decision', '/robot2/eyes/decision');
    await expect.poll(async () => (await peer.endpoints('/cam')).subscribers).toEqual(['/robot2/eyes']);
    await world.connect('/robot1/topspark', 'image', 'sensor_msgs/msg/Image', '/robot1/image');
    await world.connect('/robot2/eyes', 'image', 'sensor_msgs/msg/Image', '/cam');
    await peer.publish('sensor_msgs/msg/Image', '/robot1/image', [image(1)], { qos: sensorQos });
    await peer.messages('one', 1);
    await peer.publish('sensor_msgs/msg/Image', '/cam', [image(2)], { qos: sensorQos });
    await peer.messages('two', 1);
    expect(await peer.messages('one', 0)).toHaveLength(1);
  });

  it('warn about a misspelt parameter, but not about one of another node', () => {
    const unknown = first.lines.filter(({ msg }) => msg.includes('is not known here'));
    expect(unknown.map(({ level, msg }) => [level, msg.split(' ')[1]])).toEqual([[40, 'image.with']]);
  });

  it('publish their parameter events where every node does', async () => {
    for (const node of ['/robot1/topspark', '/robot2/eyes']) {
      expect((await world.peer.endpoints('/parameter_events')).publishers).toContain(node);
    }
    expect((await world.peer.endpoints('/robot1/parameter_events')).publishers).toEqual([]);
  });

  it('log no line below --log-level', async () => {
    expect(first.lines.filter(({ level }) => level < 40)).toEqual([]);
    expect(second.lines.some(({ level }) => level === 30)).toBe(true);
    const service = '/robot1/topspark/set_logger_levels';
    await world.peer.call('rcl_interfaces/srv/SetLoggerLevels', service, {
      levels: [{ name: 'robot1.topspark', level: 20 }],
    });
    await expect
      .poll(
        async () => {
          const mode = 'SAVER';
          await world.peer.call('topspark_msgs/srv/SetEnergyMode', '/robot1/topspark/set_energy_mode', { mode });
          await world.peer.call('topspark_msgs/srv/SetEnergyMode', '/robot1/topspark/set_energy_mode', {
            mode: 'AUTO',
          });
          return first.lines.some(({ level, msg }) => level === 30 && msg.startsWith('energy mode'));
        },
        { timeout: 60_000, interval: 200 },
      )
      .toBe(true);
  });
});

describe('incompatible quality of service', () => {
  it('causes a warning', async () => {
    const qos = { reliability: 'best_effort' } as const;
    const label = { label: 'unheard' };
    await world.peer.publish('topspark_msgs/msg/Label', '/robot2/label', [label], { qos, subscribers: 0 });
    const warning = await second.waitForLog('[qos_incompatible]');
    expect(warning.msg).toContain('label: 1 of 1 publishers cannot be received, this node requests reliable, volatile');
  });
});
