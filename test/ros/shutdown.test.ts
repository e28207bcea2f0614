import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image, label, sensorQos } from './support/images.js';
import { NodeProcess } from './support/node-process.js';
import { withModes } from './support/modes.js';
import { World } from './support/world.js';

interface Header {
  readonly stamp: { readonly sec: number; readonly nanosec: number };
}

const patient = { timeout: 60_000, interval: 100 };
let world: World;
let folder: string;

beforeAll(async () => {
  world = await World.open();
  folder = join(world.folder, 'topspark', 'topspark');
  await world.peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', { depth: 100 });
});
afterAll(() => world.close());

describe('a running node', () => {
  it.each([['SIGINT'], ['SIGINT', 'SIGINT'], ['SIGTERM'], ['SIGINT', 'SIGTERM']] satisfies NodeJS.Signals[][])(
    'ends on %s %s with a saved checkpoint and exit code 0 within 4 s',
    async (signal, again?) => {
      const node = await world.startActive();
      const before = stored().length;
      const ending = await node.end(signal, again);
      expect(ending).toMatchObject({ code: 0, signal: null });
      expect(ending.seconds).toBeLessThan(4);
      expect(stored().length === 3 || stored().length === before + 1).toBe(true);
      expect(node.lines.filter(({ msg }) => msg.startsWith('saved checkpoint-'))).toHaveLength(1);
      expect(node.other).toBe('');
      // After an orderly shutdown it has left the graph; a node that just exits stays there for the rest of its lease
      // of 20 s.
      const left = async (): Promise<string[]> => (await world.peer.endpoints('/image')).subscribers;
      await expect.poll(left, { timeout: 5000 }).toEqual([]);
    },
  );

  it('ends the same way when it is not active, with nothing to save', async () => {
    const node = world.start('-p', 'autostart:=false');
    await world.peer.services('/topspark/change_state', 1);
    expect(await node.end('SIGTERM')).toMatchObject({ code: 0, signal: null });
    expect(node.lines.filter(({ msg }) => msg.startsWith('saved'))).toEqual([]);
    expect(node.other).toBe('');
  });
});

/** Index of the image with that stamp; the inverse of stampOf. */
function indexOf({ stamp: { sec, nanosec } }: Header): number {
  return 50 * (sec - 1000) + nanosec / 20_000_000;
}

describe('a node that was killed', () => {
  it('respawns with what it had learned, even when the newest checkpoint is broken', async () => {
    const { peer } = world;
    const options = ['-p', 'checkpoint.interval:=1.0', '-p', 'checkpoint.keep:=5'];
    const first = await world.startActive(...options);
    await peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status');
    const images = Array.from({ length: 60 }, (_, index) => image(index));
    await peer.publish('sensor_msgs/msg/Image', '/image', images, { qos: sensorQos, rate: 40 });
    // Of the decided ones: a busy machine loses images at depth 1.
    const heard = await peer.messages<{ header: Header }>('decision', 3);
    const [kind, ...others] = heard.slice(-3).map(({ header }) => indexOf(header));
    const labels = [label(kind, 'seen'), ...others.map((index) => label(index))];
    await peer.publish('topspark_msgs/msg/Label', '/label', labels);
    await peer.messages('status', 1, { where: { labelled: 3 } });
    // A save that began before the labels may end now; the next one contains them. Without changes nothing is saved.
    const saves = (): number => first.lines.filter(({ msg }) => msg.startsWith('saved')).length;
    const before = saves();
    const goOn = async (): Promise<number> => {
      await peer.publish('sensor_msgs/msg/Image', '/image', [image(60)], { qos: sensorQos });
      return saves();
    };
    await expect.poll(goOn, patient).toBeGreaterThan(before + 1);
    expect(await first.end('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    const [saved] = first.lines.filter(({ msg }) => msg.startsWith('saved')).slice(-1);
    const [, name, hash] = /saved (\S+), weights (\S+)/.exec(saved.msg) ?? [];

    const second = await world.startActive(...options, '-p', 'learning.enabled:=false');
    expect((await second.waitForLog('restored')).msg).toContain(`restored ${name}, weights ${hash}`);
    await peer.forget('decision');
    // The killed node's subscription still counts as matched for a while.
    const decided = async (): Promise<number> => {
      await peer.publish('sensor_msgs/msg/Image', '/image', [image(100, kind % 10)], { qos: sensorQos });
      return (await peer.messages('decision', 0, { where: { label: 'seen' } })).length;
    };
    await expect.poll(decided, patient).toBeGreaterThan(0);
    await second.end('SIGKILL');

    writeFileSync(join(folder, 'checkpoint-99999990.safetensors'), 'half a checkp');
    const third = await world.startActive(...options);
    const warning = await third.waitForLog('checkpoint-99999990');
    expect(warning).toMatchObject({ level: 40 });
    expect((await third.waitForLog('restored')).msg).toContain(`restored ${name}, weights ${hash}`);
    await third.end('SIGINT');
  });
});

describe('a node that cannot start', () => {
  const params = (content: string): string[] => {
    const file = join(world.folder, `${Math.random()}.yaml`);
    writeFileSync(file, content);
    return ['--params-file', file];
  };
  const cases: [string, () => string[], string][] = [
    ['a value out of range', () => ['-p', 'accuracy.target:=2.0'], 'accuracy.target is 2.0, expected a double in 0..1'],
    [
      'a value of another type',
      () => ['-p', 'network.neurons:=many'],
      'network.neurons is "many", expected an integer',
    ],
    ['an array', () => ['-p', 'network.neurons:=[1, 2]'], 'network.neurons is [1, 2], expected an integer'],
    [
      'modes out of order',
      // In a folder of its own: they start side by side, and files are read once the folder of checkpoints is locked.
      () => [
        ...withModes(world.folder, { saver: { min_battery: 0.9 } }),
        ...['-p', `checkpoint.directory:=${join(world.folder, 'apart')}`],
      ],
      'modes.yaml: mode SAVER: minBattery is 0.9, expected below 0.3',
    ],
    [
      'no file of modes',
      () => ['-p', 'modes.file:=/no/such/modes.yaml'],
      'modes.file /no/such/modes.yaml cannot be read: ENOENT',
    ],
    ['an unknown quality of service', () => ['-p', 'qos_overrides./image.subscription.reliability:=best'], 'is "best"'],
    ['no parameter file', () => ['--params-file', '/no/such/file.yaml'], '/no/such/file.yaml'],
    ['a broken parameter file', () => params('/**:\n  ros__parameters: [1,'), 'parse'],
  ];

  it.concurrent.each(cases)('%s: says why in one line and ends with 2', async (_name, args, reason) => {
    const node = world.start(...args());
    const line = await node.waitForLog(reason);
    expect(line.level).toBeGreaterThanOrEqual(50);
    expect(line.msg).not.toContain('\n');
    expect(await node.end()).toMatchObject({ code: 2, signal: null });
    // rcl itself also reports what it cannot read.
    expect(node.other).toMatch(/^(\[ERROR\] \S+ \[rcl\]: Failed to parse global arguments\n\n?)?$/);
  });
});

describe('without a sourced ROS 2 the node', () => {
  it('says so in one line, before rclnodejs reports a broken binding', async () => {
    const node = new NodeProcess({ ...process.env, AMENT_PREFIX_PATH: undefined });
    const line = await node.waitForLog('AMENT_PREFIX_PATH is not set, expected a sourced ROS 2');
    expect(line.level).toBe(60);
    expect(await node.end()).toMatchObject({ code: 1, signal: null });
    expect(node.other).toBe('');
  });
});

function stored(): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
  } catch {
    return [];
  }
}
