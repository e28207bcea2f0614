import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Replay } from '../../src/cli/replay-run.js';
import { BagReader } from '../../src/bag/bag-reader.js';
import type { BagMessage } from '../../src/bag/bag-file.js';
import { bagTopics } from '../../src/bag/bag-topics.js';
import { MessageDecoder } from '../../src/bag/message-decoder.js';
import { agentSettings } from '../../src/node/settings-of-parameters.js';
import { offlineParameters } from '../../src/node/offline-parameters.js';
import { parameterTable } from '../../src/node/parameter-table.js';
import { writeWorldBag } from '../../lab/src/world/world-bag.js';
import type { Fields } from '../ros/support/peer.js';
import { World } from '../ros/support/world.js';
import { hasTool, ros2 } from './ros2-tool.js';
import { sensorKind } from '../../src/sensing/sensor-kinds.js';

type Stamped = Fields & { readonly header: { readonly stamp: { readonly sec: number; readonly nanosec: number } } };

const seconds = 20;
// The player publishes reliably unless the bag says otherwise. With room for all messages a busy machine loses none.
const reliable = ['reliability:=reliable', 'depth:=500'].map((each) => `qos_overrides./scan.subscription.${each}`);
const parameters = ['sensors:=[scan]', 'use_sim_time:=true', 'energy_mode.forced:=FULL', ...reliable];

async function messagesOf(path: string): Promise<BagMessage[]> {
  const bag = await BagReader.open(path);
  const messages = [...bag.messages()];
  bag.close();
  return messages;
}

describe.skipIf(!hasTool('bag', 'play'))('ros2 bag play --clock, with use_sim_time', () => {
  let world: World;
  let path = '';
  let played: { topic: string; message: Stamped }[] = [];

  const of = (topic: string): Stamped[] => played.filter((each) => each.topic === topic).map(({ message }) => message);

  beforeAll(async () => {
    world = await World.open();
    path = join(world.folder, 'drive.mcap');
    await writeWorldBag(path, { seed: 2, duration: seconds, rate: 10, labels: 0.1 }, () => undefined);
    const decoder = new MessageDecoder();
    played = (await messagesOf(path)).map((message) => ({
      topic: message.channel.topic,
      message: decoder.decode(message) as Stamped,
    }));
    await world.startActive(...parameters.flatMap((each) => ['-p', each]));
    await world.peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status', { depth: 1000 });
    // Time to discover the player, as earlier messages are lost. /clock runs meanwhile, and then jumps back.
    const play = ['play', path, '--storage', 'mcap', '--clock', '50', '--delay', '5'];
    const { ok, all } = await ros2(world.environment, 'bag', ...play, '--disable-keyboard-controls');
    expect(ok, all).toBe(true);
  });
  afterAll(() => world.close());

  it("every scan is decided, every label finds its scan, and the weights are those of the bag's replay", async () => {
    const labels = of('/label').length;
    expect(labels).toBeGreaterThan(3);
    const { message } = await world.peer.call('std_srvs/srv/Trigger', '/topspark/save_checkpoint');
    const settings = agentSettings(offlineParameters({ set: ['sensors:=[scan]'] }, '/topspark', parameterTable));
    const replay = new Replay({ settings, topics: bagTopics([sensorKind('scan')], '/', []), mode: 'FULL', rate: 0 });
    const bag = await BagReader.open(path);
    const { weightsHash, labelled } = await replay.run(bag, undefined, () => undefined);
    bag.close();
    expect(labelled).toBe(labels);
    expect(message).toContain(weightsHash);
  });

  it('the status comes once a second of bag time, and is stamped with it', async () => {
    const first = of('/scan')[0]?.header.stamp.sec ?? NaN;
    const statuses = await world.peer.messages<Stamped>('status', 0);
    const times = statuses.map(({ header: { stamp } }) => stamp.sec - first + stamp.nanosec / 1e9);
    const begin = times.findLastIndex((time, index) => index === 0 || time < times[index - 1]);
    const steps = times.slice(begin + 1).map((time, index) => time - times[begin + index]);
    expect(steps.length).toBeGreaterThanOrEqual(seconds - 4);
    for (const step of steps) expect(Math.round(step), times.join(' ')).toBe(1);
    expect(times.at(-1)).toBeLessThanOrEqual(seconds + 1);
  });
});

describe.skipIf(!hasTool('bag', 'record'))('ros2 bag record, as in the tutorial', () => {
  let world: World;
  let record: ChildProcess | undefined;

  beforeAll(async () => {
    world = await World.open();
  });
  afterAll(async () => {
    record?.kill('SIGKILL');
    await world.close();
  });

  it('writes a bag that the replay reads', async () => {
    const tutorial = readFileSync(new URL('../../docs/tutorial.md', import.meta.url), 'utf8');
    const [, command] = /^ros2 (bag record .*)$/m.exec(tutorial) ?? [];
    record = spawn('ros2', command.split(' '), { cwd: world.folder, env: world.environment, stdio: 'ignore' });
    const ended = new Promise((resolve) => record?.on('exit', resolve));
    const scan = (sec: number): Fields => ({ header: { stamp: { sec, nanosec: 5 } }, ranges: [1, 2, Infinity] });
    const label = (sec: number): Fields => ({ header: { stamp: { sec, nanosec: 5 } }, label: 'hall' });
    for (let sec = 1000; sec < 1010; sec++) {
      await world.peer.publish('sensor_msgs/msg/LaserScan', '/scan', [scan(sec)]);
      await world.peer.publish('topspark_msgs/msg/Label', '/label', [label(sec)]);
    }
    record.kill('SIGINT');
    await ended;
    const messages = await messagesOf(join(world.folder, 'drive/drive_0.mcap'));
    const decoder = new MessageDecoder();
    const read = messages.map((message) => (decoder.decode(message) as Stamped).header.stamp.sec);
    expect(read.sort()).toEqual(Array.from({ length: 20 }, (_, index) => 1000 + Math.floor(index / 2)));
  });
});
