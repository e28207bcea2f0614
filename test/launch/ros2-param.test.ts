import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NodeProcess } from '../ros/support/node-process.js';
import { World } from '../ros/support/world.js';
import { hasTool, ros2, type Said } from './ros2-tool.js';

const name = '/robot1/topspark';

describe.skipIf(!hasTool('param', 'dump'))('ros2 param, on a running node', () => {
  let world: World;
  let node: NodeProcess;

  const param = (verb: string, ...args: string[]): Promise<Said> =>
    ros2(world.environment, 'param', verb, '--no-daemon', '--spin-time', '4', ...args);
  const get = async (parameter: string): Promise<string> => (await param('get', name, parameter)).stdout;

  beforeAll(async () => {
    world = await World.open();
    const depth = 'qos_overrides./robot1/scan.subscription.depth:=2';
    const set = ['sensors:=[scan, imu]', 'network.neurons:=123', 'accuracy.target:=0.75', depth];
    node = await world.startActive('-r', '__ns:=/robot1', ...set.flatMap((each) => ['-p', each]));
  });
  afterAll(() => world.close());

  it('list and get: names and values; describe: what it is, with its range', async () => {
    const { stdout } = await param('list', name);
    expect(stdout.split('\n').map((line) => line.trim())).toEqual(
      expect.arrayContaining(['network.neurons', 'qos_overrides./robot1/scan.subscription.depth', 'use_sim_time']),
    );
    expect(await get('network.neurons')).toBe('Integer value is: 123');
    expect(await get('sensors')).toBe("String values are: ['scan', 'imu']");
    expect((await param('describe', name, 'accuracy.target')).stdout).toContain(
      'accuracy that the user asks for [0..1]',
    );
  });

  it('set: what may change changes; what may not is refused with the reason', async () => {
    expect((await param('set', name, 'accuracy.target', '0.8')).stdout).toBe('Set parameter successful');
    expect(await get('accuracy.target')).toBe('Double value is: 0.8');
    const high = await param('set', name, 'accuracy.target', '1.5');
    expect(high.all).toContain('parameter accuracy.target is 1.5, expected a double in 0..1');
    const structure = await param('set', name, 'network.neurons', '200');
    expect(structure.all).toContain('parameter network.neurons is read-only');
    expect(await get('network.neurons')).toBe('Integer value is: 123');
  });

  it('load: takes from a file what may change, and says what may not', async () => {
    const file = join(world.folder, 'loaded.yaml');
    const parameters = 'accuracy: {target: 0.6}, learning: {enabled: false}, network: {neurons: 200}';
    writeFileSync(file, `${name}:\n  ros__parameters: {${parameters}}\n`);
    const { all } = await param('load', name, file);
    expect(all).toContain('Set parameter accuracy.target successful');
    expect(all).toContain('Set parameter learning.enabled successful');
    expect(all).toContain('parameter network.neurons is read-only');
    expect(await get('accuracy.target')).toBe('Double value is: 0.6');
    expect(await get('learning.enabled')).toBe('Boolean value is: False');
  });

  it('dump: a node that starts with the dumped file has every value again', async () => {
    const { stdout: dumped } = await param('dump', name);
    expect(dumped).toMatch(/^\/robot1\/topspark:\n {2}ros__parameters:\n/);
    expect(dumped).toContain('    neurons: 123\n');
    const file = join(world.folder, 'dumped.yaml');
    writeFileSync(file, `${dumped}\n`);
    expect(await node.end('SIGINT')).toMatchObject({ code: 0 });

    const again = await world.startActive('-r', '__ns:=/robot1', '--params-file', file);
    expect((await param('dump', name)).stdout).toBe(dumped);
    expect(again.lines.filter(({ level }) => level >= 40)).toEqual([]);
  });
});
